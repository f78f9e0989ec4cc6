import type { EntityId } from '../../electron/contract/ids.ts';
import type { EntityRecord } from '../../electron/contract/records/index.ts';
import { sortKeyOf } from './sort-key.ts';

const nothing: readonly EntityId[] = [];
const none: readonly string[] = [];

/**
 * Records grouped by one of their properties (their node, a tag), kept up to date record by record. The sorted list of a
 * group is made when somebody asks for it and kept until that group changes, so that opening a node among 10,000 guests
 * sorts a hundred names and not ten thousand.
 */
export class GroupIndex {
  readonly #members = new Map<string, Map<EntityId, EntityRecord>>();
  readonly #sorted = new Map<string, readonly EntityId[]>();

  #isMade = false;

  /** `records`: everything there is, for the moment in which the groups are made. */
  constructor(
    private readonly records: () => Iterable<EntityRecord>,
    private readonly groupsOf: (record: EntityRecord) => readonly string[],
  ) {}

  /** Takes a change over; `before` is absent for a new record and `after` for a removed one. */
  update(id: EntityId, before: EntityRecord | undefined, after: EntityRecord | undefined): void {
    if (!this.#isMade) return;
    const from = before === undefined ? none : this.groupsOf(before);
    const to = after === undefined ? none : this.groupsOf(after);
    for (const group of from) if (!to.includes(group)) this.#remove(group, id);
    if (after === undefined) return;
    const isRenamed = before?.name !== after.name;
    for (const group of to) this.#put(group, after, isRenamed || !from.includes(group));
  }

  /** The ids of a group in natural order of their names. The same array until the group changes. */
  sorted(group: string): readonly EntityId[] {
    const known = this.#sorted.get(group);
    if (known !== undefined) return known;
    const members = this.#made().get(group);
    if (members === undefined) return nothing;
    // Keys are made here and not when a record arrives: most groups are never opened.
    const sorted = Array.from(members.values(), (record) => ({ id: record.id, key: sortKeyOf(record) }))
      .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1))
      .map(({ id }) => id);
    this.#sorted.set(group, sorted);
    return sorted;
  }

  /** The ids of a group in no order. */
  members(group: string): Iterable<EntityId> {
    return this.#made().get(group)?.keys() ?? nothing;
  }

  size(group: string): number {
    return this.#made().get(group)?.size ?? 0;
  }

  /** All groups that have a member. */
  groups(): readonly string[] {
    return [...this.#made().keys()];
  }

  /** Everything was replaced: the groups are made anew when somebody asks. */
  clear(): void {
    this.#isMade = false;
    this.#members.clear();
    this.#sorted.clear();
  }

  /**
   * The groups, made at the first question: a window of 10,000 guests shows its tree with two of the nine groupings, and
   * making all of them was the longest task of its start.
   */
  #made(): ReadonlyMap<string, ReadonlyMap<EntityId, EntityRecord>> {
    if (!this.#isMade) {
      this.#isMade = true;
      for (const record of this.records()) for (const group of this.groupsOf(record)) this.#put(group, record, false);
    }
    return this.#members;
  }

  #put(group: string, record: EntityRecord, movesOrder: boolean): void {
    let members = this.#members.get(group);
    if (members === undefined) {
      members = new Map();
      this.#members.set(group, members);
    }
    members.set(record.id, record);
    if (movesOrder) this.#sorted.delete(group);
  }

  #remove(group: string, id: EntityId): void {
    const members = this.#members.get(group);
    members?.delete(id);
    if (members?.size === 0) this.#members.delete(group);
    this.#sorted.delete(group);
  }
}
