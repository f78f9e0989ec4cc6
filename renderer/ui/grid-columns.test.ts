import { describe, expect, it } from 'vitest';
import { arrangeColumns, changeColumn, moveColumn, placeColumns, type GridColumn } from './grid-columns.ts';
import { selectRow, type GridSelection } from './grid-selection.ts';

const columns: readonly GridColumn<string>[] = ['name', 'cpu', 'tags'].map((id) => ({
  id,
  label: id,
  widthPx: 100,
  isName: id === 'name',
  render: () => id,
}));
const shown = (states: Parameters<typeof placeColumns>[1]): readonly string[] =>
  placeColumns(columns, states).map((each) => `${each.column.id}:${each.widthPx}`);

describe('columns', () => {
  it('keep what the user arranged, drop what no longer exists and add what is new at the end', () => {
    const kept = [
      { column: 'tags', isVisible: true, widthPx: 40 },
      { column: 'gone', isVisible: true },
      { column: 'name', isVisible: false },
    ];
    expect(shown(kept)).toEqual(['tags:48', 'name:100', 'cpu:100']);
  });

  it('are moved, hidden and resized one at a time', () => {
    const states = arrangeColumns(columns, []);
    expect(shown(moveColumn(states, 'tags', 'cpu'))).toEqual(['name:100', 'tags:100', 'cpu:100']);
    expect(shown(moveColumn(states, 'name', undefined))).toEqual(['cpu:100', 'tags:100', 'name:100']);
    expect(shown(changeColumn(states, 'cpu', { isVisible: false }))).toEqual(['name:100', 'tags:100']);
    expect(shown(changeColumn(states, 'cpu', { widthPx: 210 }))).toEqual(['name:100', 'cpu:210', 'tags:100']);
    expect(moveColumn(states, 'cpu', 'nowhere')).toBe(states);
  });
});

describe('selecting rows', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'];
  const none: GridSelection<string> = { selected: new Set(), anchor: undefined, active: undefined };
  const click = (from: GridSelection<string>, key: string, isRange = false, isToggle = false) =>
    selectRow(from, rows, key, { isRange, isToggle });

  it('takes one row, a range from the anchor either way, and single ones more or less', () => {
    const one = click(none, 'c');
    expect([...one.selected]).toEqual(['c']);
    expect([...click(one, 'e', true).selected]).toEqual(['c', 'd', 'e']);
    expect([...click(click(one, 'e', true), 'a', true).selected]).toEqual(['a', 'b', 'c']);
    const two = click(one, 'e', false, true);
    expect([...two.selected]).toEqual(['c', 'e']);
    expect([...click(two, 'c', false, true).selected]).toEqual(['e']);
    expect([...click(two, 'd', true, true).selected].sort()).toEqual(['c', 'd', 'e']);
  });

  it('starts over where the anchor is gone from the rows', () => {
    const gone = { ...none, anchor: 'z' };
    expect(click(gone, 'b', true)).toEqual({ selected: new Set(['b']), anchor: 'b', active: 'b' });
  });
});
