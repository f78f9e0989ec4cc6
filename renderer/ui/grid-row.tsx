import { memo, useState, type DragEvent, type RefObject } from 'react';
import { classNames } from '../lib/class-names.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { gridRowPx, type DataGridProps } from './grid-props.ts';
import type { PlacedColumn } from './grid-columns.ts';
import type { SelectModifiers } from './grid-selection.ts';

interface GridRowProps<Key extends string> {
  readonly id: string;
  readonly rowKey: Key;
  readonly index: number;
  readonly placed: readonly PlacedColumn<Key>[];
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isDim: boolean;
  readonly grid: RefObject<DataGridProps<Key>>;
  readonly select: (key: Key, modifiers: SelectModifiers) => void;
}

function startDrag<Key extends string>(event: DragEvent, grid: DataGridProps<Key>, key: Key): void {
  if (grid.dragType === undefined) return;
  const { selected } = grid.selection;
  event.dataTransfer.setData(grid.dragType, JSON.stringify(selected.has(key) ? [...selected] : [key]));
  event.dataTransfer.effectAllowed = 'move';
}

function GridRowOf<Key extends string>(props: GridRowProps<Key>) {
  const { t } = useI18n();
  const { rowKey: key, grid, select } = props;
  // Buttons with tooltips are the dearest part of a row: only the row under the pointer has them.
  const [isHovered, setHovered] = useState(false);
  const actions = isHovered ? grid.current.rowActions : undefined;
  return (
    <div
      id={props.id}
      role="row"
      tabIndex={-1}
      className={classNames('grid-row', props.isActive && 'grid-row-active', props.isDim && 'grid-row-dim')}
      style={{ transform: `translateY(${props.index * gridRowPx}px)` }}
      aria-rowindex={props.index + 2}
      aria-selected={props.isSelected}
      draggable={grid.current.dragType !== undefined}
      onClick={(event) => select(key, { isRange: event.shiftKey, isToggle: event.ctrlKey || event.metaKey })}
      onDoubleClick={() => grid.current.onOpen(key, true)}
      onKeyDown={undefined}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onContextMenu={() => {
        if (!grid.current.selection.selected.has(key)) select(key, { isRange: false, isToggle: false });
        grid.current.onContextRow?.(key);
      }}
      onDragStart={(event) => startDrag(event, grid.current, key)}
    >
      <div className="grid-tick" role="gridcell" aria-colindex={1}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={props.isSelected}
          aria-label={t('grid.selectRow', { name: grid.current.nameOf(key) })}
          onChange={() => undefined}
          onClick={(event) => {
            event.stopPropagation();
            select(key, { isRange: event.shiftKey, isToggle: true });
          }}
        />
      </div>
      {props.placed.map(({ column }, index) => (
        <div
          key={column.id}
          role={column.isName === true ? 'rowheader' : 'gridcell'}
          aria-colindex={index + 2}
          className={classNames('grid-cell', column.align === 'end' && 'grid-cell-end')}
          style={{ width: `var(--grid-column-${index})` }}
        >
          {column.render(key)}
        </div>
      ))}
      {actions !== undefined && (
        <div
          className="grid-row-actions"
          role="gridcell"
          tabIndex={-1}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
        >
          {actions(key)}
        </div>
      )}
    </div>
  );
}

/** One line of a grid, rendered again only when it itself changes. */
// A generic component loses its type parameter in memo; the cast gives it back.
export const GridRow = memo(GridRowOf) as typeof GridRowOf;
