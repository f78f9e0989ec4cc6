import type { EntityId } from '../../electron/contract/ids.ts';
import type { InventoryFrame } from '../../electron/contract/inventory.ts';
import type { EntityRecord, EntityRecordOf, LoadRow } from '../../electron/contract/records/index.ts';
import { GroupIndex } from './group-index.ts';

/** What one frame changed. */
export interface InventoryChange {
  /** Everything was replaced; the lists below are empty then. */
  readonly isReset: boolean;
  readonly put: readonly EntityId[];
  readonly removed: readonly EntityId[];
  readonly loads: readonly EntityId[];
}

type Records = () => Iterable<EntityRecord>;
type Kind = EntityRecord['kind'];

/** The groupings that screens need, each made when first asked for and then kept up to date record by record. */
function createIndexes(records: Records) {
  const of = <K extends Kind>(kind: K, groupsOf: (record: EntityRecordOf<K>) => readonly string[]): GroupIndex =>
    new GroupIndex(records, (record) => (record.kind === kind ? groupsOf(record as EntityRecordOf<K>) : ungrouped));
  const byConnection = (kind: Kind): GroupIndex => of(kind, (record) => [record.connectionId]);
  return {
    /** Group: the kind. */
    byKind: new GroupIndex(records, (record) => [record.kind]),
    /** Group: connection id. */
    nodesByConnection: byConnection('node'),
    guestsByConnection: byConnection('guest'),
    poolsByConnection: byConnection('pool'),
    /** Group: entity id of the node. */
    guestsByNode: of('guest', (record) => [record.nodeId]),
    storagesByNode: of('storage', (record) => [record.nodeId]),
    networksByNode: of('network', (record) => [record.nodeId]),
    /** Group: entity id of the pool. */
    guestsByPool: of('guest', (record) => (record.poolId === undefined ? ungrouped : [record.poolId])),
    /** Group: the tag. */
    guestsByTag: of('guest', (record) => record.tags),
  };
}
const ungrouped: readonly string[] = [];

/** What lists are made from and filtered by of a connection. */
const listedFields = ['name', 'group', 'connectionKind', 'state', 'endpoint'] as const;

/**
 * The window's copy of the inventory: a snapshot once, then changes that must join seamlessly. Records and loads are kept
 * apart, so that a poll in which only loads moved touches no index. Nothing here knows React or time.
 */
export class InventoryReplica {
  #revision = -1;
  #listVersion = 0;
  readonly #records = new Map<EntityId, EntityRecord>();
  readonly #loads = new Map<EntityId, LoadRow>();
  readonly index = createIndexes(() => this.#records.values());

  /** -1 before the first snapshot. */
  get revision(): number {
    return this.#revision;
  }
  /**
   * Counts changes that can move a record in a list: all but the times of a connection, whose record tells with every poll
   * when it was read last. Without it every poll would sort and filter 10,000 guests anew, also one in which none of them changed.
   */
  get listVersion(): number {
    return this.#listVersion;
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
    if (frame.removed.length > 0 || frame.put.some((record) => this.#movesInLists(record))) this.#listVersion += 1;
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
    this.#listVersion += 1;
    this.#records.clear();
    this.#loads.clear();
    for (const index of Object.values(this.index)) index.clear();
    this.#revision = revision;
    for (const record of records) this.#records.set(record.id, record);
    for (const row of loads) this.#loads.set(row[0], row);
    return { isReset: true, put: [], removed: [], loads: [] };
  }

  #movesInLists(after: EntityRecord): boolean {
    const before = this.get('connection', after.id);
    if (after.kind !== 'connection' || before === undefined) return true;
    return listedFields.some((field) => before[field] !== after[field]);
  }

  #index(id: EntityId, after: EntityRecord | undefined): void {
    const before = this.#records.get(id);
    for (const index of Object.values(this.index)) index.update(id, before, after);
  }
}
