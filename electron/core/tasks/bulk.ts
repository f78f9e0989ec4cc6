import { cancelled } from '../../contract/errors.ts';
import { entityId, parseConnectionId, splitEntityId, type ConnectionId, type EntityId } from '../../contract/ids.ts';
import type { TaskRecord, TaskState } from '../../contract/records/index.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';
import { randomText, type RandomSource } from '../ports/random.ts';
import type { Operations, PowerVerb } from './operations.ts';
import { isUnfinished, type TaskList } from './task-list.ts';

/** Guests of one bulk that are worked on at the same time: quick enough for fifty, and no storm on a shared storage. */
export const BULK_PARALLEL = 8;
/** The same on one node: starting guests is what fills its disks and memory; PVE's own bulk start takes them one by one. */
export const BULK_PARALLEL_PER_NODE = 4;

/** A bulk over several connections belongs to none of them. */
const ownConnection: ConnectionId = parseConnectionId('wheelhouse');

interface Child {
  readonly id: EntityId;
  readonly verb: PowerVerb;
  readonly place: string;
}

/** One verb on many guests: a task with a child for each. Failures stay with their guest. */
class Bulk {
  readonly #waiting: Child[];
  readonly #busy = new Map<string, number>();
  #working = 0;
  readonly #life = new AbortController();

  constructor(
    readonly id: EntityId,
    private readonly children: readonly Child[],
    private readonly tasks: TaskList,
    private readonly operations: Operations,
  ) {
    this.#waiting = [...children];
  }

  /** Begins as many as may work at the same time. */
  advance(): void {
    for (let child = this.#takeNext(); child !== undefined; child = this.#takeNext()) void this.#work(child);
    const states = this.children.map((each) => this.tasks.get(each.id)?.state ?? 'unknown');
    const done = states.filter((state) => !isUnfinished(state)).length;
    const progress = { done, total: states.length, unit: 'steps' } as const;
    if (done < states.length) {
      this.tasks.update(this.id, { progress });
      return;
    }
    const state = stateOfAll(states);
    const endedAtMs = this.tasks.now();
    this.tasks.update(this.id, { progress, state, endedAtMs, canCancel: false, canRetry: state !== 'succeeded' });
  }

  /** Nothing more is begun; what was begun is called off where the host lets us. */
  async cancel(): Promise<void> {
    const skipped = this.#waiting.splice(0);
    for (const child of skipped) this.#skip(child);
    this.#life.abort(cancelled());
    await Promise.allSettled(this.children.map((child) => this.operations.cancel(child.id)));
    this.advance();
  }

  /** Takes one that has not been begun out of the queue. False when it is not in it. */
  cancelChild(id: EntityId): boolean {
    const index = this.#waiting.findIndex((child) => child.id === id);
    if (index < 0) return false;
    for (const child of this.#waiting.splice(index, 1)) this.#skip(child);
    this.advance();
    return true;
  }

  #skip(child: Child): void {
    this.tasks.update(child.id, { state: 'cancelled', endedAtMs: this.tasks.now(), canCancel: false, canRetry: true });
  }

  #takeNext(): Child | undefined {
    if (this.#working >= BULK_PARALLEL) return undefined;
    const index = this.#waiting.findIndex((child) => (this.#busy.get(child.place) ?? 0) < BULK_PARALLEL_PER_NODE);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  async #work(child: Child): Promise<void> {
    this.#working += 1;
    this.#busy.set(child.place, (this.#busy.get(child.place) ?? 0) + 1);
    try {
      await this.operations.powerAs(child.id, child.verb, this.#life.signal);
    } finally {
      this.#working -= 1;
      this.#busy.set(child.place, (this.#busy.get(child.place) ?? 1) - 1);
      this.advance();
    }
  }
}

/** All bulks of this run. */
export class Bulks {
  readonly #bulks = new Map<EntityId, Bulk>();
  readonly #actions = new Map<EntityId, GuestPowerAction>();

  constructor(
    private readonly tasks: TaskList,
    private readonly operations: Operations,
    private readonly random: RandomSource,
  ) {
    tasks.onDidRemove((ids) => {
      for (const id of ids) {
        this.#bulks.delete(id);
        this.#actions.delete(id);
      }
    });
  }

  /** Begins a bulk and answers with its task; nothing of it is rejected, every guest tells its own story. */
  start(guestIds: readonly EntityId[], action: GuestPowerAction): EntityId {
    const guests = [...new Set(guestIds)];
    const owners = new Set(guests.map((guest) => splitEntityId(guest).connectionId));
    const [owner] = owners;
    const id = entityId(
      owners.size === 1 && owner !== undefined ? owner : ownConnection,
      'task',
      `bulk:${this.#word()}`,
    );
    const children: Child[] = [];
    const records: TaskRecord[] = [];
    for (const guestId of guests) {
      const { connectionId } = splitEntityId(guestId);
      const childId = entityId(connectionId, 'task', `own:${this.#word()}`);
      const verb = { guestId, action };
      const record = this.operations.record(childId, verb, id);
      records.push(record);
      children.push({ id: childId, verb, place: record.nodeId ?? connectionId });
    }
    const bulk = new Bulk(id, children, this.tasks, this.operations);
    this.#bulks.set(id, bulk);
    this.#actions.set(id, action);
    this.tasks.put([this.#record(id, action, children.length), ...records]);
    bulk.advance();
    return id;
  }

  find(id: EntityId): Bulk | undefined {
    return this.#bulks.get(id);
  }

  /** Those of a bulk that did not succeed, as a new bulk; undefined when it is none. */
  retry(id: EntityId): EntityId | undefined {
    const action = this.#actions.get(id);
    if (action === undefined) return undefined;
    const failed = this.tasks
      .all()
      .filter((task) => task.parentId === id && task.state !== 'succeeded')
      .flatMap((task) => (task.subjectId === undefined ? [] : [task.subjectId]));
    return failed.length === 0 ? undefined : this.start(failed, action);
  }

  #word(): string {
    return randomText(this.random, 12);
  }

  #record(id: EntityId, action: GuestPowerAction, total: number): TaskRecord {
    return {
      kind: 'task',
      id,
      connectionId: splitEntityId(id).connectionId,
      name: '',
      taskType: `bulk.${action}`,
      user: '',
      state: 'running',
      startedAtMs: this.tasks.now(),
      outcome: '',
      progress: { done: 0, total, unit: 'steps' },
      isOurs: true,
      canCancel: true,
      canRetry: false,
    };
  }
}

function stateOfAll(states: readonly TaskState[]): TaskState {
  const count = (state: TaskState): number => states.filter((each) => each === state).length;
  if (count('succeeded') === states.length) return 'succeeded';
  if (count('succeeded') > 0 || count('warnings') > 0) return 'warnings';
  if (count('cancelled') === states.length) return 'cancelled';
  return count('unknown') === states.length ? 'unknown' : 'failed';
}
