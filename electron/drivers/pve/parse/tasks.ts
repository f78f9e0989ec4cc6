import { z } from 'zod';
import { number, text } from './scalars.ts';
import { parseUpid, type Upid } from './upid.ts';
import { parseWith, unintelligible } from './unintelligible.ts';

/** A task as the lists tell it. A running one has no end; `status` is absent, or `RUNNING` in a node's own list. */
export interface PveTask {
  readonly upid: Upid;
  readonly endedAtMs?: number;
  /** The closing words; empty while it runs. */
  readonly status: string;
}

const taskEntry = z.object({
  upid: z.string(),
  endtime: number.optional(),
  status: text.optional(),
});

/** `GET /cluster/tasks` or `/nodes/{n}/tasks`. An entry whose UPID has another form is left out. */
export function parseTasks(data: unknown, command: string): readonly PveTask[] {
  const tasks: PveTask[] = [];
  for (const entry of parseWith(z.array(taskEntry), data, command)) {
    const upid = parseUpid(entry.upid);
    if (upid === undefined) continue;
    const isRunning = entry.endtime === undefined && (entry.status === undefined || entry.status === 'RUNNING');
    tasks.push({
      upid,
      status: isRunning ? '' : (entry.status ?? ''),
      ...(entry.endtime !== undefined && { endedAtMs: entry.endtime * 1000 }),
    });
  }
  return tasks;
}

/** The UPID that a worker was given. Rejects with `remote.unintelligible`. */
export function parseStartedTask(data: unknown, command: string): Upid {
  const upid = typeof data === 'string' ? parseUpid(data) : undefined;
  if (upid === undefined) throw unintelligible(command, JSON.stringify(data) ?? '', 'no task id');
  return upid;
}

const statusSchema = z.object({ status: z.string(), exitstatus: text.optional() });

/** `GET .../tasks/{upid}/status`: undefined while it runs, else its closing words. */
export function parseTaskEnd(data: unknown, command: string): string | undefined {
  const { status, exitstatus } = parseWith(statusSchema, data, command);
  if (status === 'running') return undefined;
  return exitstatus ?? 'unexpected status';
}

const logSchema = z.array(z.object({ n: number, t: text.optional() }));

/** `GET .../tasks/{upid}/log`: the lines in order. */
export function parseTaskLog(data: unknown, command: string): readonly string[] {
  return parseWith(logSchema, data, command)
    .toSorted((a, b) => a.n - b.n)
    .map((line) => line.t ?? '');
}

/** How a task ended, by its closing words (recorded on 9.1.9). An aborted one says which way it was stopped. */
export function outcomeOf(closingWords: string): 'succeeded' | 'warnings' | 'failed' | 'cancelled' {
  if (closingWords === 'OK') return 'succeeded';
  if (/^WARNINGS: \d+/.test(closingWords)) return 'warnings';
  if (/^interrupted by signal|received interrupt$/.test(closingWords)) return 'cancelled';
  return 'failed';
}
