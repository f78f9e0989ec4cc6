import { createHash } from 'node:crypto';
import type { SimFactor, SimUser } from '../state/access.ts';
import type { Json, JsonObject } from '../json.ts';
import { isTotpCode } from './totp.ts';

/** Wrong one-time codes in a row after which an account's TOTP is locked; a recovery key unlocks it. */
const maximumWrongCodes = 8;

/** Whether TOTP of this account is locked. */
export function isTotpLocked(user: SimUser): boolean {
  return user.wrongCodes >= maximumWrongCodes;
}

/** The challenge as JSON, with the kinds of factor that the account has; recovery lists the numbers of unused keys. */
export function challengeOf(user: SimUser, nodeName: string): string {
  const challenge: Record<string, Json> = {};
  for (const factor of user.factors) challenge[factor.type] = describe(factor, nodeName, user);
  if (isTotpLocked(user)) delete challenge['totp'];
  return JSON.stringify(challenge);
}

/** Checks `totp:123456`, `recovery:KEY`, `yubico:OTP`; uses a recovery key up. WebAuthn answers are never right here. */
export function answersChallenge(user: SimUser, response: string, atSeconds: number): boolean {
  const cut = response.indexOf(':');
  const kind = response.slice(0, Math.max(0, cut));
  const value = response.slice(cut + 1);
  if (kind === 'totp') return answersTotp(user, value, atSeconds);
  if (kind === 'recovery') return usesRecoveryKey(user, value);
  return user.factors.some(
    (factor) => kind === 'yubico' && factor.type === 'yubico' && isYubicoCode(factor.publicId, value),
  );
}

function answersTotp(user: SimUser, code: string, atSeconds: number): boolean {
  if (isTotpLocked(user)) return false;
  const right = user.factors.some((factor) => factor.type === 'totp' && isTotpCode(factor.secret, code, atSeconds));
  user.wrongCodes = right ? 0 : user.wrongCodes + 1;
  return right;
}

function usesRecoveryKey(user: SimUser, key: string): boolean {
  for (const factor of user.factors) {
    if (factor.type !== 'recovery') continue;
    const index = factor.keys.indexOf(key);
    if (index < 0) continue;
    factor.keys[index] = null;
    user.wrongCodes = 0;
    return true;
  }
  return false;
}

/** Stands for Yubico's validation service: any 44 letters of the key's alphabet that begin with its public id. */
function isYubicoCode(publicId: string, code: string): boolean {
  return /^[cbdefghijklnrtuv]{44}$/.test(code) && code.startsWith(publicId);
}

function describe(factor: SimFactor, nodeName: string, user: SimUser): Json {
  if (factor.type === 'recovery') return factor.keys.flatMap((key, index) => (key === null ? [] : [index]));
  if (factor.type === 'webauthn') return webauthnRequest(nodeName, user);
  return true;
}

function webauthnRequest(nodeName: string, user: SimUser): JsonObject {
  const digest = createHash('sha256').update(user.id).digest();
  return {
    publicKey: {
      challenge: digest.toString('base64url'),
      allowCredentials: [{ type: 'public-key', id: digest.subarray(0, 16).toString('base64url') }],
      rpId: nodeName,
      timeout: 60_000,
      userVerification: 'discouraged',
    },
  };
}
