import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import type { SecretCipher } from './secret-file.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);

/**
 * How the key comes from the passphrase. Bounds on what a file may ask for: below, guessing is cheap; above, a forged file
 * would take gigabytes.
 */
export const passphraseHeaderSchema = z.object({
  cipher: z.literal('aes-256-gcm'),
  kdf: z.literal('scrypt'),
  costN: z
    .number()
    .int()
    .min(2 ** 14)
    .max(2 ** 20),
  blockSizeR: z.number().int().min(8).max(16),
  parallelP: z.number().int().min(1).max(4),
  salt: base64,
  /** A known text sealed under the key: tells a wrong passphrase from a damaged entry. */
  check: z.string(),
});
export type PassphraseHeader = z.infer<typeof passphraseHeaderSchema>;

const checkText = 'wheelhouse';
const checkContext = 'passphrase-check';
const keyBytes = 32;
const saltBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** A cipher and the header under which its texts open again. */
export interface OpenedPassphrase {
  readonly header: PassphraseHeader;
  readonly cipher: SecretCipher;
}

/**
 * A key from a new passphrase, with a fresh salt. scrypt with N = 2^17, r = 8, p = 1: 128 MiB and about a second, what
 * OWASP recommends for scrypt. Runs in the thread pool.
 */
export async function newPassphrase(passphrase: string, costN = 2 ** 17): Promise<OpenedPassphrase> {
  const header = {
    cipher: 'aes-256-gcm',
    kdf: 'scrypt',
    costN,
    blockSizeR: 8,
    parallelP: 1,
    salt: randomBytes(saltBytes).toString('base64'),
  } as const;
  const cipher = cipherOf(await deriveKey(passphrase, header), header);
  return { header: { ...header, check: await cipher.seal(checkText, checkContext) }, cipher };
}

/** The key to an existing header; `undefined` when the passphrase is another one. */
export async function openPassphrase(
  passphrase: string,
  header: PassphraseHeader,
): Promise<OpenedPassphrase | undefined> {
  const cipher = cipherOf(await deriveKey(passphrase, header), header);
  try {
    return (await cipher.open(header.check, checkContext)) === checkText ? { header, cipher } : undefined;
  } catch {
    return undefined;
  }
}

type KeyHeader = Omit<PassphraseHeader, 'check'>;

function deriveKey(passphrase: string, { costN, blockSizeR, parallelP, salt }: KeyHeader): Promise<Buffer> {
  const options = { N: costN, r: blockSizeR, p: parallelP, maxmem: 128 * costN * blockSizeR * parallelP + 2 ** 25 };
  return new Promise((resolve, reject) => {
    // One passphrase can be typed as several sequences of code points, depending on the keyboard.
    scrypt(passphrase.normalize('NFC'), Buffer.from(salt, 'base64'), keyBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Each text is `base64(nonce, ciphertext, tag)`; header and context are authenticated with it. */
function cipherOf(key: Buffer, header: KeyHeader): SecretCipher {
  const associated = (context: string): Buffer =>
    Buffer.from(
      JSON.stringify([
        'wheelhouse-vault',
        1,
        header.cipher,
        header.kdf,
        header.costN,
        header.blockSizeR,
        header.parallelP,
        header.salt,
        context,
      ]),
    );
  return {
    seal: (secret, context) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated(context));
      const sealed = [nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()];
      return Promise.resolve(Buffer.concat(sealed).toString('base64'));
    },
    open: async (text, context) => {
      const sealed = Buffer.from(text, 'base64');
      if (sealed.length < nonceBytes + tagBytes) throw new Error('sealed text too short');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(associated(context))
        .setAuthTag(sealed.subarray(-tagBytes));
      const opened = [decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()];
      return Promise.resolve(Buffer.concat(opened).toString('utf8'));
    },
  };
}
