import type { EntityRecord } from '../../electron/contract/records/index.ts';
import { naturalSortKey } from '../lib/natural-sort.ts';

const keys = new WeakMap<EntityRecord, string>();

/** The natural sort key of a record's name, made once for each record: it is asked for by every grouping and every order. */
export function sortKeyOf(record: EntityRecord): string {
  let key = keys.get(record);
  if (key === undefined) {
    key = naturalSortKey(record.name);
    keys.set(record, key);
  }
  return key;
}
