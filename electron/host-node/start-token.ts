import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token: 32 random bytes in base64url. Lives as long as the process and is written nowhere. */
export function createStartToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that tells nothing about the token, not even its length. */
export function isSameToken(expected: string, given: string): boolean {
  return timingSafeEqual(digest(expected), digest(given));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
