import { connect } from 'node:net';
import type { HttpEndpoint } from '../../core/ports/http-link.ts';

/** A server that greets first (SSH, SMTP) does so at once; an HTTP server answers a request as fast. */
const waitMs = 700;
const maxCharacters = 200;

/**
 * Asks a port that does not speak TLS who it is, for an error text: waits for a greeting, then sends a bare HTTP/1.0
 * request. No secret is part of it. Never rejects; `''` when nothing readable came.
 */
export function readPlainExcerpt(endpoint: HttpEndpoint, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: endpoint.host, port: endpoint.port });
    const timers = [
      setTimeout(() => socket.write('HEAD / HTTP/1.0\r\n\r\n'), waitMs),
      setTimeout(() => finish(), 2 * waitMs),
    ];
    const finish = (): void => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      socket.destroy();
      resolve(toExcerpt(Buffer.concat(chunks).toString('latin1')));
    };
    signal.addEventListener('abort', finish);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      finish();
    });
    socket.on('error', finish).on('close', finish);
  });
}

/** The first line, control characters made visible as spaces. */
export function toExcerpt(text: string): string {
  const firstLine = text.split(/\r?\n/, 1)[0] ?? '';
  return firstLine
    .replaceAll(/[^\u0020-\u007e]+/g, ' ')
    .trim()
    .slice(0, maxCharacters);
}
