import { Writable } from 'node:stream';
import { createInterface } from 'node:readline';
import { cancelled } from '../../contract/errors.ts';

/** What a command reads and writes: data to `out`, everything else to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether data goes to somebody's eyes. */
  readonly isOutTerminal: boolean;
  readonly hasColours: boolean;
  /** Whether somebody can be asked. */
  readonly canAsk: boolean;
  /** A line typed by the user. Hidden ones are not shown. Rejects with `operation.cancelled` on Ctrl+C, Ctrl+D or abort. */
  ask(question: string, options: { readonly isHidden: boolean; readonly signal: AbortSignal }): Promise<string>;
}

/** The terminal of this process. `NO_COLOR` is honoured (https://no-color.org). */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isOutTerminal: isTerminal(stdout),
    hasColours: isTerminal(stdout) && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    canAsk: isTerminal(stdin) && isTerminal(stderr),
    ask: askOnTerminal,
  };
}

/** Node's types say that it is always there; in a pipe it is not. */
function isTerminal(stream: { readonly isTTY?: boolean }): boolean {
  return stream.isTTY === true;
}

function askOnTerminal(
  question: string,
  { isHidden, signal }: { readonly isHidden: boolean; readonly signal: AbortSignal },
): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelled());
      return;
    }
    stderr.write(question);
    // Readline shows what is typed on its output; a hidden answer goes nowhere.
    const output = isHidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : stderr;
    const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0, prompt: '' });
    let isAnswered = false;
    const onAbort = (): void => lines.close();
    signal.addEventListener('abort', onAbort, { once: true });
    lines.once('line', (line) => {
      isAnswered = true;
      lines.close();
      resolve(line);
    });
    lines.once('SIGINT', () => {
      // At once, not by a signal: the command must know before it hears that the question was not answered.
      process.emit('SIGINT', 'SIGINT');
      lines.close();
    });
    lines.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      stdin.pause();
      if (isHidden || !isAnswered) stderr.write('\n');
      if (!isAnswered) reject(cancelled());
    });
  });
}
