import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { classNames } from '../lib/class-names.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { columnMenu } from './grid-column-menu.ts';
import {
  arrangeColumns,
  changeColumn,
  moveColumn,
  type ColumnState,
  type GridColumn,
  type GridSort,
  type PlacedColumn,
} from './grid-columns.ts';
import { ContextMenu } from './menu.tsx';

const dragType = 'application/x-wheelhouse-column';

interface GridHeaderProps<Key extends string> {
  readonly placed: readonly PlacedColumn<Key>[];
  readonly columns: readonly GridColumn<Key>[];
  readonly states: readonly ColumnState[];
  readonly onStatesChange: (states: readonly ColumnState[]) => void;
  readonly sort: GridSort | undefined;
  readonly onSortChange: (sort: GridSort | undefined) => void;
  readonly isAllSelected: boolean;
  readonly isSomeSelected: boolean;
  readonly onSelectAll: (isAll: boolean) => void;
}

/** The handle at the right edge of a header. While it is dragged only a style variable changes; the width is kept at the end. */
function ResizeHandle(props: {
  readonly index: number;
  readonly minPx: number;
  readonly onResized: (px: number) => void;
}) {
  const start = useRef<{ readonly x: number; readonly px: number } | undefined>(undefined);
  const widthAt = (event: PointerEvent): number => {
    const from = start.current;
    return from === undefined ? 0 : Math.max(props.minPx, Math.round(from.px + event.clientX - from.x));
  };
  return (
    <span
      className="grid-resize"
      onPointerDown={(event) => {
        event.stopPropagation();
        event.preventDefault();
        const cell = event.currentTarget.parentElement;
        start.current = { x: event.clientX, px: cell?.getBoundingClientRect().width ?? 0 };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (start.current === undefined) return;
        const grid = event.currentTarget.closest<HTMLElement>('.grid');
        grid?.style.setProperty(`--grid-column-${props.index}`, `${widthAt(event)}px`);
      }}
      onPointerUp={(event) => {
        const px = widthAt(event);
        if (start.current !== undefined) props.onResized(px);
        start.current = undefined;
      }}
    />
  );
}

const resizeStepPx = 16;

/** Shift with Left and Right makes a column narrower and wider, from its name, which Tab reaches. */
function widthAfterKey(event: KeyboardEvent, widthPx: number, minPx: number): number | undefined {
  if (!event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  if (event.key === 'ArrowRight') return widthPx + resizeStepPx;
  if (event.key === 'ArrowLeft') return Math.max(minPx, widthPx - resizeStepPx);
  return undefined;
}

function nextSort(sort: GridSort | undefined, column: string): GridSort {
  return { column, isDescending: sort?.column === column && !sort.isDescending };
}

/** The sticky line of column names. */
export function GridHeader<Key extends string>(props: GridHeaderProps<Key>) {
  const { t } = useI18n();
  const { placed, sort, onStatesChange } = props;
  const [menuColumn, setMenuColumn] = useState<string | undefined>(undefined);
  const states = arrangeColumns(props.columns, props.states);
  const entries = columnMenu({
    ...props,
    states,
    column: menuColumn,
    widthPx: (id) => placed.find((each) => each.column.id === id)?.widthPx ?? 0,
    t,
  });
  return (
    <div className="grid-header" role="rowgroup">
      <ContextMenu entries={entries} className="grid-header-menu">
        <div className="grid-header-row" role="row" aria-rowindex={1}>
          <div className="grid-tick" role="columnheader" aria-colindex={1}>
            <input
              type="checkbox"
              aria-label={t('grid.selectAll')}
              checked={props.isAllSelected}
              ref={(box) => {
                if (box !== null) box.indeterminate = props.isSomeSelected && !props.isAllSelected;
              }}
              onChange={(event) => props.onSelectAll(event.currentTarget.checked)}
            />
          </div>
          {placed.map(({ column, widthPx }, index) => {
            const minPx = column.minPx ?? 48;
            const resize = (widthPx: number): void => onStatesChange(changeColumn(states, column.id, { widthPx }));
            const isSorted = sort?.column === column.id;
            const Arrow = sort?.isDescending === true ? ArrowDown : ArrowUp;
            return (
              <div
                key={column.id}
                role="columnheader"
                tabIndex={-1}
                aria-colindex={index + 2}
                aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
                className={classNames('grid-header-cell', column.align === 'end' && 'grid-cell-end')}
                style={{ width: `var(--grid-column-${index})` }}
                draggable={column.isName !== true}
                onContextMenu={() => setMenuColumn(column.id)}
                onDragStart={(event) => event.dataTransfer.setData(dragType, column.id)}
                onDragOver={(event) => {
                  if (column.isName !== true && event.dataTransfer.types.includes(dragType)) event.preventDefault();
                }}
                onDrop={(event) => {
                  const moved = event.dataTransfer.getData(dragType);
                  if (moved !== '') onStatesChange(moveColumn(states, moved, column.id));
                }}
              >
                <button
                  type="button"
                  className="grid-sort"
                  aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
                  onKeyDown={(event) => {
                    const px = widthAfterKey(event, widthPx, minPx);
                    if (px === undefined) return;
                    event.preventDefault();
                    resize(px);
                  }}
                  onClick={() => props.onSortChange(nextSort(sort, column.id))}
                >
                  <span className="ellipsis">{column.label}</span>
                  {isSorted && <Arrow size={12} aria-hidden />}
                </button>
                <ResizeHandle index={index} minPx={minPx} onResized={resize} />
              </div>
            );
          })}
        </div>
      </ContextMenu>
    </div>
  );
}
