import { AppError } from '../../../contract/errors.ts';
import { entityId, splitEntityId, type ConnectionId, type EntityId } from '../../../contract/ids.ts';
import type { TaskRecord, TaskState } from '../../../contract/records/task.ts';
import type { TaskFacet } from '../../../core/ports/driver.ts';
import type { PveApi } from '../api.ts';
import { readClusterTasks, readTaskLog, readTaskStatus, stopTask } from '../commands/reads.ts';
import { describe } from '../commands/request.ts';
import { outcomeOf, parseTaskEnd, parseTaskLog, parseTasks, type PveTask } from '../parse/tasks.ts';
import { parseUpid, type Upid } from '../parse/upid.ts';

const logSlice = 1_000;
/** `/cluster/tasks` is spread by the cluster file system; a task that we started is listed by us until it shows there. */
const ownGraceMs = 30_000;

export interface TaskFacetOptions {
  readonly api: PveApi;
  readonly connectionId: ConnectionId;
  readonly nowMs: () => number;
  /** The guest that a task's VMID stands for, if it is listed. */
  readonly guestIdOf: (vmid: string) => EntityId | undefined;
  /** Told about every listed task, so that what it did to a guest is noticed. */
  readonly onSeen: (task: PveTask) => void;
}

/** PVE's own task list. */
export class PveTaskFacet implements TaskFacet {
  readonly #options: TaskFacetOptions;
  readonly #own = new Map<string, number>();

  constructor(options: TaskFacetOptions) {
    this.#options = options;
  }

  /** A worker that this session started. */
  started(upid: Upid): void {
    this.#own.set(upid.text, this.#options.nowMs());
  }

  async list(signal: AbortSignal): Promise<readonly TaskRecord[]> {
    const command = readClusterTasks();
    const tasks = parseTasks(await this.#options.api.call(command, signal), describe(command));
    for (const task of tasks) this.#options.onSeen(task);
    const listed = new Set(tasks.map((task) => task.upid.text));
    const now = this.#options.nowMs();
    const unlisted: PveTask[] = [];
    for (const [text, startedAtMs] of this.#own) {
      const upid = parseUpid(text);
      const isFresh = now - startedAtMs < ownGraceMs;
      if (upid !== undefined && isFresh && !listed.has(text)) unlisted.push({ upid, status: '' });
    }
    return [...tasks, ...unlisted].map((task) => this.#toRecord(task));
  }

  async readLog(
    task: EntityId,
    firstLine: number,
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly string[]; readonly isComplete: boolean }> {
    const upid = upidOf(task);
    const { api } = this.#options;
    const status = readTaskStatus(upid.node, upid.text);
    const end = parseTaskEnd(await api.call(status, signal, task), describe(status));
    const log = readTaskLog(upid.node, upid.text, firstLine, logSlice);
    const lines = parseTaskLog(await api.call(log, signal, task), describe(log));
    return { lines, isComplete: end !== undefined && lines.length < logSlice };
  }

  async cancel(task: EntityId, signal: AbortSignal): Promise<void> {
    const upid = upidOf(task);
    await this.#options.api.call(stopTask(upid.node, upid.text), signal, task);
  }

  #toRecord(task: PveTask): TaskRecord {
    const { connectionId } = this.#options;
    const { upid } = task;
    const isRunning = task.status === '' && task.endedAtMs === undefined;
    const state: TaskState = isRunning ? 'running' : task.status === '' ? 'unknown' : outcomeOf(task.status);
    const subjectId = /^\d+$/.test(upid.subject) ? this.#options.guestIdOf(upid.subject) : undefined;
    return {
      kind: 'task',
      id: entityId(connectionId, 'task', upid.text),
      connectionId,
      name: upid.subject === '' ? upid.type : `${upid.type} ${upid.subject}`,
      taskType: upid.type,
      ...(subjectId !== undefined && { subjectId }),
      nodeId: entityId(connectionId, 'node', upid.node),
      user: upid.user,
      state,
      startedAtMs: upid.startedAtMs,
      ...(task.endedAtMs !== undefined && { endedAtMs: task.endedAtMs }),
      outcome: task.status,
      isOurs: this.#own.has(upid.text),
      canCancel: isRunning,
      canRetry: false,
    };
  }
}

function upidOf(task: EntityId): Upid {
  const { nativeId } = splitEntityId(task);
  const upid = parseUpid(nativeId);
  if (upid === undefined) throw new AppError('entity.not-found', 'not a UPID', { entityId: task });
  return upid;
}
