import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { CertificateIdentity } from '../../contract/connection-settings.ts';
import { type AppError, cancelled, isAnyAppError } from '../../contract/errors.ts';
import type { HttpEndpoint } from '../../core/ports/http-link.ts';
import { toCertificateIdentity } from './certificate-identity.ts';
import { identityUnknown, isNotTls, lost, silent, unreachable, wrongProtocol } from './connection-errors.ts';
import { readPlainExcerpt } from './plain-excerpt.ts';

export interface TlsConnectOptions {
  readonly endpoint: HttpEndpoint;
  /** For the TCP connection and again for the handshake: a LAN answers in milliseconds, a slow VPN in a second or two. */
  readonly connectTimeoutMs: number;
  /** `false` or a thrown AppError ends the connection before the caller gets it. */
  readonly check: (presented: CertificateIdentity) => boolean;
}

/**
 * Opens TCP, then TLS 1.2 or later, then lets `check` see the leaf. Chain and name are not verified: PVE's certificates
 * are signed by the cluster's own authority, so the pinned leaf is the whole identity.
 * Rejects with `connection.unreachable`, `.silent`, `.wrong-protocol`, `.lost`, `.identity-unknown`, what `check` throws,
 * or `operation.cancelled`.
 */
export async function openTls(options: TlsConnectOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { endpoint, connectTimeoutMs } = options;
  const tcp = await openTcp(endpoint, connectTimeoutMs, signal);
  const socket = connectTls({
    socket: tcp,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(endpoint.host) === 0 && { servername: endpoint.host }),
  });
  try {
    await event(socket, 'secureConnect', connectTimeoutMs, signal, () => silent(endpoint, connectTimeoutMs));
  } catch (error) {
    socket.destroy();
    tcp.destroy();
    throw await explainHandshake(error, endpoint, signal);
  }
  try {
    if (!options.check(toCertificateIdentity(socket.getPeerCertificate(true)))) {
      throw identityUnknown(endpoint, socket.getPeerCertificate().fingerprint256);
    }
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

async function openTcp(endpoint: HttpEndpoint, timeoutMs: number, signal: AbortSignal): Promise<Socket> {
  if (signal.aborted) throw cancelled();
  const tcp = connectTcp({ host: endpoint.host, port: endpoint.port, noDelay: true, keepAlive: true });
  try {
    await event(tcp, 'connect', timeoutMs, signal, () => unreachable(endpoint, 'ETIMEDOUT'));
    return tcp;
  } catch (error) {
    tcp.destroy();
    throw isAnyAppError(error) ? error : unreachable(endpoint, errorCode(error), error);
  }
}

async function explainHandshake(error: unknown, endpoint: HttpEndpoint, signal: AbortSignal): Promise<Error> {
  if (isAnyAppError(error)) return error;
  if (isNotTls(error)) return wrongProtocol(endpoint, await readPlainExcerpt(endpoint, signal));
  return lost(endpoint, errorCode(error), error);
}

/** Resolves at `name`; rejects at error, close, time-out or abort, whichever is first. */
function event(
  socket: Socket,
  name: 'connect' | 'secureConnect',
  timeoutMs: number,
  signal: AbortSignal,
  onTimeout: () => AppError,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(onTimeout()), timeoutMs);
    const abort = (): void => finish(cancelled());
    const close = (): void => finish(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    const succeed = (): void => finish();
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off(name, succeed).off('error', finish).off('close', close);
      // An error may still follow a time-out; nobody waits for it any more.
      socket.on('error', () => undefined);
      if (error === undefined) resolve();
      else reject(error);
    };
    signal.addEventListener('abort', abort);
    socket.on(name, succeed).on('error', finish).on('close', close);
  });
}

function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : String((error as { message?: unknown } | null)?.message ?? error);
}
