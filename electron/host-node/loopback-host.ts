import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppError } from '../contract/errors.ts';
import { encodeFrame } from '../contract/rpc/codec.ts';
import { refusal } from '../contract/rpc/frames.ts';
import { authoriseFrameSchema, loopbackLinkPath } from '../contract/rpc/loopback.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';
import type { Log } from '../core/ports/log.ts';
import type { PageFile } from './page-files.ts';
import { refusalOf, upgradeRefusalOf, type Refusal } from './request-gate.ts';
import { commonHeaders } from './response-headers.ts';
import { isSameToken } from './start-token.ts';
import { toBytes, WebSocketLink } from './web-socket-link.ts';

export interface LoopbackHostOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly token: string;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly log: Log;
  /** One window that has shown the token. */
  onLink(link: FrameLink): void;
  /** How long a client may take over its request, and over its token; for tests. */
  readonly patienceMs?: number;
}

export interface LoopbackHost {
  readonly port: number;
  /** The page with its token. */
  readonly url: string;
  close(): Promise<void>;
}

/** A browser on the same machine needs milliseconds. */
const defaultPatienceMs = 5_000;
/** The largest message is an import of 4 million characters, which UTF-8 and JSON may stretch. */
const maxMessageBytes = 16 * 1024 * 1024;
/** A token frame is far smaller; larger ones are not even parsed. */
const maxAuthoriseBytes = 1024;
const maxConnections = 64;
const closeGraceMs = 500;
const maxHeaderBytes = 8 * 1024;

/** Serves the page and one WebSocket for each window, on 127.0.0.1 alone. Rejects with the system's error, e.g. EADDRINUSE. */
export async function startLoopbackHost(options: LoopbackHostOptions): Promise<LoopbackHost> {
  const patienceMs = options.patienceMs ?? defaultPatienceMs;
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: patienceMs,
    requestTimeout: patienceMs,
    connectionsCheckingInterval: Math.min(1_000, patienceMs),
    keepAliveTimeout: patienceMs,
  });
  server.maxConnections = maxConnections;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
  let port = options.port;
  server.on('request', (request, response) => answer(request, response, port, options));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that resets its connection is not our problem, but would be an unhandled error.
    socket.on('error', () => socket.destroy());
    const refused = upgradeRefusalOf(request, port, loopbackLinkPath);
    if (refused !== undefined) return refuseUpgrade(socket, refused, options.log);
    sockets.handleUpgrade(request, socket, head, (webSocket) => admit(webSocket, options, patienceMs));
  });
  port = await listen(server, options.port);
  return {
    port,
    url: `http://127.0.0.1:${port}/#${options.token}`,
    close: () => close(server, sockets),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.close(1001, 'the app has ended');
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  // A window that does not answer the close frame must not hold the end up.
  const timer = setTimeout(() => {
    for (const client of sockets.clients) client.terminate();
  }, closeGraceMs);
  await closed;
  clearTimeout(timer);
}

function answer(request: IncomingMessage, response: ServerResponse, port: number, options: LoopbackHostOptions): void {
  const refused = refusalOf(request, port);
  const file = refused === undefined ? options.files.get((request.url ?? '').split('?', 1)[0] ?? '') : undefined;
  const headers = commonHeaders(`127.0.0.1:${port}`);
  if (file === undefined) {
    const { status, text } = refused ?? { status: 404, text: 'not here' };
    if (refused !== undefined) options.log('warning', 'loopback-request-refused', { status, text });
    response.writeHead(status, {
      ...headers,
      'content-type': 'text/plain; charset=utf-8',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      ...(status === 405 && { allow: 'GET, HEAD' }),
      // A refused body is not read; the connection is of no more use.
      connection: 'close',
    });
    response.end(request.method === 'HEAD' ? undefined : text);
    return;
  }
  response.writeHead(200, {
    ...commonHeaders(request.headers.host ?? ''),
    'content-type': file.mediaType,
    'content-length': file.bytes.byteLength,
    'cache-control': file.isHashed ? 'private, max-age=31536000, immutable' : 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

function refuseUpgrade(socket: Duplex, { status, text }: Refusal, log: Log): void {
  log('warning', 'loopback-link-refused', { status, text });
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/** Waits for the first frame, which must hold the token; only then does anything of the app see the socket. */
function admit(socket: WebSocket, options: LoopbackHostOptions, patienceMs: number): void {
  const timer = setTimeout(() => refuse('no token in time'), patienceMs);
  const refuse = (why: string): void => {
    clearTimeout(timer);
    options.log('warning', 'loopback-link-refused', { why });
    const words = 'this page was opened by an earlier start of the app: open the address that the running one printed';
    socket.send(encodeFrame(refusal(new AppError('rpc.token-refused', words, {}).toShape())));
    socket.close(4401, 'wrong token');
  };
  socket.on('error', () => socket.terminate());
  socket.on('close', () => clearTimeout(timer));
  socket.once('message', (data, isBinary) => {
    const bytes = toBytes(data);
    const token = isBinary || bytes.byteLength > maxAuthoriseBytes ? undefined : tokenIn(bytes.toString('utf8'));
    if (token === undefined || !isSameToken(options.token, token)) return refuse('wrong token');
    clearTimeout(timer);
    options.onLink(new WebSocketLink(socket));
  });
}

function tokenIn(text: string): string | undefined {
  try {
    return authoriseFrameSchema.safeParse(JSON.parse(text)).data?.token;
  } catch {
    return undefined;
  }
}
