import { AppError } from '../../contract/errors.ts';
import type { Driver, DriverContext } from '../../core/ports/driver.ts';
import { PveApi } from './api.ts';
import { toApiError } from './api-error.ts';
import type { Authentication } from './auth/authentication.ts';
import { signInWithPassword, type PasswordSignIn } from './auth/password-sign-in.ts';
import { TicketAuthentication } from './auth/ticket.ts';
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

/** Proxmox VE 8.4 to 9.2 over its REST API. */
export const pveDriver: Driver<PveLink> = {
  name: 'pve',
  async open(context, signal) {
    const { link, clock, log } = context;
    const pool = new EndpointPool(link.settings.endpoints, clock);
    const http = link.openHttp(pool.check);
    const ending = new AbortController();
    const abort = (): void => ending.abort();
    signal.addEventListener('abort', abort);
    try {
      const onPinned = (): void => link.onEndpointsLearned(pool.endpoints);
      const failover = new Failover({ http, pool, prompter: link.prompter, clock, log, onPinned });
      const authentication = await authenticate(context, failover, pool, signal, ending.signal);
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
  },
};

/**
 * Finds a node that answers and speaks PVE (the realm list needs no sign-in), and only then sends a secret.
 */
async function authenticate(
  { link, clock }: DriverContext<PveLink>,
  failover: Failover,
  pool: EndpointPool,
  signal: AbortSignal,
  sessionSignal: AbortSignal,
): Promise<Authentication> {
  const { auth } = link.settings;
  const realms = await readRealms(failover, pool, signal);
  if (auth.method === 'token') {
    const secret = await link.resolveSecret(auth.secret);
    if (secret === undefined) {
      throw new AppError('auth.challenge-unanswered', 'the secret of the token is not kept', { kinds: ['token'] });
    }
    return new TokenAuthentication(auth.tokenId, secret);
  }
  const signIn: PasswordSignIn = {
    failover,
    prompter: link.prompter,
    account: `${auth.user}@${auth.realm}`,
    realmType: realms.get(auth.realm),
    password: auth.password === undefined ? undefined : await link.resolveSecret(auth.password),
  };
  const state = await signInWithPassword(signIn, signal);
  return new TicketAuthentication(signIn, state, clock, sessionSignal);
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
