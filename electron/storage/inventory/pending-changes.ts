import type { ConnectionId, EntityId } from '../../contract/ids.ts';
import type { InventoryDelta } from '../../contract/inventory.ts';
import type { EntityRecord, LoadRow } from '../../contract/records/index.ts';

/** What is still to be written of one connection. The newest word on an id is the only one kept, so it cannot outgrow the inventory. */
export interface PendingConnection {
  forgets: boolean;
  lastGoodAtMs: number | undefined;
  /** Deleted first: what was removed and came back begins without its old load. */
  readonly removed: Set<EntityId>;
  readonly records: Map<EntityId, EntityRecord>;
  readonly loads: Map<EntityId, LoadRow>;
}

/** Everything that is still to be written. */
export class PendingChanges {
  readonly #connections = new Map<ConnectionId, PendingConnection>();

  get isEmpty(): boolean {
    return this.#connections.size === 0;
  }

  add(
    connectionId: ConnectionId,
    { put, removed, loads }: Pick<InventoryDelta, 'put' | 'removed' | 'loads'>,
    lastGoodAtMs: number,
  ): void {
    const pending = this.#of(connectionId);
    pending.lastGoodAtMs = lastGoodAtMs;
    for (const id of removed) {
      pending.removed.add(id);
      pending.records.delete(id);
      pending.loads.delete(id);
    }
    for (const record of put) pending.records.set(record.id, record);
    for (const row of loads) pending.loads.set(row[0], row);
  }

  forget(connectionId: ConnectionId): void {
    this.#connections.set(connectionId, { ...nothingPending(), forgets: true });
  }

  /** Hands over what is to be written now. Loads and times alone stay behind unless asked for: they come with every poll. */
  take(withLoads: boolean): ReadonlyMap<ConnectionId, PendingConnection> {
    const taken = new Map<ConnectionId, PendingConnection>();
    for (const [id, pending] of this.#connections) {
      if (!withLoads && !hasRecords(pending)) continue;
      this.#connections.delete(id);
      if (withLoads || pending.loads.size === 0) {
        taken.set(id, pending);
        continue;
      }
      taken.set(id, { ...pending, loads: new Map() });
      const { lastGoodAtMs, loads } = pending;
      this.#connections.set(id, { ...nothingPending(), lastGoodAtMs, loads });
    }
    return taken;
  }

  /** Takes back what could not be written, below what has come since. */
  restore(taken: ReadonlyMap<ConnectionId, PendingConnection>): void {
    for (const [id, older] of taken) {
      const newer = this.#connections.get(id);
      if (newer?.forgets === true) continue;
      this.#connections.set(id, newer === undefined ? older : joined(older, newer));
    }
  }

  #of(connectionId: ConnectionId): PendingConnection {
    let pending = this.#connections.get(connectionId);
    if (pending === undefined) {
      pending = nothingPending();
      this.#connections.set(connectionId, pending);
    }
    return pending;
  }
}

function nothingPending(): PendingConnection {
  return { forgets: false, lastGoodAtMs: undefined, removed: new Set(), records: new Map(), loads: new Map() };
}

function hasRecords({ forgets, removed, records }: PendingConnection): boolean {
  return forgets || removed.size > 0 || records.size > 0;
}

function joined(older: PendingConnection, newer: PendingConnection): PendingConnection {
  for (const id of newer.removed) {
    older.records.delete(id);
    older.loads.delete(id);
  }
  return {
    forgets: older.forgets,
    lastGoodAtMs: newer.lastGoodAtMs ?? older.lastGoodAtMs,
    removed: new Set([...older.removed, ...newer.removed]),
    records: new Map([...older.records, ...newer.records]),
    loads: new Map([...older.loads, ...newer.loads]),
  };
}
