import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { startChild, stopChild, within } from './children.ts';

/** The loopback host in a process of its own. */
export interface BenchHost {
  readonly url: string;
  readonly pid: number;
  /** From spawn to the printed address. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/** Starts dist/host-node on a profile. */
export async function startHost(profilePath: string): Promise<BenchHost> {
  const start = performance.now();
  const script = resolve('dist/host-node/main.js');
  const child = startChild(script, ['--port', '0', '--no-open', '--profile', profilePath], 'ignore');
  const url = await within(30_000, 'the host prints its address', addressOf(child));
  const { pid } = child;
  if (pid === undefined) throw new Error('the host did not start');
  const startMs = performance.now() - start;
  return { url, pid, startMs, stop: () => stopChild(child, () => child.kill('SIGINT')) };
}

function addressOf(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('no output');
  // The reader stays: a pipe that nobody empties would stop the host.
  const lines = createInterface({ input: stdout });
  return new Promise((done, failed) => {
    lines.on('line', (line) => {
      const url = /^Wheelhouse is at (\S+)/.exec(line)?.[1];
      if (url !== undefined) done(url);
    });
    lines.on('close', () => failed(new Error('the host ended before it was there')));
  });
}

/** CPU time of a process and all its threads so far, in milliseconds (Linux). */
export function cpuMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    } catch {
      // The thread ended while we looked.
    }
  }
  return nanoseconds / 1e6;
}

/** Resident memory of a process in MiB. */
export function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
