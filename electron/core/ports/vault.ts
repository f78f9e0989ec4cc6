import type { CredentialRef } from '../../contract/connection-settings.ts';

/**
 * Where kept secrets live: the desktop's keyring, Electron's safeStorage, or a file encrypted under a passphrase.
 * All methods may reject with `vault.locked` (a passphrase is needed first), `vault.unavailable` or `profile.not-writable`.
 */
export interface SecretVault {
  readonly state: 'keyring' | 'file-locked' | 'file-unlocked' | 'file-new';
  put(ref: CredentialRef, secret: string): Promise<void>;
  /** Undefined when there is no such secret. */
  get(ref: CredentialRef): Promise<string | undefined>;
  remove(ref: CredentialRef): Promise<void>;
  /** File vaults only: opens it, or creates it when new. Rejects with `vault.wrong-passphrase`. */
  unlock(passphrase: string): Promise<void>;
}
