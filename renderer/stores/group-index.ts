import type { EntityId } from '../../electron/contract/ids.ts';
import type { EntityRecord } from '../../electron/contract/records/index.ts';
import { sortKeyOf } from './sort-key.ts';

const nothing: readonly EntityId[] = [];

/**
 * Records grouped by one of their properties (their node, a tag), kept up to date record by record. The sorted list of a
 * group is made when somebody asks for it and kept until that group changes, so that opening a node among 10,000 guests
 * sorts a hundred names and not ten thousand.
 */
export class GroupIndex {
  readonly #members = new Map<string, Map<EntityId, string>>();
  readonly #sorted = new Map<string, readonly EntityId[]>();

  constructor(private readonly groupsOf: (record: EntityRecord) => readonly string[]) {}

  /** Takes a change over; `before` is absent for a new record and `after` for a removed one. */
  update(id: EntityId, before: EntityRecord | undefined, after: EntityRecord | undefined): void {
    const from = before === undefined ? [] : this.groupsOf(before);
    const to = after === undefined ? [] : this.groupsOf(after);
    for (const group of from) if (!to.includes(group)) this.#remove(group, id);
    if (after === undefined) return;
    const isRenamed = before?.name !== after.name;
    for (const group of to) {
      if (isRenamed || !from.includes(group)) this.#put(group, id, sortKeyOf(after));
    }
  }

  /** The ids of a group in natural order of their names. The same array until the group changes. */
  sorted(group: string): readonly EntityId[] {
    const known = this.#sorted.get(group);
    if (known !== undefined) return known;
    const members = this.#members.get(group);
    if (members === undefined) return nothing;
    const sorted = [...members]
      .sort(([idA, a], [idB, b]) => (a === b ? (idA < idB ? -1 : 1) : a < b ? -1 : 1))
      .map(([id]) => id);
    this.#sorted.set(group, sorted);
    return sorted;
  }

  /** The ids of a group in no order. */
  members(group: string): Iterable<EntityId> {
    return this.#members.get(group)?.keys() ?? nothing;
  }

  size(group: string): number {
    return this.#members.get(group)?.size ?? 0;
  }

  /** All groups that have a member. */
  groups(): readonly string[] {
    return [...this.#members.keys()];
  }

  clear(): void {
    this.#members.clear();
    this.#sorted.clear();
  }

  #put(group: string, id: EntityId, sortKey: string): void {
    let members = this.#members.get(group);
    if (members === undefined) {
      members = new Map();
      this.#members.set(group, members);
    }
    members.set(id, sortKey);
    this.#sorted.delete(group);
  }

  #remove(group: string, id: EntityId): void {
    const members = this.#members.get(group);
    members?.delete(id);
    if (members?.size === 0) this.#members.delete(group);
    this.#sorted.delete(group);
  }
}
