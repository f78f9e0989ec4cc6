import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { AppError, cancelled, isAnyAppError } from '../../contract/errors.ts';
import type {
  CertificateCheck,
  HttpEndpoint,
  HttpLink,
  HttpRequest,
  HttpResponse,
} from '../../core/ports/http-link.ts';
import { endpointText, lost, silent, tooMuch, wrongProtocol } from './connection-errors.ts';
import { toExcerpt } from './plain-excerpt.ts';
import { decodeDoubleUtf8 } from './reason-phrase.ts';
import { openTls } from './tls-connect.ts';

/** pveproxy closes idle connections after 5 s (recorded on 8.4.1 to 9.2.11); leaving earlier avoids most races. */
const idleMs = 4_000;
/** pveproxy has three workers, so more connections to one node only queue there. */
const connectionsPerEndpoint = 6;
const defaultConnectTimeoutMs = 10_000;

const unzip = promisify(gunzip);

export interface HttpsLinkOptions {
  readonly checkCertificate: CertificateCheck;
  readonly connectTimeoutMs?: number;
}

/** {@link HttpLink} over undici, with the certificate decision made before a request is written. */
export class HttpsLink implements HttpLink {
  readonly #agent: Agent;
  readonly #closing = new AbortController();

  constructor(options: HttpsLinkOptions) {
    const { checkCertificate, connectTimeoutMs = defaultConnectTimeoutMs } = options;
    this.#agent = new Agent({
      connections: connectionsPerEndpoint,
      pipelining: 1,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 64 * 1024,
      allowH2: false,
      connect: (target, callback) => {
        const endpoint: HttpEndpoint = {
          host: target.hostname.replaceAll(/^\[|\]$/g, ''),
          port: Number(target.port || 443),
        };
        const check = (presented: Parameters<CertificateCheck>[1]): boolean => checkCertificate(endpoint, presented);
        const hand = nodeCallback(callback);
        openTls({ endpoint, connectTimeoutMs, check }, this.#closing.signal).then(hand.over, hand.down);
      },
    });
  }

  async request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    try {
      return await this.#attempt(request, signal);
    } catch (error) {
      // The server may close an idle connection in the same moment in which we use it. Reading again is harmless.
      if (request.method !== 'GET' || !isStaleSocket(error)) throw this.#explain(error, request, signal);
    }
    try {
      return await this.#attempt(request, signal);
    } catch (error) {
      throw this.#explain(error, request, signal);
    }
  }

  close(): void {
    this.#closing.abort();
    this.#agent.destroy().catch(() => undefined);
  }

  async #attempt(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    if (signal.aborted || this.#closing.signal.aborted) throw cancelled();
    const ending = new AbortController();
    const abort = (): void => ending.abort(cancelled());
    signal.addEventListener('abort', abort);
    const timer = setTimeout(() => ending.abort(silent(request.endpoint, request.timeoutMs)), request.timeoutMs);
    try {
      const answer = await this.#agent.request({
        origin: `https://${endpointText(request.endpoint)}`,
        path: request.path,
        method: request.method,
        headers: { 'accept-encoding': 'gzip', ...request.headers },
        body: request.body ?? null,
        signal: ending.signal,
      });
      const headers = flatten(answer.headers);
      const bytes = await readBounded(answer, request);
      return {
        status: answer.statusCode,
        reason: decodeDoubleUtf8(answer.statusText),
        headers,
        body: await decodeBody(bytes, headers['content-encoding'], request),
      };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  #explain(error: unknown, request: HttpRequest, signal: AbortSignal): AppError {
    if (isAnyAppError(error)) return error;
    if (signal.aborted || this.#closing.signal.aborted) return cancelled();
    const { name, code, message, data } = error as { name?: string; code?: string; message?: string; data?: unknown };
    if (name === 'HTTPParserError') {
      return wrongProtocol(request.endpoint, toExcerpt(typeof data === 'string' ? data : (message ?? '')), error);
    }
    return lost(request.endpoint, code === 'UND_ERR_SOCKET' ? (message ?? code) : (code ?? String(message)), error);
  }
}

/** Undici's connectors answer by callback. */
function nodeCallback(callback: (...args: [null, TLSSocket] | [Error, null]) => void): {
  readonly over: (socket: TLSSocket) => void;
  readonly down: (error: unknown) => void;
} {
  return {
    over: (socket) => callback(null, socket),
    down: (error) => callback(error instanceof Error ? error : new Error(String(error)), null),
  };
}

/** Undici's and the system's names for a connection that the other side closed. */
function isStaleSocket(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return !isAnyAppError(error) && (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE');
}

async function readBounded(answer: Dispatcher.ResponseData, request: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > request.maxBytes) throw tooMuch(commandOf(request), request.maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

async function decodeBody(bytes: Buffer, encoding: string | undefined, request: HttpRequest): Promise<string> {
  if (encoding === undefined || encoding === 'identity' || bytes.length === 0) return bytes.toString('utf8');
  if (encoding !== 'gzip') throw unreadable(request, `content-encoding ${encoding}`);
  try {
    const plain = await unzip(bytes, { maxOutputLength: request.maxBytes });
    return plain.toString('utf8');
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? tooMuch(commandOf(request), request.maxBytes)
      : unreadable(request, `broken gzip: ${String(code)}`);
  }
}

function unreadable(request: HttpRequest, excerpt: string): AppError {
  const command = commandOf(request);
  return new AppError('remote.unintelligible', `${command}: ${excerpt}`, { command, excerpt });
}

/** Without the query, which may hold more than an error text should. */
function commandOf(request: HttpRequest): string {
  return `${request.method} ${request.path.split('?', 1)[0]}`;
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
