import type { EntityId } from '../../electron/contract/ids.ts';
import type { InventoryFrame } from '../../electron/contract/inventory.ts';
import type { EntityRecord, EntityRecordOf, LoadRow } from '../../electron/contract/records/index.ts';
import { GroupIndex } from './group-index.ts';

/** What one frame changed. */
export interface InventoryChange {
  /** Everything was replaced. */
  readonly isReset: boolean;
  readonly put: readonly EntityId[];
  readonly removed: readonly EntityId[];
  readonly loads: readonly EntityId[];
}

const ofKind =
  (kind: EntityRecord['kind'], group: (record: EntityRecord) => string | undefined) => (record: EntityRecord) => {
    const key = record.kind === kind ? group(record) : undefined;
    return key === undefined ? [] : [key];
  };

/** The groupings that screens need, each kept up to date record by record. */
function createIndexes() {
  return {
    /** Group: the kind. */
    byKind: new GroupIndex((record) => [record.kind]),
    /** Group: connection id. */
    nodesByConnection: new GroupIndex(ofKind('node', (record) => record.connectionId)),
    guestsByConnection: new GroupIndex(ofKind('guest', (record) => record.connectionId)),
    poolsByConnection: new GroupIndex(ofKind('pool', (record) => record.connectionId)),
    /** Group: entity id of the node. */
    guestsByNode: new GroupIndex((record) => (record.kind === 'guest' ? [record.nodeId] : [])),
    storagesByNode: new GroupIndex((record) => (record.kind === 'storage' ? [record.nodeId] : [])),
    networksByNode: new GroupIndex((record) => (record.kind === 'network' ? [record.nodeId] : [])),
    /** Group: entity id of the pool. */
    guestsByPool: new GroupIndex((record) =>
      record.kind === 'guest' && record.poolId !== undefined ? [record.poolId] : [],
    ),
    /** Group: the tag. */
    guestsByTag: new GroupIndex((record) => (record.kind === 'guest' ? record.tags : [])),
  };
}

/**
 * The window's copy of the inventory: a snapshot once, then changes that must join seamlessly. Records and loads are kept
 * apart, so that a poll in which only loads moved touches no index. Nothing here knows React or time.
 */
export class InventoryReplica {
  #revision = -1;
  readonly #records = new Map<EntityId, EntityRecord>();
  readonly #loads = new Map<EntityId, LoadRow>();
  readonly index = createIndexes();

  /** -1 before the first snapshot. */
  get revision(): number {
    return this.#revision;
  }
  get records(): ReadonlyMap<EntityId, EntityRecord> {
    return this.#records;
  }
  get loads(): ReadonlyMap<EntityId, LoadRow> {
    return this.#loads;
  }

  /** The record if it is there and of that kind. */
  get<Kind extends EntityRecord['kind']>(kind: Kind, id: EntityId): EntityRecordOf<Kind> | undefined {
    const record = this.#records.get(id);
    return record?.kind === kind ? (record as EntityRecordOf<Kind>) : undefined;
  }

  /** Takes a frame over, or answers `gap` without changing anything: then a new snapshot is needed. */
  apply(frame: InventoryFrame): InventoryChange | 'gap' {
    if (frame.type === 'snapshot') return this.#reset(frame.revision, frame.records, frame.loads);
    if (frame.from !== this.#revision) return 'gap';
    this.#revision = frame.revision;
    for (const id of frame.removed) {
      this.#index(id, undefined);
      this.#records.delete(id);
      this.#loads.delete(id);
    }
    for (const record of frame.put) {
      this.#index(record.id, record);
      this.#records.set(record.id, record);
    }
    for (const row of frame.loads) this.#loads.set(row[0], row);
    return {
      isReset: false,
      put: frame.put.map((record) => record.id),
      removed: frame.removed,
      loads: frame.loads.map((row) => row[0]),
    };
  }

  #reset(revision: number, records: readonly EntityRecord[], loads: readonly LoadRow[]): InventoryChange {
    this.#records.clear();
    this.#loads.clear();
    for (const index of Object.values(this.index)) index.clear();
    this.#revision = revision;
    for (const record of records) {
      this.#index(record.id, record);
      this.#records.set(record.id, record);
    }
    for (const row of loads) this.#loads.set(row[0], row);
    return { isReset: true, put: records.map((record) => record.id), removed: [], loads: loads.map((row) => row[0]) };
  }

  #index(id: EntityId, after: EntityRecord | undefined): void {
    const before = this.#records.get(id);
    for (const index of Object.values(this.index)) index.update(id, before, after);
  }
}
