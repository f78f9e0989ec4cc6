import { ChevronRight } from 'lucide-react';
import { memo, useEffect, useId, useRef, type DragEvent, type MouseEvent, type ReactNode } from 'react';
import { classNames } from '../lib/class-names.ts';
import { useRowWindow } from './row-window.ts';
import type { TreeRow } from './tree-row.ts';
import { useTreeKeys, type TreeKeyActions } from './tree-keys.ts';
import './tree-view.css';

const rowPx = 28;
const indentPx = 14;

export interface TreeViewProps<Row extends TreeRow> {
  readonly label: string;
  readonly rows: readonly Row[];
  /** The line that the keyboard is on. */
  readonly activeKey: string | undefined;
  /** The line whose page is shown. */
  readonly selectedKey: string | undefined;
  readonly textOf: (row: Row) => string;
  readonly renderRow: (row: Row) => ReactNode;
  readonly onActiveChange: (key: string) => void;
  readonly onOpen: (row: Row, isKept: boolean) => void;
  readonly onToggle: (row: Row, isExpanded: boolean) => void;
  /** What a drag of this row carries; `undefined` where it cannot be dragged. */
  readonly dragTextOf?: (row: Row) => { readonly type: string; readonly text: string } | undefined;
  /** The type that this row takes when something is dropped on it. */
  readonly dropTypesOf?: (row: Row) => readonly string[];
  readonly onDrop?: (row: Row, type: string, text: string) => void;
  /** Told before a context menu opens over a row. */
  readonly onContextRow?: (row: Row) => void;
  /** Keys that the tree does not use itself, e.g. F2 and Delete. */
  readonly onOtherKey?: (row: Row, key: string) => void;
}

interface LineProps<Row extends TreeRow> {
  readonly id: string;
  readonly row: Row;
  readonly index: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly tree: { readonly current: TreeViewProps<Row> };
}

function dropTypeOf<Row extends TreeRow>(props: TreeViewProps<Row>, row: Row, event: DragEvent): string | undefined {
  return props.dropTypesOf?.(row).find((type) => event.dataTransfer.types.includes(type));
}

function LineOf<Row extends TreeRow>(props: LineProps<Row>) {
  const { row, tree } = props;
  const onClick = (event: MouseEvent): void => {
    tree.current.onActiveChange(row.key);
    tree.current.onOpen(row, event.detail > 1);
  };
  const drag = tree.current.dragTextOf?.(row);
  return (
    <div
      id={props.id}
      role="treeitem"
      tabIndex={-1}
      className={classNames('tree-row', props.isActive && 'tree-row-active')}
      style={{ transform: `translateY(${props.index * rowPx}px)`, paddingLeft: 4 + (row.level - 1) * indentPx }}
      aria-level={row.level}
      aria-posinset={row.positionInSet}
      aria-setsize={row.setSize}
      aria-expanded={row.isExpandable ? row.isExpanded : undefined}
      aria-selected={props.isSelected}
      draggable={drag !== undefined}
      onClick={onClick}
      onKeyDown={undefined}
      onContextMenu={() => {
        tree.current.onActiveChange(row.key);
        tree.current.onContextRow?.(row);
      }}
      onDragStart={(event) => {
        if (drag === undefined) return;
        event.dataTransfer.setData(drag.type, drag.text);
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={(event) => {
        if (dropTypeOf(tree.current, row, event) === undefined) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'move';
        event.currentTarget.dataset['drop'] = 'true';
      }}
      onDragLeave={(event) => delete event.currentTarget.dataset['drop']}
      onDrop={(event) => {
        delete event.currentTarget.dataset['drop'];
        const type = dropTypeOf(tree.current, row, event);
        if (type === undefined) return;
        event.preventDefault();
        tree.current.onDrop?.(row, type, event.dataTransfer.getData(type));
      }}
    >
      <span
        className="tree-twisty"
        data-open={row.isExpanded || undefined}
        onClick={(event) => {
          event.stopPropagation();
          tree.current.onActiveChange(row.key);
          if (row.isExpandable) tree.current.onToggle(row, !row.isExpanded);
        }}
        aria-hidden
      >
        {row.isExpandable && <ChevronRight size={14} />}
      </span>
      {tree.current.renderRow(row)}
    </div>
  );
}
// A generic component loses its type parameter in memo; the cast gives it back.
const Line = memo(LineOf) as typeof LineOf;

/**
 * An ARIA tree over any number of lines. The tree itself has the focus and names the active line, because lines come and
 * go while scrolling. Arrows, Home, End, Page Up/Down, Enter, `*` and typing the beginning of a name work as in file
 * managers.
 */
export function TreeView<Row extends TreeRow>(props: TreeViewProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const { rows, activeKey } = props;
  const view = useRowWindow(scroller, { count: rows.length, rowPx });
  const activeIndex = rows.findIndex((row) => row.key === activeKey);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { selectedKey } = props;
  const selectedIndex = rows.findIndex((row) => row.key === selectedKey);
  const isSelectedKnown = selectedIndex >= 0;
  const reveal = useRef(view.scrollTo);
  useEffect(() => {
    reveal.current = view.scrollTo;
  });
  useEffect(() => {
    // Another page was opened, from wherever: its line comes into view once.
    if (isSelectedKnown) reveal.current(latest.current.rows.findIndex((row) => row.key === selectedKey));
  }, [selectedKey, isSelectedKnown]);
  const actions: TreeKeyActions<Row> = {
    goTo: (index) => {
      const row = rows[index];
      if (row === undefined) return;
      props.onActiveChange(row.key);
      view.scrollTo(index);
    },
    open: (row) => props.onOpen(row, false),
    toggle: props.onToggle,
    textOf: props.textOf,
    other: (row, key) => props.onOtherKey?.(row, key),
  };
  const onKeyDown = useTreeKeys(rows, activeIndex, view.pageRows, actions);
  const isActiveRendered = activeIndex >= view.start && activeIndex < view.end;
  return (
    <div
      ref={scroller}
      className="tree"
      role="tree"
      tabIndex={0}
      aria-label={props.label}
      aria-activedescendant={isActiveRendered ? `${id}-${activeIndex}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => activeIndex < 0 && rows[0] !== undefined && props.onActiveChange(rows[0].key)}
    >
      <div className="tree-space" role="presentation" style={{ height: view.totalPx }}>
        {rows.slice(view.start, view.end).map((row, offset) => (
          <Line
            key={row.key}
            id={`${id}-${view.start + offset}`}
            row={row}
            index={view.start + offset}
            isActive={row.key === activeKey}
            isSelected={row.key === props.selectedKey}
            tree={latest}
          />
        ))}
      </div>
    </div>
  );
}
