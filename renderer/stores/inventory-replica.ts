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

/** One group for each record that has one. Groups of one are kept, so that 10,000 records do not make 10,000 lists. */
function groupingBy(group: (record: EntityRecord) => string | undefined): (record: EntityRecord) => readonly string[] {
  const lists = new Map<string, readonly string[]>();
  return (record) => {
    const key = group(record);
    if (key === undefined) return ungrouped;
    let list = lists.get(key);
    if (list === undefined) {
      list = [key];
      lists.set(key, list);
    }
    return list;
  };
}
const ungrouped: readonly string[] = [];

const byConnection = (): GroupIndex => new GroupIndex(groupingBy((record) => record.connectionId));
const byNode = (): GroupIndex =>
  new GroupIndex(groupingBy((record) => ('nodeId' in record ? record.nodeId : undefined)));

/** The groupings that screens need, each kept up to date record by record. */
function createIndexes() {
  return {
    /** Group: the kind. */
    byKind: new GroupIndex(groupingBy((record) => record.kind)),
    /** Group: connection id. */
    nodesByConnection: byConnection(),
    guestsByConnection: byConnection(),
    poolsByConnection: byConnection(),
    /** Group: entity id of the node. */
    guestsByNode: byNode(),
    storagesByNode: byNode(),
    networksByNode: byNode(),
    /** Group: entity id of the pool. */
    guestsByPool: new GroupIndex(groupingBy((record) => (record.kind === 'guest' ? record.poolId : undefined))),
    /** Group: the tag. */
    guestsByTag: new GroupIndex((record) => (record.kind === 'guest' ? record.tags : ungrouped)),
  };
}
type Indexes = ReturnType<typeof createIndexes>;

/** The groupings that records of a kind have a place in; a record never changes its kind. */
function indexesOfKinds(indexes: Indexes): Readonly<Record<EntityRecord['kind'], readonly GroupIndex[]>> {
  const { byKind } = indexes;
  const { guestsByConnection, guestsByNode, guestsByPool, guestsByTag } = indexes;
  return {
    connection: [byKind],
    cluster: [byKind],
    node: [byKind, indexes.nodesByConnection],
    guest: [byKind, guestsByConnection, guestsByNode, guestsByPool, guestsByTag],
    storage: [byKind, indexes.storagesByNode],
    network: [byKind, indexes.networksByNode],
    pool: [byKind, indexes.poolsByConnection],
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
  readonly #indexesOf = indexesOfKinds(this.index);

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
    const kind = (after ?? before)?.kind;
    if (kind !== undefined) for (const index of this.#indexesOf[kind]) index.update(id, before, after);
  }
}
