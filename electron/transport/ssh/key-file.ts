import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { keyUnreadable } from './sign-in-help.ts';

const { utils } = ssh2;

/** A private key file whose public half is known without its passphrase. */
export interface KeyFile {
  readonly path: string;
  readonly publicKey: ParsedKey;
  readonly isEncrypted: boolean;
  /** Decrypts it. Undefined means that the passphrase is wrong. Throws `auth.key-unreadable` for any other reason. */
  unlock(passphrase: string | undefined): ParsedKey | undefined;
}

/** OpenSSH's own default keys, in its order. */
export const defaultKeyNames = ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const;

/**
 * Opens a key file. The public half comes from the key itself, or from `<path>.pub`, so that a server can be asked
 * whether it wants this key before the user is asked for a passphrase. Rejects with `auth.key-unreadable`.
 */
export async function openKeyFile(path: string): Promise<KeyFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw keyUnreadable(path, (error as NodeJS.ErrnoException).code ?? 'cannot be read');
  }
  const cipher = cipherOf(text);
  if (cipher?.startsWith('chacha20')) {
    // ssh2 1.17 fails on it with "Invalid initialization vector" whatever the passphrase is.
    throw keyUnreadable(
      path,
      `encrypted with ${cipher}, which cannot be read here; re-encrypt it: ssh-keygen -p -Z aes256-ctr -f ${path}`,
    );
  }
  const plain = utils.parseKey(text);
  if (!(plain instanceof Error)) {
    return { path, publicKey: plain, isEncrypted: false, unlock: () => requirePrivate(path, plain) };
  }
  if (!/encrypted/i.test(plain.message)) throw keyUnreadable(path, plain.message);
  const publicKey = publicHalfOf(text) ?? (await readPublicFile(`${path}.pub`));
  if (publicKey === undefined) {
    throw keyUnreadable(path, `an encrypted key of the old format without its public half ${path}.pub`);
  }
  return { path, publicKey, isEncrypted: true, unlock: (passphrase) => decrypt(path, text, passphrase) };
}

function decrypt(path: string, text: string, passphrase: string | undefined): ParsedKey | undefined {
  if (passphrase === undefined) return undefined;
  const key = utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) return requirePrivate(path, key);
  // OpenSSH format: "integrity check failed -- bad passphrase?"; PEM: OpenSSL's "bad decrypt".
  if (/passphrase|bad decrypt|integrity|malformed/i.test(key.message)) return undefined;
  throw keyUnreadable(path, key.message);
}

function requirePrivate(path: string, key: ParsedKey): ParsedKey {
  if (!key.isPrivateKey()) throw keyUnreadable(path, 'this is a public key; the private one is needed');
  return key;
}

async function readPublicFile(path: string): Promise<ParsedKey | undefined> {
  try {
    const key = utils.parseKey(await readFile(path, 'utf8'));
    return key instanceof Error ? undefined : key;
  } catch {
    return undefined;
  }
}

const magic = 'openssh-key-v1\0';

/** The body of a key in OpenSSH's own format (PROTOCOL.key); undefined for PEM and PPK. */
function openSshBody(text: string): Buffer | undefined {
  const match = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text);
  const body = Buffer.from(match?.[1] ?? '', 'base64');
  return body.toString('latin1', 0, magic.length) === magic ? body.subarray(magic.length) : undefined;
}

/** Reads length-prefixed fields; stops early in a truncated body. */
function readFields(body: Buffer, count: number): readonly Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (fields.length < count && at + 4 <= body.length) {
    const length = body.readUInt32BE(at);
    if (at + 4 + length > body.length) break;
    fields.push(body.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

function cipherOf(text: string): string | undefined {
  const body = openSshBody(text);
  return body === undefined ? undefined : readFields(body, 1)[0]?.toString('latin1');
}

/** cipher, kdf name, kdf options, number of keys, public key. */
function publicHalfOf(text: string): ParsedKey | undefined {
  const body = openSshBody(text);
  if (body === undefined) return undefined;
  const head = readFields(body, 3);
  const headLength = head.reduce((sum, field) => sum + 4 + field.length, 0);
  if (head.length < 3 || body.length < headLength + 4) return undefined;
  const blob = readFields(body.subarray(headLength + 4), 1)[0];
  if (blob === undefined) return undefined;
  const type = readFields(blob, 1)[0]?.toString('latin1');
  const key = utils.parseKey(`${type} ${blob.toString('base64')}`);
  return key instanceof Error ? undefined : key;
}
