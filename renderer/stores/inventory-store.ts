import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Disposable } from '../../electron/contract/disposable.ts';
import { toAppError, type ErrorShape } from '../../electron/contract/errors.ts';
import type { EntityId } from '../../electron/contract/ids.ts';
import type { InventoryFrame } from '../../electron/contract/inventory.ts';
import type { EntityRecord, LoadRow } from '../../electron/contract/records/index.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';
import type { FrameScheduler } from './frame-scheduler.ts';
import { InventoryReplica } from './inventory-replica.ts';

export interface InventoryState {
  readonly status: 'waiting' | 'ready' | 'failed';
  /** Counts changes of records; loads do not raise it. Lists and counts are derived once for each version. */
  readonly version: number;
  /** Counts changes of loads. */
  readonly loadVersion: number;
  /** When the last change of any kind arrived. */
  readonly changedAtMs: number | undefined;
  readonly error: ErrorShape | undefined;
}

type Listener = () => void;

/** Listeners for single ids: a row is told of its own changes and of nobody else's. */
class ListenersById {
  readonly #listeners = new Map<EntityId, Set<Listener>>();

  add(id: EntityId, listener: Listener): () => void {
    let listeners = this.#listeners.get(id);
    if (listeners === undefined) {
      listeners = new Set();
      this.#listeners.set(id, listeners);
    }
    const set = listeners;
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#listeners.get(id) === set) this.#listeners.delete(id);
    };
  }

  tell(ids: ReadonlySet<EntityId> | 'all'): void {
    // Fewer rows are on screen than a poll changes: walk the listeners, not the ids.
    for (const [id, listeners] of this.#listeners) {
      if (ids === 'all' || ids.has(id)) for (const listener of listeners) listener();
    }
  }
}

/**
 * The inventory as the window sees it. Frames are applied together once for each animation frame; whoever shows one
 * record or one load subscribes to that id, whoever derives a list subscribes to `state.version`.
 */
export class InventoryStore {
  readonly replica = new InventoryReplica();
  readonly state: StoreApi<InventoryState> = createStore<InventoryState>(() => ({
    status: 'waiting',
    version: 0,
    loadVersion: 0,
    changedAtMs: undefined,
    error: undefined,
  }));
  readonly #recordListeners = new ListenersById();
  readonly #loadListeners = new ListenersById();
  #queue: InventoryFrame[] = [];
  /** A snapshot has been taken over and its readers have not heard of it yet. */
  #isResetUntold = false;
  #subscription: Disposable | undefined;

  constructor(
    private readonly client: Pick<ContractClient, 'stream'>,
    private readonly scheduler: FrameScheduler,
    private readonly now: () => number,
  ) {}

  /** Subscribes at the core; ends with the returned Disposable. */
  start(): Disposable {
    this.#subscribe();
    return {
      dispose: () => {
        this.#subscription?.dispose();
        this.#subscription = undefined;
      },
    };
  }

  readonly getRecord = (id: EntityId): EntityRecord | undefined => this.replica.records.get(id);
  readonly getLoad = (id: EntityId): LoadRow | undefined => this.replica.loads.get(id);

  /** Tells of changes of one record, also of its coming and going. */
  subscribeRecord(id: EntityId, listener: Listener): () => void {
    return this.#recordListeners.add(id, listener);
  }

  /** Tells of changes of one load. */
  subscribeLoad(id: EntityId, listener: Listener): () => void {
    return this.#loadListeners.add(id, listener);
  }

  #subscribe(): void {
    this.#subscription?.dispose();
    this.#queue = [];
    this.#subscription = this.client.stream(
      'inventory.watch',
      {},
      (frame) => {
        this.#queue.push(frame);
        this.scheduler.request(this.#flush);
      },
      (error) => this.state.setState({ status: 'failed', error: toAppError(error, 'inventory.watch').toShape() }),
    );
  }

  readonly #flush = (): void => {
    const frames = this.#queue;
    this.#queue = [];
    const records = new Set<EntityId>();
    const loads = new Set<EntityId>();
    let isReset = false;
    for (const frame of frames) {
      const change = this.replica.apply(frame);
      if (change === 'gap') {
        this.#subscribe();
        break;
      }
      isReset ||= change.isReset;
      for (const id of change.put) records.add(id);
      for (const id of change.removed) records.add(id);
      for (const id of change.loads) loads.add(id);
    }
    if (isReset) {
      // Taking 10,000 records over and drawing them each fill most of a frame; together they would be one long task.
      this.#isResetUntold = true;
      this.scheduler.request(this.#tellReset);
    } else if (!this.#isResetUntold) this.#tell(false, records, loads);
  };

  readonly #tellReset = (): void => {
    this.#isResetUntold = false;
    this.#tell(true, new Set(), new Set());
  };

  #tell(isReset: boolean, records: ReadonlySet<EntityId>, loads: ReadonlySet<EntityId>): void {
    if (!isReset && records.size === 0 && loads.size === 0) return;
    this.state.setState((state) => ({
      status: this.replica.revision >= 0 ? 'ready' : state.status,
      version: isReset || records.size > 0 ? state.version + 1 : state.version,
      loadVersion: isReset || loads.size > 0 ? state.loadVersion + 1 : state.loadVersion,
      changedAtMs: this.now(),
      error: undefined,
    }));
    if (isReset || records.size > 0) this.#recordListeners.tell(isReset ? 'all' : records);
    if (isReset || loads.size > 0) this.#loadListeners.tell(isReset ? 'all' : loads);
  }
}
