/** Unpredictable bytes from the platform's cryptographic source; ids and credential references are made of them. */
export type RandomSource = (byteCount: number) => Uint8Array;

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Lower-case letters and digits, 5 bits of randomness in each. */
export function randomText(random: RandomSource, length: number): string {
  return Array.from(random(length), (byte) => alphabet.charAt(byte & 31)).join('');
}
