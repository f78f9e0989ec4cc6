import type { Disposable } from '../../contract/disposable.ts';
import { AppError, toAppError } from '../../contract/errors.ts';
import { splitEntityId, type EntityId } from '../../contract/ids.ts';
import type { TaskRecord } from '../../contract/records/index.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';
import type { RandomSource } from '../ports/random.ts';
import { Bulks } from './bulk.ts';
import { Operations, type OperationsPorts } from './operations.ts';
import type { TaskLogFrame } from './task-log.ts';
import { isUnfinished } from './task-list.ts';

/** How often a watched log of a running task is read from its host. */
const LOG_EVERY_MS = 1_000;
/** The same while the host does not answer. */
const LOG_RETRY_MS = 5_000;
/** One read of a log. */
const CANCEL_TIMEOUT_MS = 30_000;

/** What can be done with tasks, whoever started them. */
export class Tasks {
  readonly operations: Operations;
  readonly bulks: Bulks;

  constructor(private readonly ports: OperationsPorts & { readonly random: RandomSource }) {
    this.operations = new Operations(ports);
    this.bulks = new Bulks(ports.tasks, this.operations, ports.random);
  }

  power(guestId: EntityId, action: GuestPowerAction, signal: AbortSignal): Promise<EntityId> {
    return this.operations.power({ guestId, action }, signal);
  }

  /** Rejects with `entity.not-found`, `entity.wrong-state` (it has ended), or what the host says. */
  async cancel(id: EntityId): Promise<void> {
    const task = this.#require(id);
    if (!isUnfinished(task.state)) throw wrongState(task, ['running', 'waiting']);
    const bulk = this.bulks.find(id);
    if (bulk !== undefined) return bulk.cancel();
    if (task.parentId !== undefined && this.bulks.find(task.parentId)?.cancelChild(id) === true) return;
    if (await this.operations.cancel(id)) return;
    const { tasks: facet } = this.ports.sessionOf(id);
    if (facet === undefined)
      throw new AppError('capability.unavailable', 'this host has no tasks', {
        capability: 'task.cancel',
        reason: 'driver-lacks-it',
        detail: '',
      });
    const limit = new AbortController();
    const timer = this.ports.clock.after(CANCEL_TIMEOUT_MS, () => limit.abort());
    try {
      await facet.cancel(this.ports.tasks.nativeIdOf(id), limit.signal);
    } finally {
      timer.dispose();
    }
  }

  /** Sends the same verb again; of a bulk, to those that did not succeed. */
  async retry(id: EntityId, signal: AbortSignal): Promise<EntityId> {
    const task = this.#require(id);
    if (isUnfinished(task.state)) throw wrongState(task, ['failed', 'cancelled', 'unknown', 'warnings']);
    const verb = this.operations.verbOf(id);
    const retried = verb === undefined ? this.bulks.retry(id) : await this.operations.power(verb, signal);
    if (retried === undefined) throw wrongState(task, ['failed', 'cancelled', 'unknown']);
    return retried;
  }

  /** The log of a task now and while it grows: the host's where it keeps one, else what the operation told us. */
  watchLog(id: EntityId, send: (frame: TaskLogFrame) => void): Disposable {
    this.#require(id);
    const life = new AbortController();
    let ring: Disposable | undefined;
    void this.#hostLog(id, send, life.signal, (watch) => (ring = watch)).catch((error: unknown) => {
      if (!life.signal.aborted)
        this.ports.log('warning', 'task-log-failed', { code: toAppError(error, 'task log').code });
    });
    return {
      dispose: () => {
        life.abort();
        ring?.dispose();
      },
    };
  }

  async #hostLog(
    id: EntityId,
    send: (frame: TaskLogFrame) => void,
    signal: AbortSignal,
    onRing: (watch: Disposable) => void,
  ): Promise<void> {
    let nextLine = 0;
    let isSent = false;
    while (!signal.aborted) {
      const task = this.ports.tasks.get(id);
      if (task === undefined || this.bulks.find(id) !== undefined || task.state === 'waiting') {
        if (!isSent) send({ firstLine: 0, lines: [], isComplete: task?.state !== 'waiting' });
        isSent = true;
        if (task?.state !== 'waiting') return;
        await this.ports.clock.sleep(LOG_EVERY_MS, signal);
        continue;
      }
      const ring = this.operations.logOf(id);
      if (ring !== undefined && !this.#hasHostLog(id)) {
        onRing(ring.watch(send));
        return;
      }
      const read = await this.#readLog(id, nextLine, signal);
      if (read !== undefined && !signal.aborted) {
        if (read.lines.length > 0 || read.isComplete || !isSent)
          send({ firstLine: nextLine, lines: [...read.lines], isComplete: read.isComplete });
        isSent = true;
        nextLine += read.lines.length;
        if (read.isComplete) return;
      }
      await this.ports.clock.sleep(read === undefined ? LOG_RETRY_MS : LOG_EVERY_MS, signal);
    }
  }

  #hasHostLog(id: EntityId): boolean {
    try {
      return this.ports.sessionOf(id).tasks !== undefined;
    } catch {
      return false;
    }
  }

  async #readLog(
    id: EntityId,
    firstLine: number,
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly string[]; readonly isComplete: boolean } | undefined> {
    try {
      return await this.ports.sessionOf(id).tasks?.readLog(this.ports.tasks.nativeIdOf(id), firstLine, signal);
    } catch (error) {
      this.ports.log('debug', 'task-log-unread', { code: toAppError(error, 'task log').code });
      return undefined;
    }
  }

  #require(id: EntityId): TaskRecord {
    const task = this.ports.tasks.get(id);
    if (task !== undefined) return task;
    splitEntityId(id);
    throw new AppError('entity.not-found', `no task ${id}`, { entityId: id });
  }
}

function wrongState(task: TaskRecord, needed: readonly string[]): AppError {
  return new AppError('entity.wrong-state', `task is ${task.state}`, { entityId: task.id, actual: task.state, needed });
}
