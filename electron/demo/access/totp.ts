import { createHmac } from 'node:crypto';

const periodSeconds = 30;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The six-digit code of RFC 6238 (SHA-1, 30 s) for a base32 secret at a moment in epoch seconds. */
export function totpCode(secret: string, atSeconds: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atSeconds / periodSeconds)));
  const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0x0f;
  const code = (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
  return code.toString().padStart(6, '0');
}

/** Accepts the present code and its neighbours: recorded on PVE 9.1.9, the code of the previous period still works. */
export function isTotpCode(secret: string, code: string, atSeconds: number): boolean {
  return [-periodSeconds, 0, periodSeconds].some((shift) => totpCode(secret, atSeconds + shift) === code);
}

function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text.toUpperCase().replaceAll('=', '')) {
    const index = alphabet.indexOf(letter);
    if (index < 0) throw new Error('Not a base32 secret');
    value = (value << 5) | index;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
      value &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}
