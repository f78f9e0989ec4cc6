import type { Disposable } from '../../contract/disposable.ts';
import type { ConnectionId, EntityId } from '../../contract/ids.ts';
import type { InventoryDelta, InventoryFrame } from '../../contract/inventory.ts';
import { noLoad, toLoadRow, type ConnectionRecord, type EntityRecord, type LoadRow } from '../../contract/records/index.ts';
import type { InventoryListing } from '../ports/driver.ts';
import { isSameLoadRow, isSameRecord } from './record-equality.ts';

/** What changed, for whoever keeps a copy of one connection (the store). */
export interface ConnectionChange {
  readonly connectionId: ConnectionId;
  readonly delta: InventoryDelta;
}

/** A row that says that nothing is known any more; rows are never taken back while their record stands. */
function emptyRow(id: EntityId): LoadRow {
  return toLoadRow(id, noLoad);
}

/** What one connection holds; kept apart so that a reconcile touches its own records only. */
interface Holding {
  readonly records: Map<EntityId, EntityRecord>;
  readonly loads: Map<EntityId, LoadRow>;
}

/**
 * The single authority over everything that has a place in the tree. Lives in the core; windows keep replicas.
 * Every change is one delta with the next revision; the same delta object goes to every subscriber, so that a sender can
 * turn it into bytes once.
 */
export class Inventory {
  readonly #holdings = new Map<ConnectionId, Holding>();
  readonly #subscribers = new Set<(frame: InventoryFrame) => void>();
  readonly #changeListeners = new Set<(change: ConnectionChange) => void>();
  #revision = 0;
  #snapshot: InventoryFrame | undefined;

  get revision(): number {
    return this.#revision;
  }

  get(id: EntityId): EntityRecord | undefined {
    return this.#holdings.get(connectionOf(id))?.records.get(id);
  }

  load(id: EntityId): LoadRow | undefined {
    return this.#holdings.get(connectionOf(id))?.loads.get(id);
  }

  /** Every record, connection by connection. */
  *records(): Generator<EntityRecord> {
    for (const holding of this.#holdings.values()) yield* holding.records.values();
  }

  recordsOf(connectionId: ConnectionId): readonly EntityRecord[] {
    return [...(this.#holdings.get(connectionId)?.records.values() ?? [])];
  }

  loadsOf(connectionId: ConnectionId): readonly LoadRow[] {
    return [...(this.#holdings.get(connectionId)?.loads.values() ?? [])];
  }

  /**
   * Replaces what one connection's host lists; the record of the connection itself stays. Undefined when nothing changed.
   * Throws a RangeError for a record that belongs to another connection: a driver may only speak for its own host.
   */
  reconcile(connectionId: ConnectionId, listing: InventoryListing): InventoryDelta | undefined {
    const holding = this.#holdingOf(connectionId);
    const listed = new Map<EntityId, EntityRecord>();
    for (const record of listing.records) {
      if (record.connectionId !== connectionId || record.kind === 'connection')
        throw new RangeError(`${connectionId} listed a record that is not its own: ${record.id}`);
      listed.set(record.id, record);
    }
    const put: EntityRecord[] = [];
    for (const record of listed.values()) {
      const known = holding.records.get(record.id);
      if (known === undefined || !isSameRecord(known, record)) put.push(record);
    }
    const removed: EntityId[] = [];
    for (const known of holding.records.values())
      if (known.kind !== 'connection' && !listed.has(known.id)) removed.push(known.id);
    return this.#apply(connectionId, holding, put, removed, changedLoads(holding, listing.loads, listed));
  }

  /** Sets the record of a connection itself. */
  putConnection(record: ConnectionRecord): InventoryDelta | undefined {
    const holding = this.#holdingOf(record.connectionId);
    const known = holding.records.get(record.id);
    if (known !== undefined && isSameRecord(known, record)) return undefined;
    return this.#apply(record.connectionId, holding, [record], [], []);
  }

  /** Forgets a connection and everything it holds. */
  removeConnection(connectionId: ConnectionId): InventoryDelta | undefined {
    const holding = this.#holdings.get(connectionId);
    if (holding === undefined) return undefined;
    const removed = [...holding.records.keys()];
    this.#holdings.delete(connectionId);
    return this.#apply(connectionId, holding, [], removed, []);
  }

  /** Everything now, then every change. The first frame is sent before this returns. */
  watch(subscriber: (frame: InventoryFrame) => void): Disposable {
    this.#subscribers.add(subscriber);
    subscriber(this.snapshot());
    return { dispose: () => void this.#subscribers.delete(subscriber) };
  }

  /** Every change, with the connection that it belongs to. */
  onDidChange(listener: (change: ConnectionChange) => void): Disposable {
    this.#changeListeners.add(listener);
    return { dispose: () => void this.#changeListeners.delete(listener) };
  }

  /** Everything at the present revision; the same object until something changes. */
  snapshot(): InventoryFrame {
    this.#snapshot ??= {
      type: 'snapshot',
      revision: this.#revision,
      records: [...this.records()],
      loads: [...this.#holdings.values()].flatMap((holding) => [...holding.loads.values()]),
    };
    return this.#snapshot;
  }

  #holdingOf(connectionId: ConnectionId): Holding {
    let holding = this.#holdings.get(connectionId);
    if (holding === undefined) {
      holding = { records: new Map(), loads: new Map() };
      this.#holdings.set(connectionId, holding);
    }
    return holding;
  }

  #apply(
    connectionId: ConnectionId,
    holding: Holding,
    put: readonly EntityRecord[],
    removed: readonly EntityId[],
    loads: readonly LoadRow[],
  ): InventoryDelta | undefined {
    if (put.length === 0 && removed.length === 0 && loads.length === 0) return undefined;
    for (const id of removed) {
      holding.records.delete(id);
      holding.loads.delete(id);
    }
    for (const record of put) holding.records.set(record.id, record);
    for (const row of loads) holding.loads.set(row[0], row);
    const from = this.#revision;
    this.#revision = from + 1;
    this.#snapshot = undefined;
    const delta: InventoryDelta = { from, revision: this.#revision, put, removed, loads };
    const frame: InventoryFrame = { type: 'delta', ...delta };
    for (const subscriber of this.#subscribers) subscriber(frame);
    for (const listener of this.#changeListeners) listener({ connectionId, delta });
    return delta;
  }
}

function connectionOf(id: EntityId): ConnectionId {
  return id.slice(0, id.indexOf('/')) as ConnectionId;
}

function changedLoads(
  holding: Holding,
  loads: readonly LoadRow[],
  listed: ReadonlyMap<EntityId, EntityRecord>,
): readonly LoadRow[] {
  const changed: LoadRow[] = [];
  const given = new Set<EntityId>();
  for (const row of loads) {
    if (!listed.has(row[0])) continue;
    given.add(row[0]);
    const known = holding.loads.get(row[0]);
    if (known === undefined || !isSameLoadRow(known, row)) changed.push(row);
  }
  for (const known of holding.loads.values()) {
    if (given.has(known[0]) || !listed.has(known[0])) continue;
    const empty = emptyRow(known[0]);
    if (!isSameLoadRow(known, empty)) changed.push(empty);
  }
  return changed;
}
