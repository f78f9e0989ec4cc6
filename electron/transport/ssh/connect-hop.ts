import net from 'node:net';
import type { Duplex } from 'node:stream';
import { NodeSSH } from 'node-ssh';
import type { AuthenticationType, Client, NextAuthHandler } from 'ssh2';
import { AppError, cancelled, isAnyAppError, toAppError, type SshHopPlace } from '../../contract/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { describeHostKey, judgeHostKey, orderHostKeyAlgorithms, toPin, type PresentedHostKey } from './host-key.ts';
import type { KnownHostEntry } from './known-hosts.ts';
import {
  causeOf,
  endpointText,
  isHandshakeFailure,
  jumpFailure,
  lost,
  notSsh,
  silent,
  unreachable,
} from './ssh-failures.ts';

/** As long as OpenSSH users wait by habit; a host that needs longer to accept is not usable anyway. */
export const reachTimeoutMs = 10_000;
/** From the accepted connection to agreed keys, and then for each step of the sign-in. Slow PAM modules take some seconds. */
export const answerTimeoutMs = 15_000;
/** Three unanswered ones end the connection: a partition is seen after 15 to 20 s. */
const keepAlive = { keepaliveInterval: 5_000, keepaliveCountMax: 3 };

/** What authenticates on a hop; {@link SignIn} in the product, a lone `none` for a probe. */
export interface Authenticator {
  next(left: readonly AuthenticationType[]): Promise<Parameters<NextAuthHandler>[0] | false>;
  failure(serverText: string): AppError;
}

export interface HopAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** What a server shows before anybody signs in. */
export interface SeenHostKey {
  readonly key: PresentedHostKey;
  readonly verdict: 'trusted' | 'unknown' | 'changed';
  readonly serverVersion: string;
}

export interface HopParts {
  readonly address: HopAddress;
  /** Told with an identity that is not trusted; absent in probes. */
  readonly place?: SshHopPlace;
  /** The hop before, through which this one is reached. */
  readonly through: Client | undefined;
  readonly pins: readonly string[];
  readonly known: readonly KnownHostEntry[];
  readonly clock: Clock;
  /**
   * Given how to pause the time limit while a user is asked, and a signal that aborts when the attempt is over, so that a
   * question that nobody needs answered any more is withdrawn (sshd hangs up after two minutes, LoginGraceTime).
   */
  readonly authenticator: (setPaused: (isPaused: boolean) => void, over: AbortSignal) => Authenticator;
  /** Sees every presented key before it is judged. Returning true accepts it whatever is known; used by probes only. */
  readonly onHostKey?: (seen: SeenHostKey) => boolean;
}

/** One authenticated SSH connection. */
export interface ConnectedHop {
  readonly client: Client;
  readonly hostKey: PresentedHostKey;
  readonly trustedBecause: 'pin' | 'known-hosts' | undefined;
  /** e.g. `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3`. */
  readonly serverVersion: string;
}

/**
 * Connects to one SSH server, checks its key before anything secret is said, and signs in.
 * Rejects with `connection.unreachable`, `.silent`, `.wrong-protocol`, `.identity-unknown`, `.identity-changed`, `.lost`,
 * with `auth.*`, and with `operation.cancelled`.
 */
export async function connectHop(parts: HopParts, signal: AbortSignal): Promise<ConnectedHop> {
  if (signal.aborted) throw cancelled();
  const endpoint = endpointText(parts.address.host, parts.address.port);
  const socket =
    parts.through === undefined
      ? await openTcp(parts, endpoint, signal)
      : await openThrough(parts.through, parts, endpoint, signal);
  const attempt = new HopAttempt(parts, endpoint, socket);
  const onAbort = () => attempt.fail(cancelled());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await attempt.run();
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function openTcp(parts: HopParts, endpoint: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: parts.address.host, port: parts.address.port });
    // Without it each small request waits for the acknowledgement of the one before: 96 ms instead of 4 per command.
    socket.setNoDelay(true);
    const end = (error: AppError | undefined) => {
      timer.dispose();
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      if (error === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onAbort = () => end(cancelled());
    const timer = parts.clock.after(reachTimeoutMs, () => end(unreachable(endpoint, 'ETIMEDOUT')));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => end(undefined));
    socket.once('error', (error) => end(unreachable(endpoint, firstCause(error))));
  });
}

/** Several addresses of one name fail as one AggregateError whose own code is that of the last one, if any. */
function firstCause(error: Error): string {
  return error instanceof AggregateError ? causeOf(error.errors[0] ?? error) : causeOf(error);
}

function openThrough(client: Client, parts: HopParts, endpoint: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (error: AppError | undefined, stream?: Duplex) => {
      if (isOver) {
        stream?.destroy();
        return;
      }
      isOver = true;
      timer.dispose();
      signal.removeEventListener('abort', onAbort);
      if (stream !== undefined && error === undefined) resolve(stream);
      else reject(error ?? lost(endpoint, 'no channel'));
    };
    const onAbort = () => end(cancelled());
    const timer = parts.clock.after(reachTimeoutMs, () => end(unreachable(endpoint, 'ETIMEDOUT')));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      client.forwardOut('127.0.0.1', 0, parts.address.host, parts.address.port, (error, stream) =>
        end(error === undefined ? undefined : jumpFailure(endpoint, error), stream),
      );
    } catch (error) {
      end(lost(endpoint, causeOf(error)));
    }
  });
}

/** The stretch from an open socket to a signed-in connection. */
class HopAttempt {
  readonly #parts: HopParts;
  readonly #endpoint: string;
  readonly #socket: Duplex;
  readonly #ssh = new NodeSSH();
  readonly #over = new AbortController();
  #failure: AppError | undefined;
  #greeting = '';
  #hostKey: PresentedHostKey | undefined;
  #trustedBecause: 'pin' | 'known-hosts' | undefined;
  #hasAgreedKeys = false;
  #timer: { dispose(): void } | undefined;
  #authenticator: Authenticator | undefined;

  constructor(parts: HopParts, endpoint: string, socket: Duplex) {
    this.#parts = parts;
    this.#endpoint = endpoint;
    this.#socket = socket;
  }

  /** Ends the attempt; the first reason given is the one that is told. */
  fail(error: AppError): void {
    this.#failure ??= error;
    this.#timer?.dispose();
    this.#over.abort();
    this.#ssh.connection?.destroy();
    this.#socket.destroy();
  }

  async run(): Promise<ConnectedHop> {
    this.#authenticator = this.#parts.authenticator((isPaused) => {
      if (isPaused) this.#timer?.dispose();
      else if (!this.#over.signal.aborted) this.#restartTimer();
    }, this.#over.signal);
    this.#socket.on('data', this.#readGreeting);
    this.#restartTimer();
    try {
      const connecting = this.#connect();
      // node-ssh stops listening once it is ready; an error without a listener would end the app.
      this.#ssh.connection?.on('error', () => undefined);
      this.#ssh.connection?.on('handshake', () => {
        this.#hasAgreedKeys = true;
        this.#restartTimer();
      });
      await connecting;
    } catch (error) {
      const told = this.#failure ?? this.#explain(error);
      this.fail(told);
      throw told;
    } finally {
      this.#timer?.dispose();
      this.#socket.removeListener('data', this.#readGreeting);
    }
    const client = this.#ssh.connection;
    if (client === null || this.#hostKey === undefined) throw this.#failure ?? lost(this.#endpoint, 'closed');
    client.setNoDelay(true);
    return {
      client,
      hostKey: this.#hostKey,
      trustedBecause: this.#trustedBecause,
      serverVersion: this.#serverVersion() ?? '',
    };
  }

  #connect(): Promise<unknown> {
    const { address, pins, known } = this.#parts;
    return this.#ssh.connect({
      host: address.host,
      port: address.port,
      username: address.user,
      sock: this.#socket,
      // The library's own limit would run while a user types a passphrase; ours pauses.
      readyTimeout: 0,
      ...keepAlive,
      algorithms: { serverHostKey: [...orderHostKeyAlgorithms(pins, known)] },
      hostVerifier: (key: Buffer) => this.#verify(key),
      authHandler: (left, _partial, next) => void this.#nextMethod(left, next),
    });
  }

  #verify(blob: Buffer): boolean {
    const key = describeHostKey(blob);
    this.#hostKey = key;
    const judgement = judgeHostKey(key, this.#parts.pins, this.#parts.known);
    const { verdict } = judgement;
    if (this.#parts.onHostKey?.({ key, verdict, serverVersion: this.#serverVersion() ?? '' }) === true) return true;
    if (judgement.verdict === 'trusted') {
      this.#trustedBecause = judgement.because;
      return true;
    }
    const endpoint = this.#endpoint;
    const presented = toPin(key);
    const { place } = this.#parts;
    const hop = place === undefined ? {} : { hop: place };
    this.#failure ??=
      judgement.verdict === 'unknown'
        ? new AppError('connection.identity-unknown', `the host key of ${endpoint} is not known yet: ${presented}`, {
            endpoint,
            presented,
            ...hop,
          })
        : new AppError('connection.identity-changed', `${endpoint} presented another host key: ${presented}`, {
            endpoint,
            expected: judgement.expected,
            presented,
            ...hop,
          });
    return false;
  }

  async #nextMethod(left: readonly AuthenticationType[] | null, next: NextAuthHandler): Promise<void> {
    this.#restartTimer();
    try {
      const method = await this.#authenticator?.next(left ?? []);
      // The types leave out `false`, which ends the sign-in.
      next((method ?? false) as Parameters<NextAuthHandler>[0]);
    } catch (error) {
      this.fail(toAppError(error, 'sign-in'));
    }
  }

  #restartTimer(): void {
    this.#timer?.dispose();
    this.#timer = this.#parts.clock.after(answerTimeoutMs, () =>
      this.fail(
        this.#isOtherProtocol() ? notSsh(this.#endpoint, this.#greeting) : silent(this.#endpoint, answerTimeoutMs),
      ),
    );
  }

  readonly #readGreeting = (chunk: Buffer): void => {
    if (this.#greeting.length < 1_024) this.#greeting += chunk.toString('latin1').slice(0, 1_024);
    if (this.#greeting.length >= 1_024 || this.#serverVersion() !== undefined) {
      this.#socket.removeListener('data', this.#readGreeting);
    }
  };

  #serverVersion(): string | undefined {
    return /^(SSH-[^\r\n]*)\r?\n/m.exec(this.#greeting)?.[1];
  }

  /** Lines before the version line are allowed (RFC 4253, 4.2), so only a missing version line tells. */
  #isOtherProtocol(): boolean {
    return this.#greeting !== '' && !/^SSH-(2\.0|1\.99)-/m.test(this.#greeting);
  }

  #explain(error: unknown): AppError {
    if (isAnyAppError(error)) return error;
    const { level } = error as { level?: unknown };
    if (this.#isOtherProtocol()) return notSsh(this.#endpoint, this.#greeting);
    if (level === 'client-authentication') {
      return this.#authenticator?.failure(causeOf(error)) ?? lost(this.#endpoint, causeOf(error));
    }
    const cause = causeOf(error);
    if (this.#greeting === '') return lost(this.#endpoint, 'closed before the SSH greeting');
    if (!this.#hasAgreedKeys && isHandshakeFailure(error)) {
      return new AppError('connection.wrong-protocol', `${this.#endpoint}: ${cause}`, {
        endpoint: this.#endpoint,
        expected: 'SSH 2.0 with algorithms known here',
        excerpt: cause,
      });
    }
    if (this.#hasAgreedKeys) {
      const known = this.#authenticator?.failure(cause);
      // "Too many authentication failures" and the like: the server hung up because of the sign-in.
      if (known !== undefined && (known.code !== 'auth.rejected' || /authentication/i.test(cause))) return known;
    }
    return lost(this.#endpoint, cause);
  }
}
