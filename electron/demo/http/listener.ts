import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import type { NodeCertificate } from './certificates.ts';
import { expectsContinue, parseRequest, type BadRequest, type HttpRequest } from './request.ts';

/** What happens on the wire after a request. */
export type WireOutcome =
  | { readonly kind: 'answer'; readonly bytes: Buffer; readonly closes: boolean }
  /** Nothing is ever sent; the connection stays open. */
  | { readonly kind: 'silence' }
  /** These bytes, then the connection breaks. */
  | { readonly kind: 'break'; readonly bytes: Buffer };

/** Answers requests of one node. */
export interface RequestHandler {
  handle(request: HttpRequest): Promise<WireOutcome>;
  refuse(problem: BadRequest): Buffer;
}

/** pveproxy closes a connection that was idle this long. */
const idleMs = 5000;

/** First byte of a TLS connection; anything else is plain HTTP. */
const tlsHandshake = 0x16;

/** The API socket of one node: TLS with HTTP/1.1 inside, written out by hand so that every byte is as recorded. */
export class NodeListener {
  readonly #handler: RequestHandler;
  readonly #tls: TlsServer;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  /** Accepts connections and never says a word, as a stopped process does. */
  isFrozen = false;

  constructor(handler: RequestHandler, certificate: NodeCertificate) {
    this.#handler = handler;
    this.#tls = createTlsServer({ key: certificate.key, cert: certificate.certificate });
    this.#tls.on('secureConnection', (socket) => this.#serve(socket));
    this.#tls.on('tlsClientError', () => undefined);
  }

  /** Begins to listen; port 0 takes a free one. Answers with the port; rejects when the address cannot be bound. */
  async open(host: string, port: number): Promise<number> {
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#server = server;
    const address = server.address();
    return typeof address === 'object' && address ? address.port : port;
  }

  /** Stops listening and breaks every connection. */
  async shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.breakConnections();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** Breaks what is open; new connections are welcome. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Presents another certificate from the next connection on. */
  present(certificate: NodeCertificate): void {
    this.#tls.setSecureContext({ key: certificate.key, cert: certificate.certificate });
    this.breakConnections();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    if (this.isFrozen) return;
    socket.once('readable', () => {
      const first: unknown = socket.read();
      if (!Buffer.isBuffer(first)) return;
      if (first[0] !== tlsHandshake) {
        socket.end(this.#handler.refuse({ status: 301, reason: 'Moved Permanently' }));
        return;
      }
      socket.unshift(first);
      this.#tls.emit('connection', socket);
    });
  }

  #serve(socket: TLSSocket): void {
    let bytes = Buffer.alloc(0);
    let isBusy = false;
    let isInvited = false;
    socket.setTimeout(idleMs, () => {
      if (!isBusy) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    const proceed = async (): Promise<void> => {
      while (!isBusy && !socket.destroyed) {
        const parsed = parseRequest(bytes);
        if (parsed.kind === 'bad') return void socket.end(this.#handler.refuse(parsed.problem));
        if (parsed.kind === 'more') {
          if (!isInvited && expectsContinue(bytes)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
          isInvited = bytes.length > 0;
          return;
        }
        isBusy = true;
        isInvited = false;
        bytes = Buffer.from(parsed.rest);
        const outcome = await this.#handler.handle(parsed.request);
        const isOpen = send(socket, outcome);
        isBusy = !isOpen;
      }
    };
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      proceed().catch(() => socket.destroy());
    });
  }
}

/** Puts an outcome on the wire; answers whether the connection may carry another request. */
function send(socket: TLSSocket, outcome: WireOutcome): boolean {
  if (outcome.kind === 'silence') return false;
  if (outcome.kind === 'break') {
    socket.write(outcome.bytes, () => socket.destroy());
    return false;
  }
  if (outcome.closes) {
    socket.end(outcome.bytes);
    return false;
  }
  socket.write(outcome.bytes);
  return true;
}
