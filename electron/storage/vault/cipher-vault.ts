import { join } from 'node:path';
import { z } from 'zod';
import type { CredentialRef } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import type { SecretVault } from '../../core/ports/vault.ts';
import { SecretFile, withoutEntry, type SecretCipher } from './secret-file.ts';

const headerSchema = z.object({ cipher: z.string() });
type Header = z.infer<typeof headerSchema>;

export interface CipherVaultOptions {
  readonly profilePath: string;
  /** Names the cipher and its file, e.g. `safe-storage`: secrets sealed by another one are not tried. */
  readonly cipherName: string;
  readonly cipher: SecretCipher;
  /** Told when the file was unreadable and has been kept aside (`profile.corrupt`). */
  readonly onProblem: (error: AppError) => void;
}

/** A vault whose key is kept by the desktop, so that it is never locked to us: Electron's safeStorage over a file. */
export class CipherVault implements SecretVault {
  readonly state = 'keyring';
  readonly #file: SecretFile<Header>;
  readonly #cipher: SecretCipher;
  readonly #cipherName: string;

  constructor({ profilePath, cipherName, cipher, onProblem }: CipherVaultOptions) {
    const file = {
      path: join(profilePath, `vault-${cipherName}.json`),
      lockPath: join(profilePath, 'files.lock'),
      isWritable: true,
      now: () => Date.now(),
      onProblem,
    };
    this.#file = new SecretFile(file, headerSchema);
    this.#cipher = cipher;
    this.#cipherName = cipherName;
  }

  async put(ref: CredentialRef, secret: string): Promise<void> {
    const sealed = await this.#cipher.seal(secret, ref);
    await this.#file.update((content) => ({
      ...content,
      header: { cipher: this.#cipherName },
      entries: { ...content.entries, [ref]: sealed },
    }));
  }

  async get(ref: CredentialRef): Promise<string | undefined> {
    const { header, entries } = await this.#file.read();
    const sealed = entries[ref];
    if (sealed === undefined) return undefined;
    if (header?.cipher !== this.#cipherName) throw unavailable(`sealed by ${header?.cipher ?? 'nobody known'}`);
    try {
      return await this.#cipher.open(sealed, ref);
    } catch {
      throw unavailable('an entry does not open; the desktop may have a new key');
    }
  }

  async remove(ref: CredentialRef): Promise<void> {
    const { entries } = await this.#file.read();
    if (entries[ref] === undefined) return;
    await this.#file.update((content) => ({ ...content, entries: withoutEntry(content.entries, ref) }));
  }

  unlock(): Promise<void> {
    return Promise.resolve();
  }
}

function unavailable(cause: string): AppError<'vault.unavailable'> {
  return new AppError('vault.unavailable', `vault not available: ${cause}`, { cause });
}
