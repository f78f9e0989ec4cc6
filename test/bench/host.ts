import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

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
  const child = spawn(
    process.execPath,
    [resolve('dist/host-node/main.js'), '--port', '0', '--no-open', '--profile', profilePath],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const url = await addressOf(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('the host did not start');
  return {
    url,
    pid,
    startMs: performance.now() - start,
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGINT');
      }),
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^Wheelhouse is at (\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the host ended before it was there');
}

/** CPU time of a process so far, in milliseconds (user and system; Linux, 100 ticks a second). */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Resident memory of a process in MiB. */
export function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}
