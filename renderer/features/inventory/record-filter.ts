import {
  compileFilter,
  parseFilter,
  type FilterPredicate,
  type FilterProblem,
} from '../../../electron/contract/filter/index.ts';
import { fromLoadRow } from '../../../electron/contract/records/index.ts';
import type { InventoryStore } from '../../stores/inventory-store.ts';

/** A filter text made executable over the replica. */
export interface RecordFilter {
  /** Absent for an empty text: everything passes. */
  readonly passes: FilterPredicate | undefined;
  readonly problems: readonly FilterProblem[];
}

/** Reads a filter text as the table and the tree understand it: plain words and fields such as `tag:web mem>8G`. */
export function recordFilter(text: string, inventory: InventoryStore, nowMs: () => number): RecordFilter {
  if (text.trim() === '') return { passes: undefined, problems: [] };
  const { node, problems } = parseFilter(text);
  const passes = compileFilter(node, {
    record: (id) => inventory.getRecord(id),
    load: (id) => {
      const row = inventory.getLoad(id);
      return row === undefined ? undefined : fromLoadRow(row);
    },
    nowMs,
  });
  return { passes, problems };
}
