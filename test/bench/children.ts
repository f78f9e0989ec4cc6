import { spawn, type ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
// Whatever way the bench ends, nothing of it stays behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

/** Starts a Node script that ends with the bench at the latest. Its errors are shown. */
export function startChild(script: string, args: readonly string[], stdin: 'pipe' | 'ignore'): ChildProcess {
  const child = spawn(process.execPath, [script, ...args], { stdio: [stdin, 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const endingMs = 10_000;

/** Asks a child to end, waits, and ends it by force when it takes too long. */
export async function stopChild(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((done) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endingMs);
    child.once('exit', () => {
      clearTimeout(timer);
      done();
    });
    ask();
  });
}

/** Rejects with what was waited for when it takes longer than that. */
export async function within<T>(limitMs: number, what: string, wait: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      wait,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what}: not within ${limitMs / 1000} s`)), limitMs);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
