import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, describe, expect, it } from 'vitest';
import { DataGrid } from './data-grid.tsx';
import type { ColumnState, GridColumn, GridSort } from './grid-columns.ts';
import type { GridSelection } from './grid-selection.ts';
import { TooltipProvider } from './tooltip.tsx';

const keys = Array.from({ length: 1000 }, (_, index) => `row-${String(index).padStart(4, '0')}`);
const columns: readonly GridColumn<string>[] = [
  { id: 'name', label: 'Name', widthPx: 120, isName: true, render: (key) => key },
  { id: 'size', label: 'Size', widthPx: 80, align: 'end', render: (key) => key.length },
];
const opened: string[] = [];

function Table() {
  const [states, setStates] = useState<readonly ColumnState[]>([]);
  const [sort, setSort] = useState<GridSort | undefined>(undefined);
  const [selection, setSelection] = useState<GridSelection<string>>({
    selected: new Set(),
    anchor: undefined,
    active: undefined,
  });
  return (
    <TooltipProvider>
      <output>{[...selection.selected].join(' ')}</output>
      <DataGrid
        label="Rows"
        columns={columns}
        columnStates={states}
        onColumnStatesChange={setStates}
        rows={keys}
        sort={sort}
        onSortChange={setSort}
        selection={selection}
        onSelectionChange={setSelection}
        nameOf={(key) => key}
        onOpen={(key) => opened.push(key)}
      />
    </TooltipProvider>
  );
}
const grid = () => screen.getByRole('grid', { name: 'Rows' });
const press = (key: string, modifiers: { shiftKey?: boolean; ctrlKey?: boolean } = {}) =>
  fireEvent.keyDown(grid(), { key, ...modifiers });
const selected = () => (screen.getByRole('status').textContent ?? '').split(' ').filter((key) => key !== '');
const active = () =>
  document.getElementById(grid().getAttribute('aria-activedescendant') ?? '')?.getAttribute('aria-rowindex');

afterEach(() => {
  cleanup();
  opened.length = 0;
});

describe('the grid by keyboard', () => {
  it('moves and selects with arrows, extends with Shift, moves alone with Ctrl', () => {
    render(<Table />);
    press('ArrowDown');
    press('ArrowDown');
    expect([selected(), active()]).toEqual([['row-0001'], '3']);
    press('ArrowDown', { shiftKey: true });
    press('ArrowDown', { shiftKey: true });
    expect(selected()).toEqual(['row-0001', 'row-0002', 'row-0003']);
    press('ArrowUp', { ctrlKey: true });
    expect([selected().length, active()]).toEqual([3, '4']);
    press(' ');
    expect(selected()).toEqual(['row-0001', 'row-0003']);
  });

  it('selects everything, and nothing again', () => {
    render(<Table />);
    press('a', { ctrlKey: true });
    expect(selected().length).toBe(1000);
    press('Escape');
    expect(selected()).toEqual([]);
  });

  it('jumps to a name that is typed, and opens what it is on', () => {
    render(<Table />);
    for (const letter of 'row-0012') press(letter);
    press('Enter');
    expect(opened).toEqual(['row-0012']);
  });

  it('says how many rows there are though few are in the page', () => {
    render(<Table />);
    expect(grid().getAttribute('aria-rowcount')).toBe('1001');
    expect(within(grid()).getAllByRole('row').length).toBeLessThan(70);
  });
});

describe('the columns by keyboard', () => {
  it('makes a column wider and narrower with Shift and the arrows, not below its least width', () => {
    render(<Table />);
    const widthPx = () => Number.parseFloat(grid().style.getPropertyValue('--grid-column-1'));
    const before = widthPx();
    const name = screen.getByRole('button', { name: 'Size' });
    fireEvent.keyDown(name, { key: 'ArrowRight', shiftKey: true });
    expect(widthPx()).toBeGreaterThan(before);
    for (let count = 0; count < 40; count += 1) fireEvent.keyDown(name, { key: 'ArrowLeft', shiftKey: true });
    expect(widthPx()).toBe(48);
  });
});

describe('the grid by pointer', () => {
  it('selects with Shift and Ctrl, toggles with the tick, opens on a double click', () => {
    render(<Table />);
    const row = (index: number) => within(grid()).getAllByRole('row')[index + 1]!;
    fireEvent.click(row(1));
    fireEvent.click(row(3), { shiftKey: true });
    fireEvent.click(row(5), { ctrlKey: true });
    expect(selected()).toEqual(['row-0001', 'row-0002', 'row-0003', 'row-0005']);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select row-0002' }));
    expect(selected()).toEqual(['row-0001', 'row-0003', 'row-0005']);
    fireEvent.doubleClick(row(4));
    expect(opened).toEqual(['row-0004']);
  });

  it('sorts on a click and says so', () => {
    render(<Table />);
    fireEvent.click(screen.getByRole('button', { name: 'Size' }));
    expect(screen.getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('ascending');
    fireEvent.click(screen.getByRole('button', { name: 'Size' }));
    expect(screen.getByRole('columnheader', { name: 'Size' }).getAttribute('aria-sort')).toBe('descending');
  });

  it('hides a column from its menu', async () => {
    render(<Table />);
    fireEvent.contextMenu(screen.getByRole('columnheader', { name: 'Size' }));
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Hide this column' }));
    expect(screen.queryByRole('columnheader', { name: 'Size' })).toBe(null);
  });
});
