import { AppError, isAppError, toAppError } from '../../contract/errors.ts';
import { entityId, splitEntityId, type EntityId } from '../../contract/ids.ts';
import type { TaskRecord, TaskState } from '../../contract/records/index.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';
import { withDeadline } from '../connections/deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { DriverSession, OperationEvent, RemoteOperation } from '../ports/driver.ts';
import type { Log } from '../ports/log.ts';
import { TaskLog } from './task-log.ts';
import { isUnfinished, type TaskList } from './task-list.ts';

/** A host has this long to accept a verb. PVE answers with a task id at once; libvirt may wait for a lock for seconds. */
const ACCEPT_TIMEOUT_MS = 30_000;

/** One verb on one guest, as it can be sent again. */
export interface PowerVerb {
  readonly guestId: EntityId;
  readonly action: GuestPowerAction;
}

export interface OperationsPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly tasks: TaskList;
  /** Throws `entity.not-found` or `connection.not-ready`. */
  sessionOf(id: EntityId): DriverSession;
  /** The name and the node of a guest as the inventory knows it. */
  guestOf(id: EntityId): { readonly name: string; readonly nodeId?: EntityId; readonly account: string };
}

interface Running {
  readonly operation: RemoteOperation;
  readonly ended: Promise<void>;
}

/** Verbs that we sent: each is a task with a log from the moment the host accepted it, followed to its end. */
export class Operations {
  readonly #running = new Map<EntityId, Running>();
  readonly #logs = new Map<EntityId, TaskLog>();
  readonly #verbs = new Map<EntityId, PowerVerb>();

  constructor(private readonly ports: OperationsPorts) {
    ports.tasks.onDidRemove((ids) => {
      for (const id of ids) {
        this.#logs.delete(id);
        this.#verbs.delete(id);
      }
    });
  }

  /** Sends one verb and answers with its task. Rejects with whatever the host refuses it with. */
  async power(verb: PowerVerb, signal: AbortSignal): Promise<EntityId> {
    const operation = await this.#perform(verb, signal);
    const { connectionId } = splitEntityId(verb.guestId);
    const id = entityId(connectionId, 'task', operation.nativeId);
    this.ports.tasks.put([{ ...this.record(id, verb), state: 'running', canCancel: true }]);
    void this.#follow(id, operation);
    return id;
  }

  /** Sends a verb whose task is listed already (a child of a bulk). Settles when the host is done with it. */
  async powerAs(id: EntityId, verb: PowerVerb, signal: AbortSignal): Promise<void> {
    const { tasks } = this.ports;
    try {
      const operation = await this.#perform(verb, signal);
      tasks.update(id, { state: 'running', startedAtMs: tasks.now(), canCancel: true });
      tasks.adopt(id, entityId(splitEntityId(verb.guestId).connectionId, 'task', operation.nativeId));
      await this.#follow(id, operation);
    } catch (error) {
      this.#fail(id, toAppError(error, 'guest power'));
    }
  }

  /** A task of ours that has not been sent yet. */
  record(id: EntityId, verb: PowerVerb, parentId?: EntityId): TaskRecord {
    const { name, nodeId, account } = this.ports.guestOf(verb.guestId);
    this.#verbs.set(id, verb);
    return {
      kind: 'task',
      id,
      connectionId: splitEntityId(id).connectionId,
      name,
      taskType: `guest.${verb.action}`,
      subjectId: verb.guestId,
      user: account,
      state: 'waiting',
      startedAtMs: this.ports.tasks.now(),
      outcome: '',
      isOurs: true,
      canCancel: true,
      canRetry: false,
      ...(nodeId === undefined ? {} : { nodeId }),
      ...(parentId === undefined ? {} : { parentId }),
    };
  }

  verbOf(id: EntityId): PowerVerb | undefined {
    return this.#verbs.get(id);
  }

  logOf(id: EntityId): TaskLog | undefined {
    return this.#logs.get(id);
  }

  /** Calls an operation of ours off. False when it is not one that runs. */
  async cancel(id: EntityId): Promise<boolean> {
    const running = this.#running.get(id);
    if (running === undefined) return false;
    await running.operation.cancel();
    return true;
  }

  #perform(verb: PowerVerb, signal: AbortSignal): Promise<RemoteOperation> {
    const session = this.ports.sessionOf(verb.guestId);
    const operation = `guest.${verb.action}`;
    return withDeadline(
      {
        clock: this.ports.clock,
        timeoutMs: ACCEPT_TIMEOUT_MS,
        signal,
        error: () => new AppError('operation.timed-out', operation, { operation, afterMs: ACCEPT_TIMEOUT_MS }),
      },
      (inner) => session.power.perform(verb.action, verb.guestId, inner),
    );
  }

  #follow(id: EntityId, operation: RemoteOperation): Promise<void> {
    const log = new TaskLog();
    this.#logs.set(id, log);
    const ended = this.#read(id, operation, log).finally(() => {
      log.complete();
      this.#running.delete(id);
    });
    this.#running.set(id, { operation, ended });
    return ended;
  }

  async #read(id: EntityId, operation: RemoteOperation, log: TaskLog): Promise<void> {
    try {
      for await (const event of operation.events) {
        this.#take(id, event, log);
        if (event.type === 'end') return;
      }
      this.#finish(id, 'unknown', '');
    } catch (error) {
      this.#fail(id, toAppError(error, 'operation events'));
    }
  }

  #take(id: EntityId, event: OperationEvent, log: TaskLog): void {
    if (event.type === 'log') log.append(event.line);
    else if (event.type === 'progress') {
      const { done, total, unit } = event;
      this.ports.tasks.update(id, { progress: { done, total, unit } });
    } else this.#finish(id, event.outcome, event.text);
  }

  #finish(id: EntityId, state: TaskState, outcome: string, error?: AppError): void {
    const known = this.ports.tasks.get(id);
    if (known === undefined || (!isUnfinished(known.state) && known.state !== 'unknown')) return;
    this.ports.tasks.update(id, {
      state,
      outcome,
      endedAtMs: this.ports.tasks.now(),
      canCancel: false,
      canRetry: state !== 'succeeded',
      ...(error === undefined ? {} : { error: error.toShape() }),
    });
  }

  #fail(id: EntityId, error: AppError): void {
    this.ports.log('info', 'operation-failed', { task: id, code: error.code });
    if (isAppError(error, 'operation.cancelled')) this.#finish(id, 'cancelled', '');
    // The line broke while the host worked: it may well have finished what it began.
    else if (this.#running.has(id) && error.code.startsWith('connection.')) this.#finish(id, 'unknown', '', error);
    else this.#finish(id, 'failed', 'text' in error.data ? error.data.text : '', error);
  }
}
