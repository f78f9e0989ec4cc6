import type { EntityId } from '../../../electron/contract/ids.ts';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { isTaskActive } from '../../stores/task-store.ts';

export const taskFilters = ['all', 'running', 'failed', 'mine'] as const;
export type TaskFilter = (typeof taskFilters)[number];

/** Every opened console is a task of PVE, and on a busy day most of the list. */
const consoleTypes: ReadonlySet<string> = new Set(['vncproxy', 'vncshell', 'termproxy', 'spiceproxy', 'spiceshell']);

/** Whether a task is nothing but an open console. */
export function isConsoleTask(task: TaskRecord): boolean {
  return consoleTypes.has(task.taskType);
}

/** Whether a task did not end as it should. */
export function isTroubled(task: TaskRecord): boolean {
  return task.state === 'failed' || task.state === 'warnings';
}

/** Whether a task of the list is shown. */
export function matchesTaskFilter(task: TaskRecord, filter: TaskFilter, areConsolesShown: boolean): boolean {
  if (!areConsolesShown && isConsoleTask(task)) return false;
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return isTaskActive(task);
    case 'failed':
      return isTroubled(task);
    case 'mine':
      return task.isOurs;
  }
}

/** The parts of each bulk: those in trouble first, then the running ones, then the rest in their order. */
export function partsByBulk(tasks: Iterable<TaskRecord>): ReadonlyMap<EntityId, readonly TaskRecord[]> {
  const parts = new Map<EntityId, TaskRecord[]>();
  for (const task of tasks) {
    if (task.parentId === undefined) continue;
    const known = parts.get(task.parentId);
    if (known === undefined) parts.set(task.parentId, [task]);
    else known.push(task);
  }
  const rank = (task: TaskRecord): number => (isTroubled(task) ? 0 : isTaskActive(task) ? 1 : 2);
  for (const list of parts.values()) list.sort((a, b) => rank(a) - rank(b));
  return parts;
}

/** The list with the parts of every opened bulk under it. */
export function withParts(
  ordered: readonly TaskRecord[],
  parts: ReadonlyMap<EntityId, readonly TaskRecord[]>,
  expanded: ReadonlySet<EntityId>,
): readonly EntityId[] {
  return ordered.flatMap((task) =>
    expanded.has(task.id) ? [task.id, ...(parts.get(task.id) ?? []).map((part) => part.id)] : [task.id],
  );
}

/** The rows while the pointer is over them: what stands stays where it is, what is new comes last. */
export function holdOrder<Key>(held: readonly Key[], now: readonly Key[]): readonly Key[] {
  const left = new Set(now);
  const kept = held.filter((key) => left.delete(key));
  return [...kept, ...left];
}

export interface TaskCounts {
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  /** The running one that was begun last, to be shown with its progress. */
  readonly latest: TaskRecord | undefined;
}

const recentMs = 24 * 3_600_000;

/** What the panel's header says: consoles and the parts of a bulk are not counted. */
export function countTasks(ordered: readonly TaskRecord[], nowMs: number): TaskCounts {
  let running = 0;
  let done = 0;
  let failed = 0;
  let latest: TaskRecord | undefined;
  for (const task of ordered) {
    if (isConsoleTask(task)) continue;
    if (isTaskActive(task)) {
      running += 1;
      latest ??= task;
    } else if (nowMs - (task.endedAtMs ?? task.startedAtMs) < recentMs) {
      if (task.state === 'failed') failed += 1;
      else if (task.state !== 'unknown' && task.state !== 'cancelled') done += 1;
    }
  }
  return { running, done, failed, latest };
}
