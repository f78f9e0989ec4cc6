import { authenticationId, type Caller } from '../access/rights.ts';
import { nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import type { SimNode } from '../state/node.ts';
import { clusterChanged } from '../state/publication.ts';
import type { SimTask } from '../state/task.ts';
import { formatUpid } from './upid.ts';

/** What a worker may do while it runs. */
export interface Work {
  readonly task: SimTask;
  /** Adds lines to the log. */
  say(...lines: readonly string[]): void;
  /** Goes on after a while, instead of what was to happen before; an abort or the host's death in between ends the worker instead. */
  later(delayMs: number, next: () => void): void;
  /** The good end. */
  done(): void;
  /** The good end with warnings in the log. */
  warned(count: number): void;
  fail(message: string): void;
  /** Runs when the task is ended by a signal, to give back a lock. */
  onAbort(cleanup: () => void): void;
}

/** A task to be started. */
export interface TaskOrder {
  readonly node: SimNode;
  readonly type: string;
  readonly id: string;
  readonly caller: Caller;
  /** What a signal leaves as the exit status; recorded for backups and most workers. */
  readonly abortStatus?: string;
  readonly run: (work: Work) => void;
}

/** How many ended tasks of a host `/cluster/tasks` still shows. */
export const recentTasksPerNode = 25;

/** So many tasks a cluster remembers; the oldest ended ones are forgotten. */
const rememberedTasks = 4000;

/** Starts a worker and answers with its UPID at once, as PVE does. */
export function startTask(state: ClusterState, order: TaskOrder): string {
  const task = createTask(state, order);
  forgetOldTasks(state);
  state.tasks.set(task.upid, task);
  clusterChanged(state);
  let cancel = (): void => undefined;
  let cleanup = (): void => undefined;
  const finish = (exitStatus: string, lastLine: string | undefined): void => {
    if (task.exitStatus !== undefined) return;
    if (lastLine !== undefined) task.log.push(lastLine);
    task.exitStatus = exitStatus;
    task.endedAt = nowSeconds(state);
    delete task.abort;
    delete task.vanish;
    clusterChanged(state);
  };
  task.abort = () => {
    cancel();
    cleanup();
    finish(order.abortStatus ?? 'interrupted by signal', `TASK ERROR: ${order.abortStatus ?? 'interrupted by signal'}`);
  };
  task.vanish = () => {
    cancel();
    cleanup();
    finish('unexpected status', undefined);
  };
  const work: Work = {
    task,
    say: (...lines) => void task.log.push(...lines),
    later: (delayMs, next) => {
      cancel();
      cancel = state.clock.after(delayMs, next);
    },
    done: () => finish('OK', 'TASK OK'),
    warned: (count) => finish(`WARNINGS: ${count}`, `TASK WARNINGS: ${count}`),
    fail: (message) => finish(message, `TASK ERROR: ${message}`),
    onAbort: (run) => {
      cleanup = run;
    },
  };
  work.later(30, () => order.run(work));
  return task.upid;
}

function forgetOldTasks(state: ClusterState): void {
  if (state.tasks.size < rememberedTasks) return;
  let surplus = rememberedTasks / 4;
  for (const task of state.tasks.values()) {
    if (task.exitStatus !== undefined) state.tasks.delete(task.upid);
    surplus -= 1;
    if (surplus <= 0) return;
  }
}

function createTask(state: ClusterState, order: TaskOrder): SimTask {
  const pid = order.node.nextPid;
  order.node.nextPid += 1 + Math.floor(state.random.next() * 30);
  const parts = {
    node: order.node.name,
    pid,
    pstart: Math.floor((state.clock.now() - order.node.bootedAtMs) / 10) % 0x1_0000_0000,
    startedAt: nowSeconds(state),
    type: order.type,
    id: order.id,
  };
  return {
    ...parts,
    upid: formatUpid({ ...parts, user: authenticationId(order.caller) }),
    user: order.caller.user,
    ...(order.caller.tokenId === undefined ? {} : { tokenId: order.caller.tokenId }),
    log: [],
  };
}
