import { setMaxListeners } from 'node:events';
import type { Client, ClientChannel } from 'ssh2';
import { AppError, cancelled } from '../../contract/errors.ts';
import type { Disposable } from '../../contract/disposable.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ArgumentVector, HostLink, RunningProcess, RunOptions, RunResult } from '../../core/ports/host-link.ts';
import type { Log } from '../../core/ports/log.ts';
import { ChannelGate } from './channel-gate.ts';
import { OpenedChannel } from './opened-channel.ts';
import { RemoteCommand } from './remote-command.ts';
import { RemoteStream } from './remote-stream.ts';
import { buildRemoteLine } from './shell-words.ts';
import { causeOf, lost } from './ssh-failures.ts';

/** The far side ends a process itself this much later than we do, should our own signal not arrive. */
const farTimeoutSlackMs = 1_000;
/** How long a place stays taken by a channel that was ended from here and whose end the server does not confirm. */
const closeGraceMs = 3_000;
/** sshd frees a closed channel's place a moment after it confirmed the end. */
const refusedPauseMs = 50;
const maxRefusals = 40;
const patientRefusals = 8;

export interface SshLinkParts {
  /** From the first hop to the target, which is the last. */
  readonly clients: readonly Client[];
  readonly endpoint: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly gate?: ChannelGate;
}

/** Programs on a host over one SSH connection. Made by `openSshLink`. */
export class SshLink implements HostLink {
  readonly #target: Client;
  readonly #clients: readonly Client[];
  readonly #endpoint: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #gate: ChannelGate;
  readonly #streams = new Set<RemoteStream>();
  /** Channels that are being opened: the library forgets their callbacks when the connection goes. */
  readonly #opening = new Set<(error: AppError) => void>();
  readonly #lostListeners = new Set<(error: Error) => void>();
  #ended: AppError | undefined;
  #wasClosed = false;

  constructor(parts: SshLinkParts) {
    const target = parts.clients.at(-1);
    if (target === undefined) throw new RangeError('an SSH link needs at least one connection');
    this.#target = target;
    this.#clients = parts.clients;
    this.#endpoint = parts.endpoint;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#gate = parts.gate ?? new ChannelGate();
    for (const client of parts.clients) {
      client.on('error', (error) => this.#lose(causeOf(error)));
      client.on('close', () => this.#lose('closed by the host'));
    }
  }

  async run(argv: ArgumentVector, options: RunOptions, signal: AbortSignal): Promise<RunResult> {
    const line = buildRemoteLine(argv, options.timeoutMs + farTimeoutSlackMs);
    const { opened, leave } = await this.#open(line, 'command', signal);
    const { channel } = opened;
    const command = new RemoteCommand({
      opened,
      program: argv[0],
      options,
      clock: this.#clock,
      endpoint: this.#endpoint,
    });
    void this.#leaveWhenClosed(channel, leave);
    try {
      return await command.result(signal);
    } catch (error) {
      if (this.#ended !== undefined) throw this.#ended;
      this.#endRemotely(channel, command.pid, leave);
      throw error;
    }
  }

  async start(argv: ArgumentVector, signal: AbortSignal): Promise<RunningProcess> {
    const { opened, leave } = await this.#open(buildRemoteLine(argv), 'stream', signal);
    const { channel } = opened;
    const stream = new RemoteStream(opened, () => this.#endRemotely(channel, stream.pid, () => stream.abandon()));
    this.#streams.add(stream);
    stream.onExit(() => {
      this.#streams.delete(stream);
      leave();
    });
    return stream;
  }

  onLost(listener: (error: Error) => void): Disposable {
    const ended = this.#ended;
    // Lost before anybody listened: told all the same, else the session would look alive for ever.
    if (ended !== undefined && !this.#wasClosed) queueMicrotask(() => listener(ended));
    this.#lostListeners.add(listener);
    return { dispose: () => void this.#lostListeners.delete(listener) };
  }

  close(): void {
    this.#lostListeners.clear();
    this.#wasClosed ||= this.#ended === undefined;
    this.#lose('closed from here');
  }

  /** Opens a channel when there is a place. A server that allows fewer channels than thought lowers our own limit. */
  async #open(
    line: string,
    use: 'command' | 'stream',
    signal: AbortSignal,
  ): Promise<{ readonly opened: OpenedChannel; readonly leave: () => void }> {
    // One signal commonly guards all commands of a poll.
    setMaxListeners(0, signal);
    for (let refusals = 0; ; refusals += 1) {
      if (this.#ended !== undefined) throw this.#ended;
      const leave = await this.#gate.enter(use, signal);
      try {
        return { opened: await this.#exec(line, signal), leave };
      } catch (error) {
        const others = this.#gate.openCount - 1;
        leave();
        if (!(error instanceof ChannelRefused)) throw error;
        if (use === 'stream' || refusals >= maxRefusals) throw refusedByServer(error.message);
        await this.#yieldPlaces(others, refusals, signal);
      }
    }
  }

  async #yieldPlaces(others: number, refusals: number, signal: AbortSignal): Promise<void> {
    if (others > 0 && others < this.#gate.limit) {
      this.#log('info', 'ssh-channels-limited', { endpoint: this.#endpoint, open: others });
      this.#gate.lowerLimit(others);
    }
    // Only streams hold the places (MaxSessions 1): commands matter more, hints come by polling then.
    const onlyStreamsAreOpen = others > 0 && this.#streams.size === others;
    if (onlyStreamsAreOpen && refusals >= patientRefusals) for (const stream of this.#streams) stream.kill();
    await this.#clock.sleep(refusedPauseMs, signal);
  }

  #exec(line: string, signal: AbortSignal): Promise<OpenedChannel> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const fail = (error: Error) => {
        isOver = true;
        settle();
        reject(error);
      };
      const onAbort = () => fail(cancelled());
      const settle = () => {
        this.#opening.delete(fail);
        signal.removeEventListener('abort', onAbort);
      };
      this.#opening.add(fail);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        this.#target.exec(line, (error, channel) => {
          settle();
          if (error !== undefined) reject(new ChannelRefused(causeOf(error)));
          else if (isOver) channel.close();
          else resolve(new OpenedChannel(channel));
        });
      } catch (error) {
        fail(lost(this.#endpoint, causeOf(error)));
      }
    });
  }

  async #leaveWhenClosed(channel: ClientChannel, leave: () => void): Promise<void> {
    await new Promise<void>((resolve) => channel.once('close', () => resolve()));
    leave();
  }

  /**
   * Ends a process by a second command, because sshd of root's sessions refuses SSH's signal request (OpenSSH 9.2).
   * The process is the leader of its group: sshd starts each session in one of its own.
   */
  #endRemotely(channel: ClientChannel, pid: number | undefined, giveUp: () => void): void {
    const close = () => channel.close();
    const grace = this.#clock.after(closeGraceMs, () => {
      channel.destroy();
      giveUp();
    });
    channel.once('close', () => grace.dispose());
    if (pid === undefined || this.#ended !== undefined) {
      close();
      return;
    }
    const group = `-- -${pid}`;
    const line = `kill -s TERM ${group} 2>/dev/null || kill -s TERM ${pid} 2>/dev/null; sleep 2; kill -s KILL ${group} 2>/dev/null; true`;
    try {
      this.#target.exec(`exec sh -c '${line}'`, (error, killer) => {
        close();
        if (error !== undefined) return;
        killer.resume();
        killer.stderr.resume();
      });
    } catch {
      close();
    }
  }

  #lose(cause: string): void {
    if (this.#ended !== undefined) return;
    const error = lost(this.#endpoint, cause);
    this.#ended = error;
    this.#gate.close(error);
    for (const client of this.#clients.toReversed()) client.destroy();
    for (const fail of this.#opening) fail(error);
    for (const stream of this.#streams) stream.abandon();
    const listeners = [...this.#lostListeners];
    this.#lostListeners.clear();
    for (const listener of listeners) listener(error);
  }
}

/** The server would not open a channel. */
class ChannelRefused extends Error {}

function refusedByServer(text: string): AppError {
  return new AppError('remote.refused', `the SSH server opens no channel: ${text}`, {
    command: 'session channel',
    status: 'refused',
    text,
  });
}
