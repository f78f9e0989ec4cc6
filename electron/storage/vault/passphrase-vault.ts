import { isDeepStrictEqual } from 'node:util';
import type { CredentialRef } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import type { SecretVault } from '../../core/ports/vault.ts';
import type { JsonFileOptions } from '../files/json-file.ts';
import {
  newPassphrase,
  openPassphrase,
  passphraseHeaderSchema,
  type OpenedPassphrase,
  type PassphraseHeader,
} from './passphrase-cipher.ts';
import { SecretFile, withoutEntry, type SecretFileContent } from './secret-file.ts';

type Content = SecretFileContent<PassphraseHeader>;

export interface PassphraseVaultOptions extends Omit<JsonFileOptions<Content>, 'empty' | 'parse'> {
  /** scrypt's N for new passphrases, instead of the usual one. Tests take a cheap one. */
  readonly costN?: number;
}

/**
 * `vault.json`: secrets under a passphrase, for machines without a keyring. The key stays in memory until the process ends.
 * Several processes may use the file; when one changes the passphrase, the others are locked again.
 */
export class PassphraseVault implements SecretVault {
  readonly #file: SecretFile<PassphraseHeader>;
  #opened: OpenedPassphrase | undefined;
  #isNew: boolean;
  readonly #costN: number | undefined;

  private constructor(file: SecretFile<PassphraseHeader>, isNew: boolean, costN: number | undefined) {
    this.#file = file;
    this.#isNew = isNew;
    this.#costN = costN;
  }

  static async open({ costN, ...options }: PassphraseVaultOptions): Promise<PassphraseVault> {
    const file = new SecretFile(options, passphraseHeaderSchema);
    const { header } = await file.read();
    return new PassphraseVault(file, header === undefined, costN);
  }

  get state(): 'file-locked' | 'file-unlocked' | 'file-new' {
    if (this.#opened !== undefined) return 'file-unlocked';
    return this.#isNew ? 'file-new' : 'file-locked';
  }

  async put(ref: CredentialRef, secret: string): Promise<void> {
    await this.#update(async (content, { cipher }) => ({
      ...content,
      entries: { ...content.entries, [ref]: await cipher.seal(secret, ref) },
    }));
  }

  async get(ref: CredentialRef): Promise<string | undefined> {
    const content = await this.#file.read();
    const sealed = content.entries[ref];
    if (sealed === undefined) return undefined;
    const { cipher } = this.#openedFor(content);
    try {
      return await cipher.open(sealed, ref);
    } catch (error) {
      const cause = 'an entry has been changed';
      throw new AppError('vault.unavailable', `vault entry ${ref} does not open`, { cause }, { cause: error });
    }
  }

  /** Needs no passphrase: whoever can write the file can remove from it. */
  async remove(ref: CredentialRef): Promise<void> {
    const { entries } = await this.#file.read();
    if (entries[ref] === undefined) return;
    await this.#file.update((content) => ({ ...content, entries: withoutEntry(content.entries, ref) }));
  }

  async unlock(passphrase: string): Promise<void> {
    const { header } = await this.#file.read();
    if (header === undefined) {
      await this.#create(passphrase);
      return;
    }
    this.#isNew = false;
    this.#opened = await mustOpen(passphrase, header);
  }

  /** Seals everything anew. Rejects with `vault.wrong-passphrase` when `before` is not the present one. */
  async changePassphrase(before: string, after: string): Promise<void> {
    const { header } = await this.#file.read();
    if (header === undefined) throw locked();
    const [opened, next] = await Promise.all([mustOpen(before, header), newPassphrase(after, this.#costN)]);
    await this.#file.update(async (content) => {
      if (!isDeepStrictEqual(content.header, opened.header)) throw locked();
      const entries = await Promise.all(
        Object.entries(content.entries).map(async ([ref, sealed]) => {
          const secret = await opened.cipher.open(sealed, ref);
          return [ref, await next.cipher.seal(secret, ref)] as const;
        }),
      );
      return { ...content, header: next.header, entries: Object.fromEntries(entries) };
    });
    this.#opened = next;
  }

  async #create(passphrase: string): Promise<void> {
    const opened = await newPassphrase(passphrase, this.#costN);
    const { header } = await this.#file.update((content) =>
      // Another process may have created it while our key was being made: then its passphrase counts.
      content.header === undefined ? { ...content, header: opened.header } : content,
    );
    this.#isNew = false;
    this.#opened =
      isDeepStrictEqual(header, opened.header) || header === undefined ? opened : await mustOpen(passphrase, header);
  }

  async #update(change: (content: Content, opened: OpenedPassphrase) => Promise<Content>): Promise<void> {
    // Before the lock is taken, so that a locked vault says so even where nothing can be written.
    this.#openedFor(await this.#file.read());
    await this.#file.update((content) => change(content, this.#openedFor(content)));
  }

  #openedFor({ header }: Content): OpenedPassphrase {
    if (this.#opened === undefined || !isDeepStrictEqual(header, this.#opened.header)) {
      this.#opened = undefined;
      this.#isNew = header === undefined;
      throw locked();
    }
    return this.#opened;
  }
}

async function mustOpen(passphrase: string, header: PassphraseHeader): Promise<OpenedPassphrase> {
  const opened = await openPassphrase(passphrase, header);
  if (opened === undefined) throw new AppError('vault.wrong-passphrase', 'wrong passphrase', {});
  return opened;
}

function locked(): AppError<'vault.locked'> {
  return new AppError('vault.locked', 'the vault is locked', {});
}
