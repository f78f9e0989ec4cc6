import { createHmac } from 'node:crypto';

/** One key of a known_hosts file. */
export interface KnownHostEntry {
  readonly blob: Buffer;
  /** Marked `@revoked`: never to be trusted again. */
  readonly isRevoked: boolean;
}

/**
 * Reads the entries of a known_hosts text that are for one host, per sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT": plain names,
 * `[host]:port`, patterns with `*`, `?` and `!`, hashed names (`|1|salt|hash`), `@revoked`. Lines marked `@cert-authority`
 * are left out: host certificates are not supported by the SSH library, and taking the authority's key for a host key
 * would be wrong. Lines that cannot be read are left out too, as OpenSSH does.
 */
export function findKnownHosts(text: string, host: string, port: number): readonly KnownHostEntry[] {
  const name = port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
  const entries: KnownHostEntry[] = [];
  for (const line of text.split(/\r?\n/)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === undefined || words[0] === '' || words[0].startsWith('#')) continue;
    const marker = words[0].startsWith('@') ? words.shift() : undefined;
    if (marker !== undefined && marker !== '@revoked') continue;
    const [names, algorithm, key] = words;
    if (names === undefined || algorithm === undefined || key === undefined) continue;
    const blob = Buffer.from(key, 'base64');
    if (!isKeyOf(blob, algorithm) || !matchesHost(names, name)) continue;
    entries.push({ blob, isRevoked: marker === '@revoked' });
  }
  return entries;
}

function isKeyOf(blob: Buffer, algorithm: string): boolean {
  return (
    blob.length > 4 + algorithm.length &&
    blob.readUInt32BE(0) === algorithm.length &&
    blob.toString('latin1', 4, 4 + algorithm.length) === algorithm
  );
}

function matchesHost(names: string, name: string): boolean {
  if (names.startsWith('|')) return matchesHash(names, name);
  let isMatch = false;
  for (const pattern of names.toLowerCase().split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (matchesPattern(pattern, name)) isMatch = true;
  }
  return isMatch;
}

/** `|1|` is HMAC-SHA1 of the name under the salt, both in base64; no other kind exists. */
function matchesHash(hashed: string, name: string): boolean {
  const [, kind, salt, digest] = hashed.split('|');
  if (kind !== '1' || salt === undefined || digest === undefined) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === digest;
}

/** `*` and `?` only. Brackets belong to `[host]:port` and mean themselves. */
function matchesPattern(pattern: string, name: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === name;
  const expression = pattern
    .replace(/\*+/g, '*')
    .split('')
    .map((letter) => (letter === '*' ? '.*' : letter === '?' ? '.' : letter.replace(/[\\^$.|+()[\]{}]/g, '\\$&')))
    .join('');
  return new RegExp(`^${expression}$`).test(name);
}
