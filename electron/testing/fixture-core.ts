import type { Disposable } from '../contract/disposable.ts';
import { available, unavailable, type Availability, type CapabilityName } from '../contract/capabilities.ts';
import { AppError } from '../contract/errors.ts';
import { entityId, parseConnectionId, splitEntityId, type EntityId } from '../contract/ids.ts';
import type { InventoryDelta, InventoryFrame, TaskFrame } from '../contract/inventory.ts';
import { defaultPreferences, type Preferences } from '../contract/preferences.ts';
import type { EntityRecord, GuestPower, GuestRecord, LoadRow, TaskRecord } from '../contract/records/index.ts';
import type { ContractHandlers, GuestPowerAction } from '../contract/rpc/table.ts';
import { fixtureDetails, fixtureHistory } from './fixture-details.ts';
import { generateEstate, guestLoad, seededRandom, type EstateOptions } from './fixture-estate.ts';

/** What an action leads to and where it may be done. */
const powerRules: { readonly [Action in GuestPowerAction]: { from: readonly GuestPower[]; to: GuestPower } } = {
  start: { from: ['stopped', 'suspended'], to: 'running' },
  shutdown: { from: ['running'], to: 'stopped' },
  stop: { from: ['running', 'paused', 'unknown'], to: 'stopped' },
  reboot: { from: ['running'], to: 'running' },
  reset: { from: ['running', 'paused'], to: 'running' },
  suspend: { from: ['running'], to: 'paused' },
  resume: { from: ['paused', 'suspended'], to: 'running' },
  hibernate: { from: ['running'], to: 'suspended' },
};

/**
 * A core without hosts: the whole contract answered from memory over a generated estate. Screens are developed and their
 * component tests run on it. Nothing moves by itself; `tick` lets time pass.
 */
export class FixtureCore {
  readonly #records = new Map<EntityId, EntityRecord>();
  readonly #loads = new Map<EntityId, LoadRow>();
  readonly #tasks = new Map<EntityId, TaskRecord>();
  readonly #inventoryWatchers = new Set<(frame: InventoryFrame) => void>();
  readonly #taskWatchers = new Set<(frame: TaskFrame) => void>();
  readonly #preferenceWatchers = new Set<(frame: { preferences: Preferences }) => void>();
  readonly #random: () => number;
  #preferences: Preferences;
  #revision = 1;
  #nextTask = 1;
  /** How long a power action takes. */
  taskMs = 1500;
  /** Requests that reached the core, newest last. */
  readonly calls: { readonly name: string; readonly input: unknown }[] = [];

  constructor(options: EstateOptions & { readonly preferences?: Partial<Preferences> }) {
    this.#random = seededRandom((options.seed ?? 7) + 1);
    this.#preferences = { ...defaultPreferences, ...options.preferences };
    const estate = generateEstate(options);
    for (const record of estate.records) this.#records.set(record.id, record);
    for (const row of estate.loads) this.#loads.set(row[0], row);
  }

  get records(): ReadonlyMap<EntityId, EntityRecord> {
    return this.#records;
  }
  get preferences(): Preferences {
    return this.#preferences;
  }

  /** Changes records and loads as a poll would. */
  change(change: { put?: readonly EntityRecord[]; removed?: readonly EntityId[]; loads?: readonly LoadRow[] }): void {
    const { put = [], removed = [], loads = [] } = change;
    for (const id of removed) {
      this.#records.delete(id);
      this.#loads.delete(id);
    }
    for (const record of put) this.#records.set(record.id, record);
    for (const row of loads) this.#loads.set(row[0], row);
    const delta: InventoryDelta = { from: this.#revision, revision: this.#revision + 1, put, removed, loads };
    this.#revision += 1;
    for (const send of this.#inventoryWatchers) send({ type: 'delta', ...delta });
  }

  /** One poll in which the load of every running guest moved. */
  moveLoads(): void {
    const loads: LoadRow[] = [];
    for (const record of this.#records.values()) {
      if (record.kind === 'guest' && record.power === 'running') loads.push(guestLoad(record, this.#random));
    }
    this.change({ loads });
  }

  putTask(task: TaskRecord): void {
    this.#tasks.set(task.id, task);
    for (const send of this.#taskWatchers) send({ type: 'delta', put: [task], removed: [] });
  }

  #capability(name: CapabilityName, record: EntityRecord): Availability {
    const connection = this.#connectionState(record);
    if (connection !== 'live' && connection !== 'stale') return unavailable('connection-not-ready');
    if (record.kind !== 'guest') return available;
    if (record.isTemplate) return unavailable('state-forbids-it', 'template');
    if (record.lock !== undefined) return unavailable('locked', record.lock);
    if (name === 'guest.hibernate' && record.virtualization === 'container') return unavailable('driver-lacks-it');
    const action = name.startsWith('guest.') ? name.slice('guest.'.length) : '';
    const rule = action in powerRules ? powerRules[action as GuestPowerAction] : undefined;
    if (rule !== undefined && !rule.from.includes(record.power)) return unavailable('state-forbids-it', record.power);
    return available;
  }

  #connectionState(record: EntityRecord): string {
    const connection = this.#records.get(entityId(record.connectionId, 'connection', record.connectionId));
    return connection?.kind === 'connection' ? connection.state : 'offline';
  }

  #guest(id: EntityId): GuestRecord {
    const record = this.#records.get(id);
    if (record?.kind !== 'guest') throw new AppError('entity.not-found', `no guest ${id}`, { entityId: id });
    return record;
  }

  #startPower(id: EntityId, action: GuestPowerAction, parentId?: EntityId): EntityId {
    const guest = this.#guest(id);
    const taskId = entityId(guest.connectionId, 'task', `fixture-${this.#nextTask++}`);
    const task: TaskRecord = {
      kind: 'task',
      id: taskId,
      connectionId: guest.connectionId,
      name: guest.name,
      taskType: `guest.${action}`,
      subjectId: id,
      nodeId: guest.nodeId,
      user: 'root@pam',
      state: 'running',
      startedAtMs: Date.now(),
      outcome: '',
      isOurs: true,
      canCancel: true,
      canRetry: false,
      ...(parentId === undefined ? {} : { parentId }),
    };
    this.putTask(task);
    setTimeout(() => this.#endPower(task, action), this.taskMs);
    return taskId;
  }

  #endPower(task: TaskRecord, action: GuestPowerAction): void {
    if (task.subjectId === undefined) return;
    const guest = this.#guest(task.subjectId);
    const answer = this.#capability(`guest.${action}`, guest);
    const endedAtMs = Date.now();
    if (!answer.available) {
      this.putTask({
        ...task,
        state: 'failed',
        endedAtMs,
        outcome: `${answer.reason}: ${answer.detail}`,
        canRetry: true,
      });
      return;
    }
    const { startedAtMs: _before, ...rest } = guest;
    const { to } = powerRules[action];
    const next: GuestRecord =
      to === 'running' ? { ...rest, power: to, startedAtMs: endedAtMs } : { ...rest, power: to };
    this.change({ put: [next], loads: [guestLoad(next, this.#random)] });
    this.putTask({ ...task, state: 'succeeded', endedAtMs, outcome: 'OK', canCancel: false });
  }

  #startBulk(ids: readonly EntityId[], action: GuestPowerAction): EntityId {
    const bulkId = entityId(parseConnectionId('app'), 'task', `bulk-${this.#nextTask++}`);
    const bulk: TaskRecord = {
      kind: 'task',
      id: bulkId,
      connectionId: parseConnectionId('app'),
      name: action,
      taskType: `bulk.${action}`,
      user: '',
      state: 'running',
      startedAtMs: Date.now(),
      outcome: '',
      progress: { done: 0, total: ids.length, unit: 'steps' },
      isOurs: true,
      canCancel: true,
      canRetry: false,
    };
    this.putTask(bulk);
    const children = ids.map((id) => this.#startPower(id, action, bulkId));
    setTimeout(() => {
      const failed = children.filter((id) => this.#tasks.get(id)?.state === 'failed').length;
      this.putTask({
        ...bulk,
        state: failed === 0 ? 'succeeded' : 'warnings',
        endedAtMs: Date.now(),
        outcome: failed === 0 ? 'OK' : `${failed} failed`,
        progress: { done: ids.length, total: ids.length, unit: 'steps' },
        canCancel: false,
      });
    }, this.taskMs + 50);
    return bulkId;
  }

  #watch<Frame>(watchers: Set<(frame: Frame) => void>, send: (frame: Frame) => void, first: Frame): Disposable {
    watchers.add(send);
    send(first);
    return { dispose: () => watchers.delete(send) };
  }

  #setPreferences(change: { readonly [Key in keyof Preferences]?: Preferences[Key] | undefined }): void {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    this.#preferences = { ...this.#preferences, ...given };
    for (const send of this.#preferenceWatchers) send({ preferences: this.#preferences });
  }

  /** The answering side of the contract. Connection and prompt methods answer that there is nothing. */
  handlers(): ContractHandlers {
    const noted =
      <Input, Output>(name: string, answer: (input: Input) => Output) =>
      (input: Input): Promise<Output> => {
        this.calls.push({ name, input });
        return Promise.resolve().then(() => answer(input));
      };
    const notOffered = (name: string) =>
      noted<unknown, never>(name, () => {
        throw new AppError('rpc.unknown-method', `${name} is not part of the fixture`, { method: name });
      });
    return {
      'app.facts': noted('app.facts', () => ({
        version: '0.1.0',
        host: 'loopback' as const,
        platform: 'linux',
        profilePath: '/home/admin/.config/wheelhouse',
        localMachine: { hasLibvirt: true, hasLxc: false, name: 'desk' },
        notifications: 'browser' as const,
        vault: 'keyring' as const,
        notices: [],
      })),
      'app.watchNotices': (_input, send) => {
        send({ notices: [] });
        return { dispose: () => undefined };
      },
      'app.setVisible': noted('app.setVisible', () => ({})),
      'app.notify': noted('app.notify', () => ({})),
      'credentials.store': notOffered('credentials.store'),
      'connection.probe': notOffered('connection.probe'),
      'connection.get': notOffered('connection.get'),
      'connection.save': notOffered('connection.save'),
      'connection.test': notOffered('connection.test'),
      'connection.duplicate': notOffered('connection.duplicate'),
      'connection.remove': notOffered('connection.remove'),
      'connection.reconnect': noted('connection.reconnect', () => ({})),
      'connection.export': notOffered('connection.export'),
      'connection.import': notOffered('connection.import'),
      'demonstration.open': notOffered('demonstration.open'),
      'demonstration.close': notOffered('demonstration.close'),
      'prompt.watch': (_input, send) => {
        send({ prompts: [] });
        return { dispose: () => undefined };
      },
      'prompt.answer': notOffered('prompt.answer'),
      'inventory.watch': (_input, send) =>
        this.#watch(this.#inventoryWatchers, send, {
          type: 'snapshot',
          revision: this.#revision,
          records: [...this.#records.values()],
          loads: [...this.#loads.values()],
        }),
      'inventory.refresh': noted('inventory.refresh', () => ({})),
      'entity.capabilities': noted('entity.capabilities', (input: { ids: readonly EntityId[] }) => ({
        entities: input.ids.flatMap((id) => {
          const record = this.#records.get(id);
          if (record === undefined) return [];
          const names = [...Object.keys(powerRules).map((action) => `guest.${action}`), 'entity.history'];
          const entries = names.map((name) => [name, this.#capability(name as CapabilityName, record)] as const);
          return [{ id, capabilities: Object.fromEntries(entries) }];
        }),
      })),
      'entity.watchDetails': (input, send) => {
        const record = this.#records.get(input.id);
        send(
          record === undefined
            ? { error: new AppError('entity.not-found', 'gone', { entityId: input.id }).toShape() }
            : { details: fixtureDetails(record) },
        );
        return { dispose: () => undefined };
      },
      'entity.history': noted('entity.history', (input: Parameters<ContractHandlers['entity.history']>[0]) =>
        fixtureHistory(input.id, input.window, this.#random),
      ),
      'guest.power': noted('guest.power', (input: { id: EntityId; action: GuestPowerAction }) => ({
        taskId: this.#startPower(input.id, input.action),
      })),
      'guest.powerMany': noted('guest.powerMany', (input: { ids: readonly EntityId[]; action: GuestPowerAction }) => ({
        taskId: this.#startBulk(input.ids, input.action),
      })),
      'task.watch': (_input, send) =>
        this.#watch(this.#taskWatchers, send, { type: 'snapshot', tasks: [...this.#tasks.values()] }),
      'task.watchLog': (input, send) => {
        send({ firstLine: 0, lines: [`log of ${splitEntityId(input.id).nativeId}`, 'TASK OK'], isComplete: true });
        return { dispose: () => undefined };
      },
      'task.cancel': noted('task.cancel', (input: { id: EntityId }) => {
        const task = this.#tasks.get(input.id);
        if (task !== undefined) this.putTask({ ...task, state: 'cancelled', endedAtMs: Date.now(), canCancel: false });
        return {};
      }),
      'task.retry': notOffered('task.retry'),
      'preference.watch': (_input, send) =>
        this.#watch(this.#preferenceWatchers, send, { preferences: this.#preferences }),
      'preference.set': noted('preference.set', (input: Parameters<ContractHandlers['preference.set']>[0]) => {
        this.#setPreferences(input.change);
        return {};
      }),
      'window.watchCommands': (_input, send) => {
        send({ sequence: 0 });
        return { dispose: () => undefined };
      },
      'diagnostics.echo': () => Promise.reject(new Error('no channels here')),
    };
  }
}
