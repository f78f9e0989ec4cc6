import { type AppError, isAppError } from '../../../contract/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { HttpLink, HttpRequest, HttpResponse } from '../../../core/ports/http-link.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { Prompter, PromptReply } from '../../../core/ports/prompter.ts';
import { endpointName, type EndpointPool } from './endpoint-pool.ts';

export type NodelessRequest = Omit<HttpRequest, 'endpoint'>;

export interface FailoverOptions {
  readonly http: HttpLink;
  readonly pool: EndpointPool;
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when the user has trusted a certificate that was not pinned. */
  readonly onPinned: () => void;
}

/** Date headers have whole seconds, and an answer takes time: smaller differences mean nothing. */
const skewNoiseMs = 2_000;

/** Sends a request to the first node that answers. */
export class Failover {
  readonly #options: FailoverOptions;
  #skewMs: number | undefined;
  #asking: Promise<void> | undefined;

  constructor(options: FailoverOptions) {
    this.#options = options;
  }

  /** The server's clock minus ours, from its Date header; undefined before the first answer. */
  get clockSkewMs(): number | undefined {
    return this.#skewMs;
  }

  async send(request: NodelessRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { pool, log } = this.#options;
    let failure: unknown;
    for (const endpoint of pool.candidates()) {
      try {
        const response = await this.#sendTo(endpoint, request, signal);
        pool.markGood(endpoint);
        this.#watchClock(response);
        return response;
      } catch (error) {
        if (!mayAskAnother(error, request)) throw error;
        pool.markDead(endpoint);
        log('info', 'pve-node-unanswering', { endpoint: endpointName(endpoint), code: error.code });
        failure ??= error;
      }
    }
    throw failure instanceof Error ? failure : new RangeError('no endpoints');
  }

  async #sendTo(
    endpoint: HttpRequest['endpoint'],
    request: NodelessRequest,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const { http } = this.#options;
    const target = { host: endpoint.host, port: endpoint.port };
    try {
      return await http.request({ ...request, endpoint: target }, signal);
    } catch (error) {
      if (!isAppError(error, 'connection.identity-unknown')) throw error;
      // Requests run side by side; the user is asked once.
      this.#asking ??= this.#askForTrust(error, target, signal).finally(() => (this.#asking = undefined));
      await this.#asking;
      return http.request({ ...request, endpoint: target }, signal);
    }
  }

  async #askForTrust(
    error: AppError<'connection.identity-unknown'>,
    endpoint: HttpRequest['endpoint'],
    signal: AbortSignal,
  ): Promise<void> {
    const { prompter, pool, onPinned } = this.#options;
    const { presented } = error.data;
    let reply: PromptReply;
    try {
      reply = await prompter.ask({ type: 'identity', endpoint: error.data.endpoint, expected: '', presented }, signal);
    } catch (unanswered) {
      throw signal.aborted ? unanswered : error;
    }
    if (reply.type !== 'trust') throw error;
    pool.pin(endpoint, presented);
    onPinned();
  }

  #watchClock(response: HttpResponse): void {
    const serverMs = Date.parse(response.headers['date'] ?? '');
    if (Number.isNaN(serverMs)) return;
    const skewMs = serverMs + 500 - this.#options.clock.now();
    if (this.#skewMs === undefined || Math.abs(skewMs - this.#skewMs) > skewNoiseMs) {
      this.#skewMs = Math.abs(skewMs) < skewNoiseMs ? 0 : skewMs;
    }
  }
}

/**
 * Whether another node may be asked the same. A request that may have arrived is repeated only when it reads. A path
 * below `/nodes/` may be slow because of the node it is about, so its silence says nothing about the node that was asked.
 */
function mayAskAnother(error: unknown, request: NodelessRequest): error is AppError {
  if (isAppError(error, 'connection.unreachable') || isAppError(error, 'connection.wrong-protocol')) return true;
  if (request.method !== 'GET') return false;
  if (isAppError(error, 'connection.silent')) return !request.path.startsWith('/api2/json/nodes/');
  return isAppError(error, 'connection.lost');
}
