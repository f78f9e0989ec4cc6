import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { firstIdentity, type TlsIdentity } from './tls-identities.ts';

/** A server on 127.0.0.1, on a port of the system's choice. */
export interface LoopbackServer {
  readonly port: number;
  /** What came in, `METHOD /path`, in order. */
  readonly requests: string[];
  /** Connections accepted so far. */
  connectionCount(): number;
  /** Ends all connections but goes on listening. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** Starts an HTTPS server with a fixed certificate. */
export async function startHttps(
  handler: RequestListener,
  identity: TlsIdentity = firstIdentity,
  host = '127.0.0.1',
  port = 0,
): Promise<LoopbackServer> {
  const requests: string[] = [];
  const server = createHttps({ cert: identity.cert, key: identity.key }, (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  return { ...(await listen(server, host, port)), requests };
}

/** Starts any server. */
export async function listen(server: Server, host = '127.0.0.1', port = 0): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  const dropConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    requests: [],
    connectionCount: () => count,
    dropConnections,
    close: () =>
      new Promise((resolve) => {
        dropConnections();
        server.close(() => resolve());
      }),
  };
}

/** The whole body of a request as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
