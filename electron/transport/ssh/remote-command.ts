import { AppError, cancelled } from '../../contract/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { RunOptions, RunResult } from '../../core/ports/host-link.ts';
import { CapturedOutput } from '../process/captured-output.ts';
import type { OpenedChannel } from './opened-channel.ts';
import { readPrologue } from './prologue.ts';
import { lost } from './ssh-failures.ts';

interface RemoteCommandParts {
  readonly opened: OpenedChannel;
  /** For error texts; arguments are left out, they may hold what must not be logged. */
  readonly program: string;
  readonly options: RunOptions;
  readonly clock: Clock;
  readonly endpoint: string;
}

/** One program on the far side from its start to its end, with its limits. Listens from its construction on. */
export class RemoteCommand {
  readonly #parts: RemoteCommandParts;
  readonly #output: CapturedOutput;
  readonly #finished: Promise<RunResult>;
  #settle: { resolve: (result: RunResult) => void; reject: (error: Error) => void } | undefined;

  constructor(parts: RemoteCommandParts) {
    this.#parts = parts;
    this.#output = new CapturedOutput(parts.options.maxBytes);
    this.#finished = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#listen();
    parts.opened.channel.end(parts.options.stdin ?? '');
  }

  /** Of the program itself and of its process group; known once its first output came. */
  get pid(): number | undefined {
    return readPrologue(this.#output.text('stdout'))?.pid ?? readPrologue(this.#output.text('stderr'))?.pid;
  }

  async result(signal: AbortSignal): Promise<RunResult> {
    const { clock, options, program } = this.#parts;
    const onAbort = () => this.#settle?.reject(cancelled());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = clock.after(options.timeoutMs, () =>
      this.#settle?.reject(
        new AppError('operation.timed-out', `${program} took more than ${options.timeoutMs} ms`, {
          operation: program,
          afterMs: options.timeoutMs,
        }),
      ),
    );
    try {
      return await this.#finished;
    } finally {
      timer.dispose();
      signal.removeEventListener('abort', onAbort);
    }
  }

  #listen(): void {
    const { opened } = this.#parts;
    const { channel } = opened;
    channel.on('data', (chunk: Buffer) => this.#take('stdout', chunk));
    channel.stderr.on('data', (chunk: Buffer) => this.#take('stderr', chunk));
    // Writing to a program that has closed its input is not a failure of the program.
    channel.on('error', () => undefined);
    channel.on('close', () => {
      const { status } = opened;
      if (status === undefined) this.#settle?.reject(lost(this.#parts.endpoint, 'the channel closed without a status'));
      else this.#finish(status);
    });
  }

  #take(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    if (this.#output.add(stream, chunk)) return;
    const { options, program } = this.#parts;
    this.#settle?.reject(
      new AppError('remote.too-much', `${program} said more than ${options.maxBytes} bytes`, {
        command: program,
        limitBytes: options.maxBytes,
      }),
    );
  }

  /** Without the prologue's mark our line was never run: a forced command, or an account that may not log in. */
  #finish(status: { readonly code: number | null; readonly signal: string | null }): void {
    const stdout = this.#output.text('stdout');
    const stderr = this.#output.text('stderr');
    const ours = readPrologue(stdout);
    if (ours === undefined) {
      this.#settle?.reject(
        new AppError('remote.unintelligible', `the account's shell did not run ${this.#parts.program}`, {
          command: this.#parts.program,
          excerpt: `${stdout}\n${stderr}`.trim().slice(0, 400),
        }),
      );
      return;
    }
    this.#settle?.resolve({ ...status, stdout: ours.rest, stderr: readPrologue(stderr)?.rest ?? stderr });
  }
}
