import { entityId, type ConnectionId, type EntityId } from '../../../contract/ids.ts';
import type { EntityRecord, LoadRow } from '../../../contract/records/index.ts';
import type { InventoryListing } from '../../../core/ports/driver.ts';
import type { PveClusterStatus } from '../parse/cluster.ts';
import type { PveResource } from '../parse/resources.ts';
import { GuestSlot, type GuestSurroundings } from './guest-slot.ts';
import { KeepSame } from './keep-same.ts';
import {
  toClusterRecord,
  toNetworkRecord,
  toNodeLoad,
  toNodeRecord,
  toPoolRecord,
  toStorageLoad,
  toStorageRecord,
} from './small-records.ts';
import { holdStartedAt } from './started-at.ts';

/** What the slow round has found out and the quick one uses. */
export interface InventoryBackground {
  readonly clusterStatus: PveClusterStatus | undefined;
  /** The cluster's name as the sign-in said it; `''` for a single node or a token. */
  readonly signInClusterName: string;
  readonly haStates: ReadonlyMap<string, string>;
  readonly poolComments: ReadonlyMap<string, string>;
  readonly nodeVersions: ReadonlyMap<string, string>;
  readonly pausedGuests: ReadonlySet<string>;
}

/** Turns listings into records, one after the other, keeping the objects of what did not change. */
export class InventoryMap {
  readonly #connectionId: ConnectionId;
  readonly #guests = new Map<string, GuestSlot>();
  readonly #whereabouts = new Map<EntityId, PveResource>();
  readonly #records = new KeepSame<EntityRecord>();
  readonly #nodeStarts = new Map<string, number>();
  readonly #nodeIds = new Map<string, EntityId>();
  #offlineNodes: ReadonlySet<string> = new Set();
  #sweep = 0;

  constructor(connectionId: ConnectionId) {
    this.#connectionId = connectionId;
  }

  /** Nodes that were offline in the last listing. */
  get offlineNodes(): ReadonlySet<string> {
    return this.#offlineNodes;
  }

  /** The row of a guest in the last listing. */
  guestRow(id: EntityId): PveResource | undefined {
    return this.#whereabouts.get(id);
  }

  update(rows: readonly PveResource[], background: InventoryBackground, nowMs: number): InventoryListing {
    this.#sweep += 1;
    this.#records.begin();
    const records: EntityRecord[] = [];
    const loads: LoadRow[] = [];
    this.#mapNodes(rows, background, nowMs, records, loads);
    const around: GuestSurroundings = {
      connectionId: this.#connectionId,
      nowMs,
      nodeIds: this.#nodeIds,
      offlineNodes: this.#offlineNodes,
      pausedGuests: background.pausedGuests,
      haStates: background.haStates,
    };
    for (const row of rows) {
      if (row.type === 'qemu' || row.type === 'lxc') this.#mapGuest(row, around, records, loads);
      else this.#mapOther(row, background, records, loads);
    }
    this.#forgetUnseen();
    return { records, loads };
  }

  #mapGuest(row: PveResource, around: GuestSurroundings, records: EntityRecord[], loads: LoadRow[]): void {
    let slot = this.#guests.get(row.id);
    if (slot === undefined) {
      slot = new GuestSlot(this.#connectionId, row);
      this.#guests.set(row.id, slot);
    }
    // While a guest moves, both nodes may name it for a moment; the first row counts.
    if (slot.sweep === this.#sweep) return;
    slot.sweep = this.#sweep;
    this.#whereabouts.set(slot.id, row);
    const record = slot.record(row, around);
    records.push(record);
    loads.push(slot.load(row, record.power));
  }

  #mapNodes(
    rows: readonly PveResource[],
    background: InventoryBackground,
    nowMs: number,
    records: EntityRecord[],
    loads: LoadRow[],
  ): void {
    const nodes = rows.filter((row) => row.type === 'node');
    this.#offlineNodes = new Set(nodes.filter((row) => row.status === 'offline').map((row) => row.node ?? ''));
    const online = nodes.map((row) => ({ isOnline: row.status === 'online' }));
    const { clusterStatus, signInClusterName, nodeVersions } = background;
    const cluster = toClusterRecord(clusterStatus, signInClusterName, online, this.#connectionId);
    if (cluster !== undefined) records.push(this.#records.keep(cluster));
    for (const row of nodes) {
      const name = row.node ?? '';
      const startedAtMs = holdStartedAt(this.#nodeStarts.get(name), nowMs, row.uptime ?? 0);
      if (startedAtMs === undefined) this.#nodeStarts.delete(name);
      else this.#nodeStarts.set(name, startedAtMs);
      const record = toNodeRecord(row, {
        connectionId: this.#connectionId,
        clusterId: cluster?.id,
        startedAtMs,
        version: nodeVersions.get(name) ?? '',
      });
      this.#nodeIds.set(name, record.id);
      records.push(this.#records.keep(record));
      loads.push(this.#records.keepLoad(toNodeLoad(record.id, row)));
    }
  }

  #mapOther(row: PveResource, background: InventoryBackground, records: EntityRecord[], loads: LoadRow[]): void {
    switch (row.type) {
      case 'storage': {
        const record = toStorageRecord(row, this.#connectionId, this.#offlineNodes);
        records.push(this.#records.keep(record));
        loads.push(this.#records.keepLoad(toStorageLoad(record, row)));
        return;
      }
      case 'sdn':
      case 'network':
        records.push(this.#records.keep(toNetworkRecord(row, this.#connectionId)));
        return;
      case 'pool': {
        const name = row.pool ?? '';
        const comment = background.poolComments.get(name) ?? '';
        records.push(this.#records.keep(toPoolRecord(name, comment, this.#connectionId)));
        return;
      }
      default:
      // `node` is mapped before the guests; a type of a newer version has no noun here yet.
    }
  }

  #forgetUnseen(): void {
    for (const [rowId, slot] of this.#guests) {
      if (slot.sweep === this.#sweep) continue;
      this.#guests.delete(rowId);
      this.#whereabouts.delete(slot.id);
    }
    this.#records.end();
  }

  /** The id under which a guest's row is listed. */
  guestId(type: 'qemu' | 'lxc', vmid: string): EntityId {
    return entityId(this.#connectionId, 'guest', `${type}:${vmid}`);
  }
}
