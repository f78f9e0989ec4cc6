import { AppError, isAnyAppError } from '../../contract/errors.ts';

/** `host:port`, with brackets around an IPv6 address. */
export function endpointText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Nobody answers at the address. `cause` is the system's code, e.g. ECONNREFUSED. */
export function unreachable(endpoint: string, cause: string): AppError<'connection.unreachable'> {
  return new AppError('connection.unreachable', `${endpoint} cannot be reached: ${cause}`, { endpoint, cause });
}

/** The connection ended while it was needed. */
export function lost(endpoint: string, cause: string): AppError<'connection.lost'> {
  return new AppError('connection.lost', `the connection to ${endpoint} was lost: ${cause}`, { endpoint, cause });
}

/** Accepted, then nothing. */
export function silent(endpoint: string, afterMs: number): AppError<'connection.silent'> {
  return new AppError('connection.silent', `${endpoint} accepted and said nothing for ${afterMs} ms`, {
    endpoint,
    afterMs,
  });
}

/** Something else than an SSH server answers. */
export function notSsh(endpoint: string, greeting: string): AppError<'connection.wrong-protocol'> {
  const excerpt = greeting
    .slice(0, 200)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
  return new AppError('connection.wrong-protocol', `${endpoint} does not speak SSH`, {
    endpoint,
    expected: 'SSH',
    excerpt,
  });
}

interface LibraryError {
  readonly code?: unknown;
  readonly level?: unknown;
  readonly message?: unknown;
}

/** The system's code of a socket error, else the library's words. Never holds a secret: the library's texts are fixed. */
export function causeOf(error: unknown): string {
  const { code, message } = (error ?? {}) as LibraryError;
  if (typeof code === 'string' && code !== '') return code;
  return typeof message === 'string' && message !== '' ? message : String(error);
}

/** Whether the library failed while it agreed on versions and algorithms, before anybody signed in. */
export function isHandshakeFailure(error: unknown): boolean {
  const { level } = (error ?? {}) as LibraryError;
  return level === 'handshake' || level === 'protocol';
}

/** What opening a channel through a hop said: the hop could not reach the next address. */
export function jumpFailure(nextEndpoint: string, error: unknown): AppError {
  if (isAnyAppError(error)) return error;
  const words = causeOf(error).replace(/^\(SSH\) Channel open failure: /, '');
  return unreachable(nextEndpoint, words);
}
