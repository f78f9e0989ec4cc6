import type { EntityRecord } from '../../../electron/contract/records/index.ts';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { TreeRow } from '../../ui/tree-row.ts';
import type { Branch, BranchContent } from './tree-branches.ts';

/** A visible line of the inventory tree. */
export interface InventoryRow extends TreeRow {
  readonly content: BranchContent;
}

export interface FlattenOptions {
  /** Lines that are the other way round than by default. */
  readonly toggled: ReadonlySet<string>;
  /** Only records that pass are shown, with the way to them open. */
  readonly filter?: ((record: EntityRecord) => boolean) | undefined;
  readonly getRecord: (id: EntityId) => EntityRecord | undefined;
}

interface KeptBranch {
  readonly branch: Branch;
  /** The children that passed the filter; `undefined` where there is no filter. */
  readonly kept?: readonly KeptBranch[];
}

/** The branches under which something passes. A line that passes itself is shown without what is under it, unless that passes too. */
function keepMatching(branches: readonly Branch[], options: FlattenOptions): readonly KeptBranch[] {
  const { filter } = options;
  if (filter === undefined) return branches.map((branch) => ({ branch }));
  const result: KeptBranch[] = [];
  for (const branch of branches) {
    const kept = branch.children === undefined ? [] : keepMatching(branch.children(), options);
    const record = branch.content.type === 'record' ? options.getRecord(branch.content.id) : undefined;
    if (kept.length > 0 || (record !== undefined && filter(record))) result.push({ branch, kept });
  }
  return result;
}

/** The visible lines from top to bottom. */
export function flattenBranches(branches: readonly Branch[], options: FlattenOptions): readonly InventoryRow[] {
  const rows: InventoryRow[] = [];
  const add = (kept: readonly KeptBranch[], level: number): void => {
    for (const [index, { branch, kept: below }] of kept.entries()) {
      const isExpandable = below === undefined ? branch.children !== undefined : below.length > 0;
      const isFlipped = options.toggled.has(branch.key);
      const isExpanded = isExpandable && (below === undefined ? branch.isOpenByDefault !== isFlipped : true);
      rows.push({
        key: branch.key,
        level,
        isExpandable,
        isExpanded,
        positionInSet: index + 1,
        setSize: kept.length,
        content: branch.content,
      });
      if (isExpanded) add(below ?? keepMatching(branch.children?.() ?? [], options), level + 1);
    }
  };
  add(keepMatching(branches, options), 1);
  return rows;
}
