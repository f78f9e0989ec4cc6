import type { CertificateIdentity } from '../../contract/connection-settings.ts';

/** One HTTPS request to one endpoint. The driver owns paths, headers and bodies; the transport owns sockets and TLS. */
export interface HttpRequest {
  readonly endpoint: HttpEndpoint;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with Content-Length, never chunked: PVE refuses chunked bodies with 501. */
  readonly body?: string;
  /** From the start of the request to the end of the answer. */
  readonly timeoutMs: number;
  /** The answer is cut off with `remote.too-much` beyond this. */
  readonly maxBytes: number;
}

export interface HttpEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Any answer with a status line; a status is not an error here. */
export interface HttpResponse {
  readonly status: number;
  /** The reason phrase: PVE puts its error text there. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Decides whether a presented certificate is the one to talk to. Called before any byte of a request is sent.
 * `false` is `connection.identity-unknown`; a thrown AppError (`connection.identity-changed`, with the pin) is passed on.
 */
export type CertificateCheck = (endpoint: HttpEndpoint, presented: CertificateIdentity) => boolean;

/**
 * HTTPS with pinned certificates and kept-alive connections.
 * Rejects with `connection.unreachable`, `connection.silent`, `connection.identity-unknown`, `connection.identity-changed`,
 * `connection.wrong-protocol`, `connection.lost`, `remote.too-much`, `operation.cancelled`.
 */
export interface HttpLink {
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  close(): void;
}
