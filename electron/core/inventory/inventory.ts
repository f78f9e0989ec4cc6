import type { Disposable } from '../../contract/disposable.ts';
import type { ConnectionId, EntityId } from '../../contract/ids.ts';
import type { InventoryDelta, InventoryFrame } from '../../contract/inventory.ts';
import {
  noLoad,
  toLoadRow,
  type ConnectionRecord,
  type EntityRecord,
  type LoadRow,
} from '../../contract/records/index.ts';
import type { InventoryListing } from '../ports/driver.ts';
import { isSameLoadRow, isSameRecord } from './record-equality.ts';

/** What changed, for whoever keeps a copy of one connection (the store). */
export interface ConnectionChange {
  readonly connectionId: ConnectionId;
  readonly delta: InventoryDelta;
}

/** One record with its figures. `listedIn` and `loadedIn` number the listing that named it last: cheaper than a set per poll. */
interface Entry {
  record: EntityRecord;
  load: LoadRow | undefined;
  listedIn: number;
  loadedIn: number;
}

/** What one connection holds; kept apart so that a reconcile touches its own records only. */
interface Holding {
  readonly entries: Map<EntityId, Entry>;
  listings: number;
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
    return this.#holdings.get(connectionOf(id))?.entries.get(id)?.record;
  }

  load(id: EntityId): LoadRow | undefined {
    return this.#holdings.get(connectionOf(id))?.entries.get(id)?.load;
  }

  /** Every record, connection by connection. */
  *records(): Generator<EntityRecord> {
    for (const holding of this.#holdings.values()) for (const entry of holding.entries.values()) yield entry.record;
  }

  recordsOf(connectionId: ConnectionId): readonly EntityRecord[] {
    return [...(this.#holdings.get(connectionId)?.entries.values() ?? [])].map((entry) => entry.record);
  }

  loadsOf(connectionId: ConnectionId): readonly LoadRow[] {
    return loadsIn(this.#holdings.get(connectionId));
  }

  /**
   * Replaces what one connection's host lists; the record of the connection itself stays. Undefined when nothing changed.
   * Throws a RangeError for a record that belongs to another connection: a driver may only speak for its own host.
   */
  reconcile(connectionId: ConnectionId, listing: InventoryListing): InventoryDelta | undefined {
    const holding = this.#holdingOf(connectionId);
    for (const record of listing.records)
      if (record.connectionId !== connectionId || record.kind === 'connection')
        throw new RangeError(`${connectionId} listed a record that is not its own: ${record.id}`);
    holding.listings += 1;
    const put = [...changedRecords(holding, listing.records), ...keptUnread(holding, listing.unread)];
    const removed: EntityId[] = [];
    for (const { record, listedIn } of holding.entries.values())
      if (listedIn !== holding.listings && record.kind !== 'connection') removed.push(record.id);
    return this.#apply(connectionId, holding, put, removed, changedLoads(holding, listing.loads));
  }

  /** Sets the record of a connection itself. */
  putConnection(record: ConnectionRecord): InventoryDelta | undefined {
    const holding = this.#holdingOf(record.connectionId);
    const known = holding.entries.get(record.id);
    if (known === undefined) holding.entries.set(record.id, { record, load: undefined, listedIn: 0, loadedIn: 0 });
    else if (isSameRecord(known.record, record)) return undefined;
    else known.record = record;
    return this.#apply(record.connectionId, holding, [record], [], []);
  }

  /** Forgets a connection and everything it holds. */
  removeConnection(connectionId: ConnectionId): InventoryDelta | undefined {
    const holding = this.#holdings.get(connectionId);
    if (holding === undefined) return undefined;
    const removed = [...holding.entries.keys()];
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
      loads: [...this.#holdings.values()].flatMap((holding) => loadsIn(holding)),
    };
    return this.#snapshot;
  }

  #holdingOf(connectionId: ConnectionId): Holding {
    let holding = this.#holdings.get(connectionId);
    if (holding === undefined) {
      holding = { entries: new Map(), listings: 0 };
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
    for (const id of removed) holding.entries.delete(id);
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

function loadsIn(holding: Holding | undefined): readonly LoadRow[] {
  const loads: LoadRow[] = [];
  for (const { load } of holding?.entries.values() ?? []) if (load !== undefined) loads.push(load);
  return loads;
}

/** Takes the listed records over and says which of them are new or different. */
function changedRecords(holding: Holding, records: readonly EntityRecord[]): readonly EntityRecord[] {
  const changed = new Map<EntityId, EntityRecord>();
  for (const record of records) {
    const known = holding.entries.get(record.id);
    if (known === undefined) {
      holding.entries.set(record.id, { record, load: undefined, listedIn: holding.listings, loadedIn: 0 });
      changed.set(record.id, record);
      continue;
    }
    known.listedIn = holding.listings;
    if (isSameRecord(known.record, record)) continue;
    known.record = record;
    changed.set(record.id, record);
  }
  return [...changed.values()];
}

/** Keeps the guests that the host could not tell, and says which of them are in an unknown state from now on. */
function keptUnread(holding: Holding, unread: InventoryListing['unread'] = []): readonly EntityRecord[] {
  const changed: EntityRecord[] = [];
  if (unread.length === 0) return changed;
  for (const entry of holding.entries.values()) {
    const { record, listedIn } = entry;
    if (listedIn === holding.listings || record.kind !== 'guest' || !unread.includes(record.virtualization)) continue;
    entry.listedIn = holding.listings;
    if (record.power === 'unknown') continue;
    const { startedAtMs: _unknownNow, ...rest } = record;
    entry.record = { ...rest, power: 'unknown' };
    changed.push(entry.record);
  }
  return changed;
}

/** Takes the listed figures over and says which rows moved; a row that is missing while its record stands is emptied. */
function changedLoads(holding: Holding, loads: readonly LoadRow[]): readonly LoadRow[] {
  const changed = new Map<EntityId, LoadRow>();
  for (const row of loads) {
    const entry = holding.entries.get(row[0]);
    if (entry === undefined || entry.listedIn !== holding.listings) continue;
    entry.loadedIn = holding.listings;
    if (entry.load !== undefined && isSameLoadRow(entry.load, row)) continue;
    entry.load = row;
    changed.set(row[0], row);
  }
  for (const entry of holding.entries.values()) {
    if (entry.load === undefined || entry.loadedIn === holding.listings || entry.listedIn !== holding.listings)
      continue;
    const empty = toLoadRow(entry.record.id, noLoad);
    if (isSameLoadRow(entry.load, empty)) continue;
    entry.load = empty;
    changed.set(empty[0], empty);
  }
  return [...changed.values()];
}
