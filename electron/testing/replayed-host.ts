import { readFileSync } from 'node:fs';
import { AppError } from '../contract/errors.ts';
import type { HostLink, RunResult } from '../core/ports/host-link.ts';

/** One of the recorded answers of a Debian host; their mark is `@@MARK`. */
export function hostRecording(name: string): string {
  return readFileSync(new URL(`../drivers/debian/fixtures/${name}.txt`, import.meta.url), 'utf8');
}

/** The mark in recordings. */
export const recordedMark = '@@MARK';

/** One command that was run: its words, or the parameters of a script without the mark. */
export interface SeenCommand {
  readonly script: string | undefined;
  readonly words: readonly string[];
}

const plainResult = (stdout: string): RunResult => ({ code: 0, signal: null, stdout, stderr: '' });

/**
 * A host that answers from texts. `answer` is given each command and returns its output (with `@@MARK` where the mark
 * of this run belongs), or a whole result.
 */
export class ReplayedHost implements HostLink {
  readonly seen: SeenCommand[] = [];
  #isClosed = false;
  readonly #answer: (command: SeenCommand) => string | RunResult;

  constructor(answer: (command: SeenCommand) => string | RunResult) {
    this.#answer = answer;
  }

  run(argv: readonly string[], _options: unknown, signal: AbortSignal): Promise<RunResult> {
    if (signal.aborted) return Promise.reject(new AppError('operation.cancelled', 'cancelled', {}));
    if (this.#isClosed) {
      return Promise.reject(new AppError('connection.lost', 'closed', { endpoint: 'replayed', cause: 'closed' }));
    }
    const at = argv.indexOf('wheelhouse');
    const isScript = at > 0;
    const command = isScript
      ? { script: argv[at - 1], words: argv.slice(at + 2) }
      : { script: undefined, words: [...argv] };
    this.seen.push(command);
    const answer = this.#answer(command);
    if (typeof answer !== 'string') return Promise.resolve(answer);
    return Promise.resolve(plainResult(isScript ? answer.replaceAll(recordedMark, argv[at + 1] ?? '') : answer));
  }

  start(): Promise<never> {
    return Promise.reject(new AppError('remote.refused', 'no streams', { command: 'start', status: 1, text: '' }));
  }

  onLost(): { dispose(): void } {
    return { dispose: () => undefined };
  }

  close(): void {
    this.#isClosed = true;
  }
}

/** A batch output with one section for each entry, as the scripts print it. */
export function batchOutput(sections: Readonly<Record<string, string | { code: number; stderr: string }>>): string {
  const all: typeof sections = { ...sections, end: '' };
  return Object.entries(all)
    .map(([name, section]) => {
      const [stdout, code, stderr] =
        typeof section === 'string' ? [section, 0, ''] : ['', section.code, section.stderr];
      return `\n@@MARK begin ${name}\n${stdout}\n@@MARK end ${code}\n${stderr}\n@@MARK done\n`;
    })
    .join('');
}
