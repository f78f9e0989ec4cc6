import { ApiError } from '../api/errors.ts';
import type { JsonObject } from '../json.ts';
import type { SimUser } from '../state/access.ts';
import { nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import { isActive, refusalDelayMs } from './authenticate.ts';
import { Rights } from './rights.ts';
import { answersChallenge, challengeOf } from './second-factor.ts';
import { isChallengeOf, issueChallenge, issueCsrfToken, issueTicket, userOfTicket } from './tickets.ts';

/** What `POST /access/ticket` is given. */
export interface SignInRequest {
  readonly username: string;
  readonly password: string;
  readonly realm?: string | undefined;
  readonly otp?: string | undefined;
  readonly challenge?: string | undefined;
}

/**
 * One step of a sign-in, as recorded on all three releases: a ticket, or `NeedTFA` with a challenge instead of one.
 * Refuses with 401 `authentication failure`, late, and (unlike other 401s) with a JSON body.
 */
export function signIn(state: ClusterState, request: SignInRequest, nodeName: string): JsonObject {
  const userId = request.realm === undefined ? request.username : `${request.username}@${request.realm}`;
  const user = state.users.get(userId);
  if (!user || !isActive(state, user)) throw failure();
  if (request.challenge !== undefined) return secondStep(state, user, request, request.challenge);
  if (isRenewal(state, user, request.password)) return fullTicket(state, user);
  if (request.password !== user.password || user.password === '') throw failure();
  if (user.factors.length === 0) return fullTicket(state, user);
  if (request.otp !== undefined) {
    if (!answersChallenge(user, request.otp, nowSeconds(state))) throw failure();
    return fullTicket(state, user);
  }
  return halfTicket(state, user, nodeName);
}

function secondStep(state: ClusterState, user: SimUser, request: SignInRequest, challenge: string): JsonObject {
  if (request.otp !== undefined || !isChallengeOf(state, challenge, user.id)) throw failure();
  if (!answersChallenge(user, request.password, nowSeconds(state))) throw failure();
  return fullTicket(state, user);
}

/** A ticket as the password renews it; recorded: a ticket of root@pam is the password of everybody. */
function isRenewal(state: ClusterState, user: SimUser, password: string): boolean {
  if (!password.startsWith('PVE:')) return false;
  const owner = userOfTicket(state, password);
  return owner === user.id || owner === 'root@pam';
}

function halfTicket(state: ClusterState, user: SimUser, nodeName: string): JsonObject {
  return {
    username: user.id,
    NeedTFA: 1,
    ticket: issueChallenge(state, user.id, challengeOf(user, nodeName)),
    CSRFPreventionToken: issueCsrfToken(state, user.id),
  };
}

function fullTicket(state: ClusterState, user: SimUser): JsonObject {
  const rights = new Rights(state, { user: user.id });
  return {
    username: user.id,
    ticket: issueTicket(state, user.id),
    CSRFPreventionToken: issueCsrfToken(state, user.id),
    cap: capabilities(state, rights),
    ...(rights.has('/', 'Sys.Audit') ? { clustername: state.name } : {}),
  };
}

const capabilityGroups: readonly (readonly [string, string, RegExp])[] = [
  ['vms', '/vms', /^(VM\.|Permissions\.Modify$)/],
  ['storage', '/storage', /^(Datastore\.|Permissions\.Modify$)/],
  ['access', '/access', /^((User|Group)\.|Permissions\.Modify$)/],
  ['nodes', '/nodes', /^(Sys\.|Permissions\.Modify$)/],
  ['dc', '/', /^(Sys\.(Audit|Modify)$|SDN\.)/],
  ['sdn', '/sdn', /^(SDN\.|Permissions\.Modify$)/],
  ['mapping', '/mapping', /^(Mapping\.|Permissions\.Modify$)/],
];

/** The coarse digest of rights in a sign-in's answer: what the account holds on a path or anywhere below it. */
function capabilities(state: ClusterState, rights: Rights): JsonObject {
  const digest: Record<string, Record<string, number>> = {};
  for (const [group, path, pattern] of capabilityGroups) {
    const below = state.grants.map((grant) => grant.path).filter((granted) => granted.startsWith(path) && path !== '/');
    const pools = group === 'vms' ? state.grants.map((grant) => grant.path).filter((p) => p.startsWith('/pool')) : [];
    const held: Record<string, number> = {};
    for (const place of [path, ...below, ...pools]) {
      for (const privilege of rights.on(place).keys()) if (pattern.test(privilege)) held[privilege] = 1;
    }
    digest[group] = held;
  }
  return digest;
}

function failure(): ApiError {
  return new ApiError(401, 'authentication failure', { delayMs: refusalDelayMs });
}
