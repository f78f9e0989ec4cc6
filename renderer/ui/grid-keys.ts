import { useRef, type KeyboardEvent, type RefObject } from 'react';
import { selectRow, type GridSelection } from './grid-selection.ts';
import { findByPrefix } from './tree-keys.ts';

interface GridKeyOptions<Key extends string> {
  readonly rows: readonly Key[];
  readonly activeIndex: number;
  readonly pageRows: number;
  readonly selection: GridSelection<Key>;
  readonly onSelectionChange: (selection: GridSelection<Key>) => void;
  readonly onOpen: (key: Key, isKept: boolean) => void;
  readonly scrollTo: (index: number) => void;
  readonly nameOf: (key: Key) => string;
  readonly scroller: RefObject<HTMLElement | null>;
}

const typeaheadMs = 700;
/** How far Left and Right scroll a grid that is wider than its pane. */
const scrollStepPx = 80;

/** The row that a movement key leads to. */
function targetOf(key: string, at: number, last: number, pageRows: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, last);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'PageDown':
      return Math.min(at + pageRows, last);
    case 'PageUp':
      return Math.max(at - pageRows, 0);
    default:
      return undefined;
  }
}

/**
 * The keyboard of a grid: arrows move and select, Shift extends, Ctrl moves without selecting, Space toggles, Enter opens,
 * Ctrl+A selects all, Esc selects nothing, letters jump to a name.
 */
export function useGridKeys<Key extends string>(options: GridKeyOptions<Key>): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', atMs: 0 });
  const { rows, selection, onSelectionChange } = options;

  const goTo = (index: number, event: KeyboardEvent): void => {
    const key = rows[index];
    if (key === undefined) return;
    const isMoveOnly = (event.ctrlKey || event.metaKey) && !event.shiftKey;
    onSelectionChange(
      isMoveOnly
        ? { ...selection, active: key }
        : selectRow(selection, rows, key, { isRange: event.shiftKey, isToggle: false }),
    );
    options.scrollTo(index);
  };

  const typeAhead = (event: KeyboardEvent): void => {
    const isNew = event.timeStamp - typed.current.atMs > typeaheadMs;
    typed.current = { text: (isNew ? '' : typed.current.text) + event.key, atMs: event.timeStamp };
    const found = findByPrefix(rows, options.activeIndex, typed.current.text, options.nameOf);
    if (found >= 0) goTo(found, event);
  };

  return (event) => {
    // Keys of buttons and fields inside the grid are their own.
    if (event.target !== event.currentTarget || event.altKey) return;
    const isMod = event.ctrlKey || event.metaKey;
    const target = targetOf(event.key, options.activeIndex, rows.length - 1, options.pageRows);
    const active = rows[options.activeIndex];
    if (target !== undefined) goTo(target, event);
    else if (isMod && event.key.toLowerCase() === 'a') onSelectionChange({ ...selection, selected: new Set(rows) });
    else if (event.key === 'Escape' && selection.selected.size > 0)
      onSelectionChange({ ...selection, selected: new Set() });
    else if (event.key === 'ArrowLeft') options.scroller.current?.scrollBy({ left: -scrollStepPx });
    else if (event.key === 'ArrowRight') options.scroller.current?.scrollBy({ left: scrollStepPx });
    else if (active !== undefined && event.key === 'Enter') options.onOpen(active, isMod);
    else if (active !== undefined && event.key === ' ')
      onSelectionChange(selectRow(selection, rows, active, { isRange: event.shiftKey, isToggle: true }));
    else if (event.key.length === 1 && !isMod && !'?/>*'.includes(event.key)) typeAhead(event);
    else return;
    event.preventDefault();
  };
}
