import type { IncomingMessage } from 'node:http';

/** Why a request is turned away: the status and one line of plain text. Never quotes the request. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 405;
  readonly text: string;
}

/**
 * What every request must be, page or WebSocket: addressed to this host by its own name, and not sent by another site.
 * The Host header is compared in full, so a name that an attacker's DNS points at 127.0.0.1 does not pass.
 */
export function refusalOf(request: IncomingMessage, port: number): Refusal | undefined {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return { status: 403, text: 'wrong host' };
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, text: 'wrong origin' };
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, text: 'only GET and HEAD' };
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length !== '0' || encoding !== undefined) return { status: 400, text: 'no request body' };
  return undefined;
}

/** A WebSocket must also say where it comes from, which every browser does. */
export function upgradeRefusalOf(request: IncomingMessage, port: number, path: string): Refusal | undefined {
  const refusal = refusalOf(request, port);
  if (refusal !== undefined) return refusal;
  if (request.headers.origin === undefined) return { status: 403, text: 'no origin' };
  if (request.url !== path) return { status: 404, text: 'not here' };
  return undefined;
}
