export { defaultProfilePath } from './default-profile-path.ts';
export { openProfile, type Profile, type ProfileOptions } from './profile.ts';
export { CipherVault, type CipherVaultOptions } from './vault/cipher-vault.ts';
export { PassphraseVault } from './vault/passphrase-vault.ts';
export type { SecretCipher } from './vault/secret-file.ts';
