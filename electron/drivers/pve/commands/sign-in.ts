import type { PveCommand } from './request.ts';

/** A wrong answer takes 3 s, and a directory server behind the realm may be slow on top of it. */
const signInTimeoutMs = 30_000;

/** First step, and also the renewal: a ticket is accepted as the password (`account` is `user@realm`). */
export const requestTicket = (account: string, password: string): PveCommand => ({
  method: 'POST',
  path: '/access/ticket',
  form: [
    ['username', account],
    ['password', password],
  ],
  timeoutMs: signInTimeoutMs,
});

/** Second step: the answer to the challenge, prefixed with its kind. */
export const answerChallenge = (account: string, challenge: string, kind: string, code: string): PveCommand => ({
  method: 'POST',
  path: '/access/ticket',
  form: [
    ['username', account],
    ['tfa-challenge', challenge],
    ['password', `${kind}:${code}`],
  ],
  timeoutMs: signInTimeoutMs,
});
