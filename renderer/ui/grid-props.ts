import type { ReactNode } from 'react';
import type { ColumnState, GridColumn, GridSort } from './grid-columns.ts';
import type { GridSelection } from './grid-selection.ts';

/** The height of a row; the same as `--row` of the style sheet. */
export const gridRowPx = 28;

/** What a grid is told by its owner, who keeps all of its state. */
export interface DataGridProps<Key extends string> {
  readonly label: string;
  readonly columns: readonly GridColumn<Key>[];
  readonly columnStates: readonly ColumnState[];
  readonly onColumnStatesChange: (states: readonly ColumnState[]) => void;
  /** The rows in the order to show. */
  readonly rows: readonly Key[];
  readonly sort: GridSort | undefined;
  readonly onSortChange: (sort: GridSort | undefined) => void;
  readonly selection: GridSelection<Key>;
  readonly onSelectionChange: (selection: GridSelection<Key>) => void;
  readonly nameOf: (key: Key) => string;
  readonly onOpen: (key: Key, isKept: boolean) => void;
  readonly isDim?: (key: Key) => boolean;
  /** Buttons at the end of a row, on hover and on the active row. */
  readonly rowActions?: (key: Key) => ReactNode;
  /** What a drag of the selection carries. */
  readonly dragType?: string;
  /** Told before a context menu opens; the row is selected by then. */
  readonly onContextRow?: (key: Key) => void;
  /** Shown where there are no rows. */
  readonly empty?: ReactNode;
  /** Told when the pointer comes and goes, so that the owner does not reorder rows under it. */
  readonly onPointerInside?: (isInside: boolean) => void;
}
