import type { ReactNode } from 'react';

/** One column of a grid. `render` is called for rows in sight only; live figures subscribe inside what it returns. */
export interface GridColumn<Key extends string> {
  readonly id: string;
  readonly label: string;
  readonly widthPx: number;
  readonly minPx?: number;
  readonly align?: 'start' | 'end';
  /** The column that names the row: always shown, always first. */
  readonly isName?: boolean;
  readonly render: (key: Key) => ReactNode;
}

/** Which columns are shown, in which order, how wide. What the user arranged; kept by the owner. */
export interface ColumnState {
  readonly column: string;
  readonly isVisible: boolean;
  readonly widthPx?: number | undefined;
}

export interface GridSort {
  readonly column: string;
  readonly isDescending: boolean;
}

/** A column as it stands in the grid. */
export interface PlacedColumn<Key extends string> {
  readonly column: GridColumn<Key>;
  readonly widthPx: number;
}

/** The user's arrangement over the columns that exist: unknown ones are left out, new ones come last. */
export function arrangeColumns(
  columns: readonly { readonly id: string }[],
  arranged: readonly ColumnState[],
): readonly ColumnState[] {
  const known = arranged.filter((state) => columns.some((column) => column.id === state.column));
  const missing = columns.filter((column) => !known.some((state) => state.column === column.id));
  return [...known, ...missing.map((column) => ({ column: column.id, isVisible: true }))];
}

/** The shown columns in their order. */
export function placeColumns<Key extends string>(
  columns: readonly GridColumn<Key>[],
  states: readonly ColumnState[],
): readonly PlacedColumn<Key>[] {
  const placed: PlacedColumn<Key>[] = [];
  for (const state of arrangeColumns(columns, states)) {
    const column = columns.find((each) => each.id === state.column);
    if (column === undefined || (!state.isVisible && column.isName !== true)) continue;
    placed.push({ column, widthPx: Math.max(column.minPx ?? 48, state.widthPx ?? column.widthPx) });
  }
  return placed;
}

/** Moves a column before another one, or to the end. */
export function moveColumn(
  states: readonly ColumnState[],
  column: string,
  before: string | undefined,
): readonly ColumnState[] {
  const moved = states.find((state) => state.column === column);
  if (moved === undefined || column === before) return states;
  const rest = states.filter((state) => state.column !== column);
  const at = before === undefined ? rest.length : rest.findIndex((state) => state.column === before);
  return at < 0 ? states : [...rest.slice(0, at), moved, ...rest.slice(at)];
}

/** Changes what is kept of one column. */
export function changeColumn(
  states: readonly ColumnState[],
  column: string,
  change: Partial<ColumnState>,
): readonly ColumnState[] {
  return states.map((state) => (state.column === column ? { ...state, ...change } : state));
}
