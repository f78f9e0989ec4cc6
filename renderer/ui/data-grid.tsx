import { useEffect, useId, useMemo, useRef, type CSSProperties } from 'react';
import { GridHeader } from './grid-header.tsx';
import { placeColumns } from './grid-columns.ts';
import { useGridKeys } from './grid-keys.ts';
import { GridRow } from './grid-row.tsx';
import { gridRowPx, type DataGridProps } from './grid-props.ts';
import { selectRow, type SelectModifiers } from './grid-selection.ts';
import { useRowWindow } from './row-window.ts';
import './data-grid.css';

const headerPx = 29;

function columnStyle(widths: readonly number[]): CSSProperties {
  const style: Record<string, string> = {};
  let total = 28;
  for (const [index, width] of widths.entries()) {
    style[`--grid-column-${index}`] = `${width}px`;
    total += width;
  }
  style['--grid-width'] = `${total}px`;
  return style;
}

/**
 * A table of any length: sticky header, sort on click, columns that are resized, reordered and hidden, selection with
 * Shift and Ctrl, the whole of it by keyboard. The grid itself has the focus and names the active row, because rows come
 * and go while scrolling. Column widths are style variables of the grid, so that resizing renders no row.
 */
export function DataGrid<Key extends string>(props: DataGridProps<Key>) {
  const { rows, selection } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRowWindow(scroller, { count: rows.length, rowPx: gridRowPx, headerPx });
  const placed = useMemo(() => placeColumns(props.columns, props.columnStates), [props.columns, props.columnStates]);
  const activeIndex = selection.active === undefined ? -1 : rows.indexOf(selection.active);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const select = useMemo(
    () => (key: Key, modifiers: SelectModifiers) => {
      const { selection, rows, onSelectionChange } = latest.current;
      onSelectionChange(selectRow(selection, rows, key, modifiers));
    },
    [],
  );
  const onKeyDown = useGridKeys({
    rows,
    activeIndex,
    pageRows: view.pageRows,
    selection,
    onSelectionChange: props.onSelectionChange,
    onOpen: props.onOpen,
    scrollTo: view.scrollTo,
    nameOf: props.nameOf,
    scroller,
  });
  const isAllSelected = rows.length > 0 && selection.selected.size >= rows.length;
  const isActiveRendered = activeIndex >= view.start && activeIndex < view.end;
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={placed.length + 1}
      aria-multiselectable
      aria-activedescendant={isActiveRendered ? `${id}-${activeIndex}` : undefined}
      style={columnStyle(placed.map((each) => each.widthPx))}
      onKeyDown={onKeyDown}
      onPointerEnter={() => props.onPointerInside?.(true)}
      onPointerLeave={() => props.onPointerInside?.(false)}
    >
      <GridHeader
        placed={placed}
        columns={props.columns}
        states={props.columnStates}
        onStatesChange={props.onColumnStatesChange}
        sort={props.sort}
        onSortChange={props.onSortChange}
        isAllSelected={isAllSelected}
        isSomeSelected={selection.selected.size > 0}
        onSelectAll={(isAll) => props.onSelectionChange({ ...selection, selected: new Set(isAll ? rows : []) })}
      />
      <div className="grid-space" role="rowgroup" style={{ height: view.totalPx }}>
        {rows.slice(view.start, view.end).map((key, offset) => (
          <GridRow
            key={key}
            id={`${id}-${view.start + offset}`}
            rowKey={key}
            index={view.start + offset}
            placed={placed}
            isActive={key === selection.active}
            isSelected={selection.selected.has(key)}
            isDim={props.isDim?.(key) ?? false}
            grid={latest}
            select={select}
          />
        ))}
      </div>
      {rows.length === 0 && props.empty}
    </div>
  );
}
