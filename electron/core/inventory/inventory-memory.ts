import type { Disposable } from '../../contract/disposable.ts';
import type { ConnectionId, EntityId } from '../../contract/ids.ts';
import type { ConnectionRecord, EntityRecord, LoadRow } from '../../contract/records/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { InventoryStore } from '../ports/store.ts';
import type { Inventory } from './inventory.ts';

/**
 * How old figures, the age of the last good read and the record of a connection may be in the store. They are worth little
 * after a restart, and writing them at every poll would wear out disks for nothing. Everything else is written at once.
 */
const LAZY_WRITE_MS = 60_000;

/** What a restart finds again of one connection. */
export interface RememberedConnection {
  readonly systemVersion: string;
  readonly account: string;
  readonly lastGoodAtMs: number;
}

interface Unwritten {
  readonly put: Map<EntityId, EntityRecord>;
  readonly removed: Set<EntityId>;
  readonly loads: Map<EntityId, LoadRow>;
}

export interface InventoryMemoryPorts {
  readonly inventory: Inventory;
  readonly store: InventoryStore;
  readonly clock: Clock;
  readonly log: Log;
  /** False for what lives in this run only. */
  isKept(connectionId: ConnectionId): boolean;
  lastGoodAtMs(connectionId: ConnectionId): number | undefined;
}

/** Keeps the store in step with the inventory, and fills the inventory from it at the start. */
export class InventoryMemory {
  readonly #unwritten = new Map<ConnectionId, Unwritten>();
  readonly #held: Disposable[] = [];

  constructor(private readonly ports: InventoryMemoryPorts) {}

  /** Puts the last known state of the saved connections into the inventory and forgets that of others. */
  async restore(savedIds: ReadonlySet<ConnectionId>): Promise<ReadonlyMap<ConnectionId, RememberedConnection>> {
    const { inventory, store, log } = this.ports;
    const remembered = new Map<ConnectionId, RememberedConnection>();
    for (const known of await store.load()) {
      if (!savedIds.has(known.connectionId)) {
        store.forget(known.connectionId);
        continue;
      }
      const own = known.records.find((record): record is ConnectionRecord => record.kind === 'connection');
      const records = known.records.filter((record) => record.kind !== 'connection');
      try {
        inventory.reconcile(known.connectionId, { records, loads: known.loads });
      } catch (error) {
        log('warning', 'stored-inventory-unusable', { connection: known.connectionId, message: String(error) });
        store.forget(known.connectionId);
        continue;
      }
      remembered.set(known.connectionId, {
        systemVersion: own?.systemVersion ?? '',
        account: own?.account ?? '',
        lastGoodAtMs: known.lastGoodAtMs,
      });
    }
    return remembered;
  }

  /** Begins to write changes down. */
  start(): void {
    const { inventory, clock } = this.ports;
    let timer = clock.after(LAZY_WRITE_MS, () => undefined);
    timer.dispose();
    const plan = (): void => {
      timer = clock.after(LAZY_WRITE_MS, () => {
        for (const connectionId of this.#unwritten.keys()) this.#write(connectionId);
        plan();
      });
    };
    plan();
    this.#held.push(
      { dispose: () => timer.dispose() },
      inventory.onDidChange(({ connectionId, delta }) => {
        if (!this.ports.isKept(connectionId)) return;
        const unwritten = this.#unwrittenOf(connectionId);
        for (const id of delta.removed) {
          unwritten.put.delete(id);
          unwritten.loads.delete(id);
          unwritten.removed.add(id);
        }
        for (const record of delta.put) {
          unwritten.removed.delete(record.id);
          unwritten.put.set(record.id, record);
        }
        for (const row of delta.loads) unwritten.loads.set(row[0], row);
        if (delta.removed.length > 0 || delta.put.some((record) => record.kind !== 'connection'))
          this.#write(connectionId);
      }),
    );
  }

  /** The connection was removed: nothing of it stays. */
  forget(connectionId: ConnectionId): void {
    this.#unwritten.delete(connectionId);
    this.ports.store.forget(connectionId);
  }

  /** Resolves when everything is on disk. */
  async close(): Promise<void> {
    for (const each of this.#held.splice(0)) each.dispose();
    for (const connectionId of this.#unwritten.keys()) this.#write(connectionId);
    await this.ports.store.flush();
  }

  #unwrittenOf(connectionId: ConnectionId): Unwritten {
    let unwritten = this.#unwritten.get(connectionId);
    if (unwritten === undefined) {
      unwritten = { put: new Map(), removed: new Set(), loads: new Map() };
      this.#unwritten.set(connectionId, unwritten);
    }
    return unwritten;
  }

  #write(connectionId: ConnectionId): void {
    const unwritten = this.#unwritten.get(connectionId);
    const lastGoodAtMs = this.ports.lastGoodAtMs(connectionId);
    // Never read without error: there is nothing worth remembering yet.
    if (unwritten === undefined || lastGoodAtMs === undefined) return;
    this.#unwritten.delete(connectionId);
    const { put, removed, loads } = unwritten;
    this.ports.store.save(
      connectionId,
      { put: [...put.values()], removed: [...removed], loads: [...loads.values()] },
      lastGoodAtMs,
    );
  }
}
