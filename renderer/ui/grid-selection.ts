/** What is selected in a grid, and from where Shift extends. */
export interface GridSelection<Key extends string> {
  readonly selected: ReadonlySet<Key>;
  /** Where a range begins. */
  readonly anchor: Key | undefined;
  /** The line that the keyboard is on. */
  readonly active: Key | undefined;
}

export interface SelectModifiers {
  /** Shift: everything between the anchor and here. */
  readonly isRange: boolean;
  /** Ctrl: this one more or less. */
  readonly isToggle: boolean;
}

/** The selection after a click on (or a key press that led to) a row. */
export function selectRow<Key extends string>(
  selection: GridSelection<Key>,
  rows: readonly Key[],
  key: Key,
  modifiers: SelectModifiers,
): GridSelection<Key> {
  const anchor = selection.anchor;
  if (modifiers.isRange && anchor !== undefined) {
    const from = rows.indexOf(anchor);
    const to = rows.indexOf(key);
    if (from >= 0 && to >= 0) {
      const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
      const selected = new Set(modifiers.isToggle ? [...selection.selected, ...range] : range);
      return { selected, anchor, active: key };
    }
  }
  if (modifiers.isToggle) {
    const selected = new Set(selection.selected);
    if (!selected.delete(key)) selected.add(key);
    return { selected, anchor: key, active: key };
  }
  return { selected: new Set([key]), anchor: key, active: key };
}
