import type { AppError } from '../contract/errors.ts';
import type { SecretVault } from '../core/ports/vault.ts';
import { CipherVault, type SecretCipher } from '../storage/index.ts';
import type { ElectronApis } from './electron-apis.ts';

/**
 * Electron's safeStorage as a vault: the desktop keeps the key, the sealed texts lie in the profile.
 * Undefined where safeStorage would protect nothing: not available, or Linux without a keyring, where Electron falls back to a
 * key that is part of its own binary (`basic_text`). Then the file under a passphrase is used instead.
 */
export async function createSafeStorageVault(
  safeStorage: ElectronApis['safeStorage'],
  platform: NodeJS.Platform,
  profilePath: string,
  onProblem: (error: AppError) => void,
): Promise<SecretVault | undefined> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return undefined;
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
    return undefined;
  return new CipherVault({
    profilePath,
    cipherName: 'safe-storage',
    cipher: safeStorageCipher(safeStorage),
    onProblem,
  });
}

/** The context is sealed together with the secret, since safeStorage binds nothing to its texts. */
function safeStorageCipher(safeStorage: ElectronApis['safeStorage']): SecretCipher {
  return {
    async seal(secret, context) {
      const sealed = await safeStorage.encryptStringAsync(JSON.stringify([context, secret]));
      return sealed.toString('base64');
    },
    async open(sealed, context) {
      const { result } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'));
      const [sealedFor, secret] = JSON.parse(result) as [unknown, unknown];
      if (sealedFor !== context || typeof secret !== 'string') throw new Error('sealed for another reference');
      return secret;
    },
  };
}
