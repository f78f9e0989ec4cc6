import type { Disposable } from '../../contract/disposable.ts';
import type { ConnectionId, EntityId } from '../../contract/ids.ts';
import type { TaskFrame } from '../../contract/inventory.ts';
import type { TaskRecord, TaskState } from '../../contract/records/index.ts';
import { isSameValue } from '../inventory/record-equality.ts';
import type { Clock } from '../ports/clock.ts';

/** Finished tasks that are kept, newest first; children go with their bulk. A day of a busy cluster, and a list that still opens at once. */
export const FINISHED_KEPT = 500;
/** How often in a row a running task may be absent from its host's list before nobody can say how it ended. Lists are cut at the newest. */
const ABSENCES_ALLOWED = 2;

/** Whether a task in this state goes on. */
export function isUnfinished(state: TaskState): boolean {
  return state === 'running' || state === 'waiting';
}

/** One list over all connections: what the hosts list, what we started, and bulks with their children. */
export class TaskList {
  readonly #tasks = new Map<EntityId, TaskRecord>();
  /** The host's id of a task that is known here under an id of our own, because it was listed before the host had begun it. */
  readonly #ownIds = new Map<EntityId, EntityId>();
  readonly #nativeIds = new Map<EntityId, EntityId>();
  readonly #absences = new Map<EntityId, number>();
  readonly #subscribers = new Set<(frame: TaskFrame) => void>();
  readonly #endListeners = new Set<(task: TaskRecord) => void>();
  readonly #removeListeners = new Set<(ids: readonly EntityId[]) => void>();
  /** What ended before this was dropped to keep the list short; hosts go on listing it. */
  #forgottenBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get(id: EntityId): TaskRecord | undefined {
    return this.#tasks.get(id);
  }

  all(): readonly TaskRecord[] {
    return [...this.#tasks.values()];
  }

  hasRunning(connectionId: ConnectionId): boolean {
    for (const task of this.#tasks.values())
      if (task.state === 'running' && task.connectionId === connectionId) return true;
    return false;
  }

  /** The id under which the host knows the task. */
  nativeIdOf(id: EntityId): EntityId {
    return this.#nativeIds.get(id) ?? id;
  }

  /** From now on the host's task is the one that we know as `own`. */
  adopt(own: EntityId, native: EntityId): void {
    if (own === native) return;
    this.#ownIds.set(native, own);
    this.#nativeIds.set(own, native);
    // The host may have listed it before we heard its name.
    if (this.#tasks.has(native)) this.#change([], [native]);
  }

  put(tasks: readonly TaskRecord[]): void {
    this.#change(tasks, []);
  }

  /** Changes one task; nothing happens when it is gone. A task that has ended keeps its end. */
  update(id: EntityId, change: Partial<TaskRecord>): void {
    const known = this.#tasks.get(id);
    if (known === undefined) return;
    if (!isUnfinished(known.state) && known.state !== 'unknown' && change.state !== undefined) return;
    this.#change([{ ...known, ...change }], []);
  }

  /** Takes over what one host lists. What it does not list any more stays until the list is full. */
  reconcile(connectionId: ConnectionId, listed: readonly TaskRecord[]): void {
    const put: TaskRecord[] = [];
    const present = new Set<EntityId>();
    for (const native of listed) {
      const id = this.#ownIds.get(native.id) ?? native.id;
      present.add(id);
      const known = this.#tasks.get(id);
      if (known === undefined && !isUnfinished(native.state) && (native.endedAtMs ?? 0) <= this.#forgottenBeforeMs)
        continue;
      const merged = known === undefined ? native : merge(known, native);
      if (known === undefined || !isSameValue(known, merged)) put.push(merged);
    }
    this.#change([...put, ...this.#absent(connectionId, present)], []);
  }

  /** The host went away: nobody can say what became of what ran there. The host's list will, when it is back. */
  lost(connectionId: ConnectionId): void {
    const put = this.all()
      .filter((task) => task.connectionId === connectionId && task.state === 'running' && !isBulk(task))
      .map((task) => ({ ...task, state: 'unknown' as const, canCancel: false, canRetry: task.isOurs }));
    this.#change(put, []);
  }

  /** The connection was removed, and its tasks with it. */
  removeConnection(connectionId: ConnectionId): void {
    this.#change(
      [],
      this.all()
        .filter((task) => task.connectionId === connectionId)
        .map((task) => task.id),
    );
  }

  /** Everything now, then every change. */
  watch(subscriber: (frame: TaskFrame) => void): Disposable {
    this.#subscribers.add(subscriber);
    subscriber({ type: 'snapshot', tasks: this.all() });
    return { dispose: () => void this.#subscribers.delete(subscriber) };
  }

  /** A task that was known to run has ended, in whatever way. */
  onDidEnd(listener: (task: TaskRecord) => void): Disposable {
    this.#endListeners.add(listener);
    return { dispose: () => void this.#endListeners.delete(listener) };
  }

  onDidRemove(listener: (ids: readonly EntityId[]) => void): Disposable {
    this.#removeListeners.add(listener);
    return { dispose: () => void this.#removeListeners.delete(listener) };
  }

  #absent(connectionId: ConnectionId, present: ReadonlySet<EntityId>): readonly TaskRecord[] {
    const gone: TaskRecord[] = [];
    for (const task of this.#tasks.values()) {
      // What we started is followed by its own events.
      if (task.connectionId !== connectionId || task.state !== 'running' || task.isOurs) continue;
      if (present.has(task.id)) {
        this.#absences.delete(task.id);
        continue;
      }
      const absences = (this.#absences.get(task.id) ?? 0) + 1;
      this.#absences.set(task.id, absences);
      if (absences > ABSENCES_ALLOWED) gone.push({ ...task, state: 'unknown', canCancel: false });
    }
    return gone;
  }

  #change(put: readonly TaskRecord[], removed: readonly EntityId[]): void {
    const ended: TaskRecord[] = [];
    for (const task of put) {
      const known = this.#tasks.get(task.id);
      if (known !== undefined && isUnfinished(known.state) && !isUnfinished(task.state)) ended.push(task);
      this.#tasks.set(task.id, task);
    }
    const dropped = [...removed, ...(put.some((task) => !isUnfinished(task.state)) ? this.#surplus() : [])];
    for (const id of dropped) this.#drop(id);
    if (put.length === 0 && dropped.length === 0) return;
    const frame: TaskFrame = { type: 'delta', put: put.filter((task) => this.#tasks.has(task.id)), removed: dropped };
    for (const subscriber of this.#subscribers) subscriber(frame);
    if (dropped.length > 0) for (const listener of this.#removeListeners) listener(dropped);
    for (const task of ended) for (const listener of this.#endListeners) listener(task);
  }

  #drop(id: EntityId): void {
    this.#tasks.delete(id);
    this.#absences.delete(id);
    const native = this.#nativeIds.get(id);
    this.#nativeIds.delete(id);
    if (native !== undefined) this.#ownIds.delete(native);
  }

  /** The oldest finished ones beyond the limit, bulks with their children. */
  #surplus(): readonly EntityId[] {
    const finished = this.all().filter((task) => task.parentId === undefined && !isUnfinished(task.state));
    if (finished.length <= FINISHED_KEPT) return [];
    const endMs = (task: TaskRecord): number => task.endedAtMs ?? task.startedAtMs;
    finished.sort((a, b) => endMs(b) - endMs(a));
    const surplus = finished.slice(FINISHED_KEPT);
    const ids = new Set(surplus.map((task) => task.id));
    for (const task of surplus) this.#forgottenBeforeMs = Math.max(this.#forgottenBeforeMs, endMs(task));
    for (const task of this.#tasks.values())
      if (task.parentId !== undefined && ids.has(task.parentId)) ids.add(task.id);
    return [...ids];
  }

  /** The present moment, for records made by others on this list's behalf. */
  now(): number {
    return this.clock.now();
  }
}

/** A bulk has no host of its own: it ends with its children. */
function isBulk(task: TaskRecord): boolean {
  return task.taskType.startsWith('bulk.');
}

/** What the host says about a task that we know already; what only we know stays. */
function merge(known: TaskRecord, native: TaskRecord): TaskRecord {
  if (!known.isOurs) return native;
  const isOver = !isUnfinished(known.state) && known.state !== 'unknown';
  // The host's list lags behind the events that we follow: an end is never taken back.
  if (isOver && isUnfinished(native.state)) return known;
  return {
    ...native,
    id: known.id,
    name: known.name,
    taskType: known.taskType,
    isOurs: true,
    canRetry: !isUnfinished(native.state) && native.state !== 'succeeded',
    ...(known.subjectId === undefined ? {} : { subjectId: known.subjectId }),
    ...(known.parentId === undefined ? {} : { parentId: known.parentId }),
    ...(known.error === undefined || native.state !== 'failed' ? {} : { error: known.error }),
  };
}
