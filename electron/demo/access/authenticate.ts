import { ApiError } from '../api/errors.ts';
import { nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import type { SimToken, SimUser } from '../state/access.ts';
import type { Caller } from './rights.ts';
import { isCsrfToken, userOfTicket } from './tickets.ts';

/** What of a request decides who asks. */
export interface Credentials {
  readonly method: string;
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
  readonly csrfToken?: string | undefined;
}

/** Every refused authentication is answered this late, whatever its cause. */
export const refusalDelayMs = 3000;

/**
 * Finds out who asks, or refuses with 401 as recorded: late, with an empty body, and with a reason that names the cause
 * on 8.4 and is always `Authentication failed!` on 9.x.
 */
export function authenticate(state: ClusterState, credentials: Credentials): Caller {
  const token = /^PVEAPIToken[= ](.*)$/.exec(credentials.authorization ?? '');
  if (token) return callerOfToken(state, token[1] ?? '');
  const ticket = ticketOf(credentials);
  if (ticket === undefined) throw refusal('No ticket');
  const user = userOfTicket(state, ticket);
  if (user === undefined) throw vague(state, 'permission denied - invalid PVE ticket');
  activeUser(state, user);
  if (credentials.method !== 'GET' && !isCsrfToken(state, user, credentials.csrfToken ?? '')) {
    throw refusal('Permission denied - invalid csrf token');
  }
  return { user };
}

/** Whether an account may be used now. */
export function isActive(state: ClusterState, user: SimUser): boolean {
  return user.enabled && (user.expire === 0 || user.expire > nowSeconds(state));
}

/** The ticket in the cookie, percent-encoded or raw, or in the header that takes its place. */
function ticketOf(credentials: Credentials): string | undefined {
  const inCookie = /(?:^|;\s*)PVEAuthCookie=([^;]*)/.exec(credentials.cookie ?? '')?.[1];
  const inHeader = /^PVEAuthCookie=(.*)$/.exec(credentials.authorization ?? '')?.[1];
  const raw = inCookie ?? inHeader;
  if (raw === undefined) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function callerOfToken(state: ClusterState, text: string): Caller {
  const match = /^([^!]+)!([^=]+)=(.*)$/.exec(text);
  if (!match) throw vague(state, 'no tokenid specified');
  const [, userId = '', tokenId = '', secret = ''] = match;
  const user = activeUser(state, userId);
  const token: SimToken | undefined = user.tokens.get(tokenId);
  if (!token) throw vague(state, `no such token '${tokenId}' for user '${userId}'`);
  if (token.expire !== 0 && token.expire <= nowSeconds(state)) throw vague(state, `token '${tokenId}' access expired`);
  if (token.secret !== secret) throw vague(state, 'invalid token value!');
  return { user: userId, tokenId };
}

function activeUser(state: ClusterState, userId: string): SimUser {
  const user = state.users.get(userId);
  if (!user) throw vague(state, `no such user ('${userId}')`);
  if (!user.enabled) throw vague(state, `user '${userId}' is disabled`);
  if (!isActive(state, user)) throw vague(state, `user '${userId}' access expired`);
  return user;
}

function vague(state: ClusterState, reasonOfEight: string): ApiError {
  return refusal(state.release.isNine ? 'Authentication failed!' : reasonOfEight);
}

function refusal(reason: string): ApiError {
  return new ApiError(401, reason, { isBare: true, delayMs: refusalDelayMs });
}
