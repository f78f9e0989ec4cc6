import { useCallback, useMemo } from 'react';
import { z } from 'zod';
import type { SavedView } from '../../../electron/contract/preferences.ts';
import { useAppStores, useInventory, useLayoutValue, usePreference } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import type { ColumnState, GridSort } from '../../ui/grid-columns.ts';
import { columnsAtFirst } from './guest-columns.tsx';

const arrangementSchema = z.object({
  columns: z.array(z.object({ column: z.string(), isVisible: z.boolean(), widthPx: z.number().optional() })),
  sort: z.object({ column: z.string(), isDescending: z.boolean() }).optional(),
});

/** How a table stands: columns and order. */
export interface TableArrangement {
  readonly columns: readonly ColumnState[];
  readonly sort: GridSort | undefined;
}

function parseArrangement(text: string, hasSeveralConnections: boolean): TableArrangement {
  try {
    const { columns, sort } = arrangementSchema.parse(JSON.parse(text));
    return { columns, sort };
  } catch {
    return { columns: columnsAtFirst(hasSeveralConnections), sort: { column: 'name', isDescending: false } };
  }
}

/** Columns as they are kept: without the key where no width was chosen. */
export function toKeptColumns(columns: readonly ColumnState[]): SavedView['columns'] {
  return columns.map(({ column, isVisible, widthPx }) =>
    widthPx === undefined ? { column, isVisible } : { column, isVisible, widthPx },
  );
}

const hasSeveral = ({ replica }: InventoryStore): boolean => replica.index.byKind.size('connection') > 1;

/**
 * The arrangement of the tables: one for the whole estate, one for the pages of single places (a node, a pool: all their
 * guests are of one connection), and one for each saved view. Changes are kept at once.
 */
export function useTableArrangement(
  viewId: string | undefined,
  isOfOnePlace: boolean,
): readonly [TableArrangement, (change: Partial<TableArrangement>) => void] {
  const { preferences } = useAppStores();
  const [text, setText] = useLayoutValue(isOfOnePlace ? 'table.arrangement.place' : 'table.arrangement', '');
  const views = usePreference('views');
  const hasSeveralConnections = useInventory(hasSeveral, 'lists') && !isOfOnePlace;
  const view = views.find((each) => each.id === viewId);
  const arrangement = useMemo(
    (): TableArrangement =>
      view === undefined
        ? parseArrangement(text, hasSeveralConnections)
        : { columns: view.columns, sort: view.sort ?? undefined },
    [view, text, hasSeveralConnections],
  );
  const change = useCallback(
    (next: Partial<TableArrangement>) => {
      const { columns, sort } = { ...arrangement, ...next };
      if (view === undefined) return setText(JSON.stringify({ columns: toKeptColumns(columns), sort }));
      const changed: SavedView = { ...view, columns: toKeptColumns(columns), sort };
      return preferences.set({
        views: preferences.preferences.views.map((each) => (each.id === view.id ? changed : each)),
      });
    },
    [arrangement, view, setText, preferences],
  );
  return [arrangement, change];
}
