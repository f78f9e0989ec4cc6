import { AppError } from '../../../contract/errors.ts';
import type { Prompter, PromptReply } from '../../../core/ports/prompter.ts';
import { toApiError, errorText } from '../api-error.ts';
import { answerChallenge, requestTicket } from '../commands/sign-in.ts';
import { describe, toRequest, type PveCommand } from '../commands/request.ts';
import type { Failover } from '../endpoints/failover.ts';
import { parseTicketAnswer, type PveTicket, type TfaChallenge } from '../parse/sign-in.ts';
import { parseEnvelope } from '../parse/unintelligible.ts';

/** PVE locks an account's second factor after a number of failures; a person gets this many tries before we stop asking. */
const maxAttempts = 3;

export interface PasswordSignIn {
  readonly failover: Failover;
  readonly prompter: Prompter;
  /** `user@realm`. */
  readonly account: string;
  /** `openid` and so on, when the server named the realm. */
  readonly realmType: string | undefined;
  /** The kept password; undefined asks the user. */
  readonly password: string | undefined;
}

export interface SignedIn {
  readonly ticket: PveTicket;
  /** What was accepted, for a later sign-in in the same session. */
  readonly password: string;
}

/**
 * Signs in with password and, when asked for, one second factor. A kept password is tried once; a typed one may be
 * corrected. A wrong code asks for another one and is never sent again by itself.
 * Rejects with `auth.rejected`, `auth.challenge-unanswered`, `auth.method-unsupported` or what {@link Failover.send} does.
 */
export async function signInWithPassword(options: PasswordSignIn, signal: AbortSignal): Promise<SignedIn> {
  const { account, realmType } = options;
  if (realmType === 'openid') {
    throw new AppError('auth.method-unsupported', `${account}: the realm signs in through a browser`, {
      method: 'oidc',
      realm: account.slice(account.lastIndexOf('@') + 1),
    });
  }
  for (let attempt = 1; ; attempt += 1) {
    const password = options.password ?? (await askPassword(options, attempt > 1, signal));
    const answer = await tryTicket(options, requestTicket(account, password), signal);
    if (typeof answer === 'string') {
      if (options.password === undefined && attempt < maxAttempts) continue;
      throw rejected('password', account, answer);
    }
    if ('challenge' in answer) return { ticket: await answerTfa(options, answer, signal), password };
    return { ticket: answer, password };
  }
}

/** Exchanges a ticket that still holds for a new one. The server's words when it does not hold any more. */
export function renewTicket(
  options: Pick<PasswordSignIn, 'failover' | 'account'>,
  ticket: string,
  signal: AbortSignal,
): Promise<PveTicket | TfaChallenge | string> {
  return tryTicket(options, requestTicket(options.account, ticket), signal);
}

async function answerTfa(options: PasswordSignIn, challenge: TfaChallenge, signal: AbortSignal): Promise<PveTicket> {
  const { account } = options;
  const [only] = challenge.unsupported;
  if (challenge.kinds.length === 0) {
    if (only === undefined) throw rejected('tfa', account, 'no second factor is left');
    throw new AppError('auth.method-unsupported', `${account}: only ${challenge.unsupported.join(', ')}`, {
      method: only,
      realm: account.slice(account.lastIndexOf('@') + 1),
    });
  }
  for (let attempt = 1; ; attempt += 1) {
    const reply = await askCode(options, challenge, attempt > 1, signal);
    // The challenge may be answered again after a wrong code (recorded on 8.4.1 to 9.2.11).
    const command = answerChallenge(account, challenge.challenge, reply.kind, reply.code);
    const answer = await tryTicket(options, command, signal);
    if (typeof answer === 'string') {
      if (attempt < maxAttempts && !/lock/i.test(answer)) continue;
      throw rejected('tfa', account, answer);
    }
    if ('challenge' in answer) throw rejected('tfa', account, 'the server asks for one more factor');
    return answer;
  }
}

/** The parsed answer, or the server's words when it said 401. */
async function tryTicket(
  { failover }: Pick<PasswordSignIn, 'failover'>,
  command: PveCommand,
  signal: AbortSignal,
): Promise<PveTicket | TfaChallenge | string> {
  const response = await failover.send(toRequest(command, {}), signal);
  if (response.status === 401) return errorText(response) || 'authentication failure';
  if (response.status !== 200) throw toApiError(command, response);
  return parseTicketAnswer(parseTicketEnvelope(response.body, command), describe(command));
}

/** An answer that is cut off may hold a ticket: its excerpt is never shown. */
function parseTicketEnvelope(body: string, command: PveCommand): unknown {
  try {
    return parseEnvelope(body, describe(command));
  } catch {
    return undefined;
  }
}

async function askPassword(options: PasswordSignIn, again: boolean, signal: AbortSignal): Promise<string> {
  const reply = await options.prompter.ask({ type: 'password', account: options.account, again }, signal);
  return firstSecret(reply, ['password']);
}

async function askCode(
  options: PasswordSignIn,
  challenge: TfaChallenge,
  again: boolean,
  signal: AbortSignal,
): Promise<{ readonly kind: string; readonly code: string }> {
  const kinds = [...challenge.kinds];
  const recoveryKeysLeft = [...challenge.recoveryKeysLeft];
  const question = { type: 'tfa', account: options.account, kinds, recoveryKeysLeft, again } as const;
  const reply = await options.prompter.ask(question, signal);
  const code = firstSecret(reply, kinds).trim();
  const chosen = reply.type === 'secrets' ? reply.tfaKind : undefined;
  return { kind: chosen ?? kinds[0] ?? 'totp', code };
}

function firstSecret(reply: PromptReply, kinds: readonly string[]): string {
  const secret = reply.type === 'secrets' ? reply.secrets[0] : undefined;
  if (secret === undefined || secret === '') {
    throw new AppError('auth.challenge-unanswered', 'nobody answered', { kinds: [...kinds] });
  }
  return secret;
}

function rejected(method: 'password' | 'tfa', account: string, text: string): AppError {
  return new AppError('auth.rejected', `${account}: ${text}`, { method, text });
}
