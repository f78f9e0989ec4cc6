import { AsyncEntry, type EntryOptions } from '@napi-rs/keyring';
import type { CredentialRef } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import type { SecretVault } from '../../core/ports/vault.ts';

const serviceName = 'wheelhouse';
/** Asked for in the probe and never written. */
const probeName = 'probe';
/** A keyring that is locked asks its user; one that does not answer at all must not hold up the start. */
const probeTimeoutMs = 2000;
/** Without this the library falls back to the kernel's keyring, which forgets everything when the session ends. */
const entryOptions: EntryOptions = { linux: { store: 'secret-service' } };

/** The desktop's keyring: Secret Service, the macOS keychain, or the Windows credential manager. One entry for each secret. */
export class KeyringVault implements SecretVault {
  readonly state = 'keyring';

  async put(ref: CredentialRef, secret: string): Promise<void> {
    await available(() => entryOf(ref).setPassword(secret));
  }

  async get(ref: CredentialRef): Promise<string | undefined> {
    return (await available(() => entryOf(ref).getPassword())) ?? undefined;
  }

  async remove(ref: CredentialRef): Promise<void> {
    await available(() => entryOf(ref).deletePassword());
  }

  unlock(): Promise<void> {
    return Promise.resolve();
  }
}

/** Whether a keyring answers here. Never rejects. */
export async function hasKeyring(): Promise<boolean> {
  try {
    await new AsyncEntry(serviceName, probeName, entryOptions).getPassword(AbortSignal.timeout(probeTimeoutMs));
    return true;
  } catch {
    return false;
  }
}

function entryOf(ref: CredentialRef): AsyncEntry {
  return new AsyncEntry(serviceName, ref, entryOptions);
}

async function available<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new AppError('vault.unavailable', `the keyring refused: ${cause}`, { cause }, { cause: error });
  }
}
