import { createHash } from 'node:crypto';
import type { KnownHostEntry } from './known-hosts.ts';

/** A host key as the server presents it. */
export interface PresentedHostKey {
  /** e.g. `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`. */
  readonly algorithm: string;
  /** `SHA256:<base64 without padding>`, as OpenSSH prints it. */
  readonly fingerprint: string;
  readonly blob: Buffer;
}

/** Reads a key blob of the SSH wire format (RFC 4253, 6.6). An empty algorithm means that the blob is malformed. */
export function describeHostKey(blob: Buffer): PresentedHostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  const algorithm = length <= 64 && blob.length >= 4 + length ? blob.toString('latin1', 4, 4 + length) : '';
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { algorithm, fingerprint: `SHA256:${digest}`, blob };
}

/** The form in which a host key is pinned in the settings: `<algorithm> SHA256:<base64>`. */
export function toPin(key: Pick<PresentedHostKey, 'algorithm' | 'fingerprint'>): string {
  return `${key.algorithm} ${key.fingerprint}`;
}

export type HostKeyJudgement =
  | { readonly verdict: 'trusted'; readonly because: 'pin' | 'known-hosts' }
  | { readonly verdict: 'unknown' }
  /** `expected` in words for the user: pins, or what known_hosts says. */
  | { readonly verdict: 'changed'; readonly expected: string };

/**
 * Decides whether a presented key is the host's. Pins of the settings come first and are final: known_hosts cannot vouch
 * for a key that differs from a pin. A key of another algorithm than the known ones counts as changed, because the
 * handshake asks for the known algorithms first, so an honest server would have presented one of them.
 */
export function judgeHostKey(
  presented: PresentedHostKey,
  pins: readonly string[],
  known: readonly KnownHostEntry[],
): HostKeyJudgement {
  const isPresented = (entry: KnownHostEntry) => entry.blob.equals(presented.blob);
  if (known.some((entry) => entry.isRevoked && isPresented(entry))) {
    return { verdict: 'changed', expected: 'revoked in known_hosts' };
  }
  if (pins.length > 0) {
    const isPinned = pins.some((pin) => pin === toPin(presented) || pin === presented.fingerprint);
    return isPinned ? { verdict: 'trusted', because: 'pin' } : { verdict: 'changed', expected: pins.join(', ') };
  }
  const valid = known.filter((entry) => !entry.isRevoked);
  if (valid.length === 0) return { verdict: 'unknown' };
  if (valid.some(isPresented)) return { verdict: 'trusted', because: 'known-hosts' };
  return { verdict: 'changed', expected: valid.map((entry) => toPin(describeHostKey(entry.blob))).join(', ') };
}

/** Newest first; ssh-rsa here stands for the key, the signature is rsa-sha2. */
const algorithmOrder = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
export type HostKeyAlgorithm = (typeof algorithmOrder)[number];

/** The algorithms to ask for, those first of which a key is known, as OpenSSH does; else a second key would look changed. */
export function orderHostKeyAlgorithms(
  pins: readonly string[],
  known: readonly KnownHostEntry[],
): readonly HostKeyAlgorithm[] {
  const names = new Set([
    ...pins.map((pin) => pin.split(' ')[0] ?? ''),
    ...known.filter((entry) => !entry.isRevoked).map((entry) => describeHostKey(entry.blob).algorithm),
  ]);
  const isKnown = (name: string) => names.has(name) || (name.startsWith('rsa-') && names.has('ssh-rsa'));
  return [...algorithmOrder.filter(isKnown), ...algorithmOrder.filter((name) => !isKnown(name))];
}
