import { useRef, type KeyboardEvent } from 'react';
import type { TreeRow } from './tree-row.ts';

/** What the keys of a tree lead to. */
export interface TreeKeyActions<Row extends TreeRow> {
  readonly goTo: (index: number) => void;
  readonly open: (row: Row) => void;
  readonly toggle: (row: Row, isExpanded: boolean) => void;
  readonly textOf: (row: Row) => string;
  readonly other: (row: Row, key: string) => void;
}

/** Letters typed within this time belong to one beginning of a name. */
const typeaheadMs = 700;

function parentIndex(rows: readonly TreeRow[], index: number): number {
  const level = rows[index]?.level ?? 1;
  for (let at = index - 1; at >= 0; at--) if ((rows[at]?.level ?? 0) < level) return at;
  return -1;
}

/** Where typed letters lead: the next line after `from` (or `from` itself for a longer beginning) that starts with them. */
export function findByPrefix<Row>(
  rows: readonly Row[],
  from: number,
  typed: string,
  textOf: (row: Row) => string,
): number {
  const wanted = typed.toLowerCase();
  // The same letter again walks through its matches.
  const isRepeated = wanted.length > 1 && wanted === wanted.charAt(0).repeat(wanted.length);
  const needle = isRepeated ? (wanted[0] ?? '') : wanted;
  const first = needle.length > 1 ? from : from + 1;
  for (let step = 0; step < rows.length; step++) {
    const index = (Math.max(first, 0) + step) % rows.length;
    const row = rows[index];
    if (row !== undefined && textOf(row).toLowerCase().startsWith(needle)) return index;
  }
  return -1;
}

function goRight(rows: readonly TreeRow[], index: number, actions: TreeKeyActions<TreeRow>): void {
  const row = rows[index];
  if (row?.isExpandable !== true) return;
  if (row.isExpanded) actions.goTo(index + 1);
  else actions.toggle(row, true);
}

function goLeft(rows: readonly TreeRow[], index: number, actions: TreeKeyActions<TreeRow>): void {
  const row = rows[index];
  if (row === undefined) return;
  if (row.isExpandable && row.isExpanded) actions.toggle(row, false);
  else actions.goTo(parentIndex(rows, index));
}

/** The keyboard of a tree, as the ARIA authoring practices describe it. */
export function useTreeKeys<Row extends TreeRow>(
  rows: readonly Row[],
  activeIndex: number,
  pageRows: number,
  actions: TreeKeyActions<Row>,
): (event: KeyboardEvent) => void {
  const typed = useRef({ text: '', atMs: 0 });
  return (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = rows.length - 1;
    const row = rows[activeIndex];
    const moves: { readonly [key: string]: number } = {
      ArrowDown: Math.min(activeIndex + 1, last),
      ArrowUp: Math.max(activeIndex - 1, 0),
      Home: 0,
      End: last,
      PageDown: Math.min(activeIndex + pageRows, last),
      PageUp: Math.max(activeIndex - pageRows, 0),
    };
    const target = moves[event.key];
    if (target !== undefined) actions.goTo(target);
    else if (row === undefined) return;
    else if (event.key === 'ArrowRight') goRight(rows, activeIndex, actions as TreeKeyActions<TreeRow>);
    else if (event.key === 'ArrowLeft') goLeft(rows, activeIndex, actions as TreeKeyActions<TreeRow>);
    else if (event.key === 'Enter') actions.open(row);
    else if (event.key === ' ' && event.timeStamp - typed.current.atMs > typeaheadMs) actions.open(row);
    else if (event.key === '*') {
      const siblings = rows.filter((each) => each.level === row.level && each.isExpandable && !each.isExpanded);
      for (const sibling of siblings) actions.toggle(sibling, true);
    } else if (event.key.length === 1) {
      const isNew = event.timeStamp - typed.current.atMs > typeaheadMs;
      typed.current = { text: (isNew ? '' : typed.current.text) + event.key, atMs: event.timeStamp };
      const found = findByPrefix(rows, activeIndex, typed.current.text, actions.textOf);
      if (found >= 0) actions.goTo(found);
    } else {
      actions.other(row, event.key);
      return;
    }
    event.preventDefault();
  };
}
