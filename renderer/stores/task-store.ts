import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Disposable } from '../../electron/contract/disposable.ts';
import type { EntityId } from '../../electron/contract/ids.ts';
import type { TaskFrame } from '../../electron/contract/inventory.ts';
import type { TaskRecord } from '../../electron/contract/records/index.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';

export interface TaskState {
  readonly status: 'waiting' | 'ready';
  /** A new map after every change. */
  readonly tasks: ReadonlyMap<EntityId, TaskRecord>;
  /** Running and waiting first, then the newest; parts of a bulk are not in it. */
  readonly ordered: readonly TaskRecord[];
}

/** Whether a task has not ended. */
export function isTaskActive(task: TaskRecord): boolean {
  return task.state === 'running' || task.state === 'waiting';
}

function order(tasks: ReadonlyMap<EntityId, TaskRecord>): readonly TaskRecord[] {
  return [...tasks.values()]
    .filter((task) => task.parentId === undefined)
    .sort((a, b) => Number(isTaskActive(b)) - Number(isTaskActive(a)) || b.startedAtMs - a.startedAtMs);
}

/** The tasks after a frame. */
export function applyTaskFrame(
  tasks: ReadonlyMap<EntityId, TaskRecord>,
  frame: TaskFrame,
): ReadonlyMap<EntityId, TaskRecord> {
  if (frame.type === 'snapshot') return new Map(frame.tasks.map((task) => [task.id, task]));
  const next = new Map(tasks);
  for (const id of frame.removed) next.delete(id);
  for (const task of frame.put) next.set(task.id, task);
  return next;
}

/** One list of tasks over all connections. */
export class TaskStore {
  readonly state: StoreApi<TaskState> = createStore<TaskState>(() => ({
    status: 'waiting',
    tasks: new Map(),
    ordered: [],
  }));

  constructor(private readonly client: Pick<ContractClient, 'stream'>) {}

  start(): Disposable {
    return this.client.stream('task.watch', {}, (frame) => {
      const tasks = applyTaskFrame(this.state.getState().tasks, frame);
      this.state.setState({ status: 'ready', tasks, ordered: order(tasks) });
    });
  }

  /** The parts of a bulk task, in the order in which they were asked for. */
  partsOf(bulkId: EntityId): readonly TaskRecord[] {
    return [...this.state.getState().tasks.values()].filter((task) => task.parentId === bulkId);
  }
}
