import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Disposable } from '../../contract/disposable.ts';
import { AppError, cancelled } from '../../contract/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ArgumentVector, HostLink, RunningProcess, RunOptions, RunResult } from '../../core/ports/host-link.ts';
import { CapturedOutput, LineSplitter } from '../process/captured-output.ts';
import { ProcessListeners } from '../process/process-listeners.ts';

/** From SIGTERM to SIGKILL. */
const killGraceMs = 2_000;

interface LocalLinkOptions {
  readonly clock: Clock;
  /** Added to the app's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Programs on this machine, without any shell. It cannot get lost. */
export function openLocalLink(options: LocalLinkOptions): HostLink {
  return new LocalLink(options);
}

class LocalLink implements HostLink {
  readonly #options: LocalLinkOptions;
  readonly #children = new Set<ChildProcessWithoutNullStreams>();
  #isClosed = false;

  constructor(options: LocalLinkOptions) {
    this.#options = options;
  }

  async run(argv: ArgumentVector, options: RunOptions, signal: AbortSignal): Promise<RunResult> {
    if (signal.aborted) throw cancelled();
    const child = this.#spawn(argv);
    const program = argv[0];
    const output = new CapturedOutput(options.maxBytes);
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        reject(error);
        this.#kill(child);
      };
      const onAbort = () => fail(cancelled());
      const timer = this.#options.clock.after(options.timeoutMs, () => fail(timedOut(program, options.timeoutMs)));
      signal.addEventListener('abort', onAbort, { once: true });
      const take = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
        if (!output.add(stream, chunk)) fail(tooMuch(program, options.maxBytes));
      };
      child.stdout.on('data', take('stdout'));
      child.stderr.on('data', take('stderr'));
      // A program that does not exist ends like the shell would say it: code 127.
      const finish = (code: number | null, signalName: string | null) => {
        timer.dispose();
        signal.removeEventListener('abort', onAbort);
        resolve({ code, signal: signalName, stdout: output.text('stdout'), stderr: output.text('stderr') });
      };
      child.once('error', (error: NodeJS.ErrnoException) => {
        output.add('stderr', Buffer.from(`${program}: ${error.code ?? error.message}\n`));
        finish(error.code === 'ENOENT' ? 127 : 126, null);
      });
      child.once('close', finish);
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.stdin ?? '');
    });
  }

  async start(argv: ArgumentVector, signal: AbortSignal): Promise<RunningProcess> {
    if (signal.aborted) throw cancelled();
    const child = this.#spawn(argv);
    const listeners = new ProcessListeners();
    const stdout = new LineSplitter((line) => listeners.tellLine(line, 'stdout'));
    const stderr = new LineSplitter((line) => listeners.tellLine(line, 'stderr'));
    child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
    child.stdin.on('error', () => undefined);
    child.once('error', () => listeners.tellExit({ code: 127, signal: null }));
    child.once('close', (code, signalName) => {
      stdout.finish();
      stderr.finish();
      listeners.tellExit({ code, signal: signalName });
    });
    return {
      onLine: (listener) => listeners.onLine(listener),
      onExit: (listener) => listeners.onExit(listener),
      write: (text) => void (listeners.hasExited || child.stdin.write(text)),
      kill: () => this.#kill(child),
    };
  }

  onLost(): Disposable {
    return { dispose: () => undefined };
  }

  close(): void {
    this.#isClosed = true;
    for (const child of this.#children) this.#kill(child);
  }

  #spawn([program, ...args]: ArgumentVector): ChildProcessWithoutNullStreams {
    if (this.#isClosed) throw new AppError('connection.lost', 'closed', { endpoint: '', cause: 'closed from here' });
    const env = { ...process.env, ...this.#options.environment, LC_ALL: 'C.UTF-8' };
    // A process group of its own, so that a time-out ends its children as well.
    const child = spawn(program, args, { env, detached: true, stdio: 'pipe', windowsHide: true });
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    return child;
  }

  #kill(child: ChildProcessWithoutNullStreams): void {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    signalGroup(child.pid, 'SIGTERM');
    const { pid } = child;
    const timer = this.#options.clock.after(killGraceMs, () => signalGroup(pid, 'SIGKILL'));
    child.once('close', () => timer.dispose());
  }
}

function signalGroup(pid: number, signalName: NodeJS.Signals): void {
  try {
    process.kill(-pid, signalName);
  } catch {
    // It has ended by itself meanwhile.
  }
}

function timedOut(program: string, afterMs: number): AppError {
  return new AppError('operation.timed-out', `${program} took more than ${afterMs} ms`, {
    operation: program,
    afterMs,
  });
}

function tooMuch(program: string, limitBytes: number): AppError {
  return new AppError('remote.too-much', `${program} said more than ${limitBytes} bytes`, {
    command: program,
    limitBytes,
  });
}
