import type { ClientChannel } from 'ssh2';
import type { Disposable } from '../../contract/disposable.ts';
import type { RunningProcess } from '../../core/ports/host-link.ts';
import { LineSplitter } from '../process/captured-output.ts';
import { ProcessListeners } from '../process/process-listeners.ts';
import type { OpenedChannel } from './opened-channel.ts';
import { readPrologue } from './prologue.ts';

/** A program on the far side that goes on. What login scripts print before it is left out. */
export class RemoteStream implements RunningProcess {
  readonly #channel: ClientChannel;
  readonly #kill: () => void;
  readonly #listeners = new ProcessListeners();
  readonly #hasBegun = { stdout: false, stderr: false };
  #pid: number | undefined;
  #isKilled = false;

  constructor(opened: OpenedChannel, kill: () => void) {
    const { channel } = opened;
    this.#channel = channel;
    this.#kill = kill;
    const stdout = new LineSplitter((line) => this.#takeLine(line, 'stdout'));
    const stderr = new LineSplitter((line) => this.#takeLine(line, 'stderr'));
    channel.on('data', (chunk: Buffer) => stdout.add(chunk));
    channel.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
    channel.on('error', () => undefined);
    channel.on('close', () => {
      stdout.finish();
      stderr.finish();
      this.#listeners.tellExit(opened.status ?? { code: null, signal: null });
    });
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  onLine(listener: Parameters<RunningProcess['onLine']>[0]): Disposable {
    return this.#listeners.onLine(listener);
  }

  onExit(listener: Parameters<RunningProcess['onExit']>[0]): Disposable {
    return this.#listeners.onExit(listener);
  }

  write(text: string): void {
    if (!this.#listeners.hasExited && this.#channel.writable) this.#channel.write(text);
  }

  kill(): void {
    if (this.#isKilled || this.#listeners.hasExited) return;
    this.#isKilled = true;
    this.#kill();
  }

  /** The connection is gone; the channel will not say so itself. */
  abandon(): void {
    this.#listeners.tellExit({ code: null, signal: null });
  }

  #takeLine(line: string, stream: 'stdout' | 'stderr'): void {
    if (this.#hasBegun[stream]) {
      this.#listeners.tellLine(line, stream);
      return;
    }
    const begun = readPrologue(`${line}\n`);
    if (begun === undefined) return;
    this.#hasBegun[stream] = true;
    this.#pid = begun.pid;
  }
}
