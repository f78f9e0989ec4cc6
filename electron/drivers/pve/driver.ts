import { AppError } from '../../contract/errors.ts';
import type { Driver, DriverContext } from '../../core/ports/driver.ts';
import { PveApi } from './api.ts';
import { toApiError } from './api-error.ts';
import type { Authentication } from './auth/authentication.ts';
import { renewTicket, signInWithPassword, type SignedIn } from './auth/password-sign-in.ts';
import { TicketAuthentication } from './auth/ticket.ts';
import { TicketMemory, type RememberedTicket } from './auth/ticket-memory.ts';
import { TokenAuthentication } from './auth/token.ts';
import { Background } from './background.ts';
import { readDomains } from './commands/reads.ts';
import { describe, toRequest } from './commands/request.ts';
import { endpointName, EndpointPool } from './endpoints/endpoint-pool.ts';
import { Failover } from './endpoints/failover.ts';
import type { PveLink } from './link.ts';
import { parseDomains } from './parse/sign-in.ts';
import { parseEnvelope } from './parse/unintelligible.ts';
import { PveSession } from './session.ts';

/** Proxmox VE 8.4 to 9.2 over its REST API. One for all connections: it remembers their tickets from session to session. */
export function createPveDriver(): Driver<PveLink> {
  const memory = new TicketMemory();
  return { name: 'pve', open: (context, signal) => openSession(context, memory, signal) };
}

async function openSession(
  context: DriverContext<PveLink>,
  memory: TicketMemory,
  signal: AbortSignal,
): Promise<PveSession> {
  const { link, clock, log } = context;
  const pool = new EndpointPool(link.settings.endpoints, clock);
  const http = link.openHttp(pool.check);
  const ending = new AbortController();
  const abort = (): void => ending.abort();
  signal.addEventListener('abort', abort);
  try {
    const onPinned = (): void => link.onEndpointsLearned(pool.endpoints);
    const failover = new Failover({ http, pool, prompter: link.prompter, clock, log, onPinned });
    const authentication = await authenticate({ context, memory, failover, pool, ending: ending.signal }, signal);
    const opened: { session?: PveSession } = {};
    const api = new PveApi(failover, authentication, (error) => opened.session?.end(error));
    const background = new Background({
      api,
      clock,
      log,
      signal: ending.signal,
      onNodes: (nodes) => {
        if (pool.learn(nodes)) link.onEndpointsLearned(pool.endpoints);
      },
    });
    await background.open(signal);
    opened.session = new PveSession({ context, http, pool, failover, authentication, api, background, ending });
    return opened.session;
  } catch (error) {
    ending.abort();
    http.close();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

interface SignInParts {
  readonly context: DriverContext<PveLink>;
  readonly memory: TicketMemory;
  readonly failover: Failover;
  readonly pool: EndpointPool;
  /** Of the session. */
  readonly ending: AbortSignal;
}

/**
 * Finds a node that answers and speaks PVE (the realm list needs no sign-in), and only then sends a secret.
 */
async function authenticate(parts: SignInParts, signal: AbortSignal): Promise<Authentication> {
  const { failover, pool } = parts;
  const { link, clock, connectionId } = parts.context;
  const { auth } = link.settings;
  const realms = await readRealms(failover, pool, signal);
  if (auth.method === 'token') {
    const secret = await link.resolveSecret(auth.secret);
    if (secret === undefined) {
      throw new AppError('auth.challenge-unanswered', 'the secret of the token is not kept', { kinds: ['token'] });
    }
    return new TokenAuthentication(auth.tokenId, secret);
  }
  const account = `${auth.user}@${auth.realm}`;
  // Another password or another account is another sign-in: a ticket of before must not stand in for it.
  const key = JSON.stringify([connectionId, account, auth.password ?? '', link.settings.endpoints[0]?.host ?? '']);
  const signIn = { failover, prompter: link.prompter, account, realmType: realms.get(auth.realm) };
  const state =
    (await comeBack(parts, key, account, signal)) ??
    (await signInWithPassword(
      { ...signIn, password: auth.password === undefined ? undefined : await link.resolveSecret(auth.password) },
      signal,
    ));
  const onTicket = (ticket: RememberedTicket | undefined): void =>
    ticket === undefined ? parts.memory.forget(key) : parts.memory.remember(key, ticket);
  const withPassword = { ...signIn, password: state.password };
  return new TicketAuthentication({ signIn: withPassword, clock, signal: parts.ending, onTicket }, state);
}

/** With the ticket of the session before, if there is one that the server still takes. */
async function comeBack(
  { memory, failover, context }: SignInParts,
  key: string,
  account: string,
  signal: AbortSignal,
): Promise<SignedIn | undefined> {
  const remembered = memory.recall(key, context.clock.now());
  if (remembered === undefined) return undefined;
  const answer = await renewTicket({ failover, account }, remembered.state.ticket.ticket, signal);
  if (typeof answer !== 'string' && !('challenge' in answer)) return { ...remembered.state, ticket: answer };
  memory.forget(key);
  return undefined;
}

async function readRealms(
  failover: Failover,
  pool: EndpointPool,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const command = readDomains();
  const response = await failover.send(toRequest(command, {}), signal);
  if (response.status >= 500) throw toApiError(command, response);
  try {
    return parseDomains(parseEnvelope(response.body, describe(command)), describe(command));
  } catch (error) {
    // Another web server, a proxy's error page, a device: whatever it is, no password goes there.
    const excerpt = `${response.status} ${response.reason} ${response.body}`.slice(0, 200);
    const endpoint = endpointName(pool.current);
    const data = { endpoint, expected: 'Proxmox VE', excerpt };
    throw new AppError('connection.wrong-protocol', `${endpoint} is not Proxmox VE`, data, { cause: error });
  }
}
