import { AppError } from '../../contract/errors.ts';
import type { HttpEndpoint } from '../../core/ports/http-link.ts';

/** `host:port`, brackets around an IPv6 address. */
export function endpointText(endpoint: HttpEndpoint): string {
  return endpoint.host.includes(':') ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}

export function unreachable(endpoint: HttpEndpoint, code: string, cause?: unknown): AppError {
  const at = endpointText(endpoint);
  return new AppError('connection.unreachable', `${at}: ${code}`, { endpoint: at, cause: code }, { cause });
}

export function silent(endpoint: HttpEndpoint, afterMs: number): AppError {
  const at = endpointText(endpoint);
  return new AppError('connection.silent', `${at} did not answer within ${afterMs} ms`, { endpoint: at, afterMs });
}

export function lost(endpoint: HttpEndpoint, code: string, cause?: unknown): AppError {
  const at = endpointText(endpoint);
  return new AppError(
    'connection.lost',
    `${at} closed the connection: ${code}`,
    { endpoint: at, cause: code },
    { cause },
  );
}

export function identityUnknown(endpoint: HttpEndpoint, presented: string): AppError {
  const at = endpointText(endpoint);
  return new AppError('connection.identity-unknown', `nobody trusts ${at} yet`, { endpoint: at, presented });
}

export function wrongProtocol(endpoint: HttpEndpoint, excerpt: string, cause?: unknown): AppError {
  const at = endpointText(endpoint);
  return new AppError(
    'connection.wrong-protocol',
    `${at} does not speak HTTPS: ${excerpt}`,
    { endpoint: at, expected: 'HTTPS', excerpt },
    { cause },
  );
}

export function tooMuch(command: string, limitBytes: number): AppError {
  return new AppError('remote.too-much', `${command} answered more than ${limitBytes} bytes`, { command, limitBytes });
}

/** OpenSSL's ways of saying that the other side answered our greeting with something that is not TLS. */
const notTls = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_UNKNOWN_PROTOCOL',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNEXPECTED_MESSAGE',
]);

export function isNotTls(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return notTls.has(String(code)) || /wrong version number|packet length too long/i.test(String(message));
}
