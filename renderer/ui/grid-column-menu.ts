import type { Translate } from '../lib/i18n/translate.ts';
import { changeColumn, moveColumn, type ColumnState, type GridColumn, type GridSort } from './grid-columns.ts';
import type { MenuEntry } from './menu-entries.ts';

/** A menu closes after each choice, so one step of it is a larger one. */
const menuStepPx = 48;

interface ColumnMenuOptions<Key extends string> {
  readonly columns: readonly GridColumn<Key>[];
  readonly states: readonly ColumnState[];
  /** The column that the menu was opened on; absent for the menu of the whole table. */
  readonly column: string | undefined;
  readonly onStatesChange: (states: readonly ColumnState[]) => void;
  /** How wide a column is now. */
  readonly widthPx: (column: string) => number;
  readonly onSortChange: (sort: GridSort | undefined) => void;
  readonly t: Translate;
}

/** Ticks for all columns: what is shown. The name always is. */
export function columnChoices<Key extends string>(
  options: Omit<ColumnMenuOptions<Key>, 'column' | 'onSortChange' | 'widthPx'>,
) {
  return options.states.flatMap((state): readonly MenuEntry[] => {
    const column = options.columns.find((each) => each.id === state.column);
    if (column === undefined || column.isName === true) return [];
    return [
      {
        type: 'choice',
        id: `show-${column.id}`,
        label: column.label,
        isChecked: state.isVisible,
        onChange: (isVisible) => options.onStatesChange(changeColumn(options.states, column.id, { isVisible })),
      },
    ];
  });
}

/** Wider, narrower, as at first: what the mouse does at the edge of a header. */
function widthEntries<Key extends string>(options: ColumnMenuOptions<Key>, id: string): readonly MenuEntry[] {
  const { t, states } = options;
  const setWidth = (widthPx: number | undefined) => () => options.onStatesChange(changeColumn(states, id, { widthPx }));
  const widthPx = options.widthPx(id);
  return [
    {
      type: 'action',
      id: 'wider',
      label: t('grid.wider'),
      shortcut: 'Shift+→',
      onSelect: setWidth(widthPx + menuStepPx),
    },
    {
      type: 'action',
      id: 'narrower',
      label: t('grid.narrower'),
      shortcut: 'Shift+←',
      onSelect: setWidth(widthPx - menuStepPx),
    },
    { type: 'action', id: 'usual-width', label: t('grid.usualWidth'), onSelect: setWidth(undefined) },
  ];
}

/** The menu of a column: order, place, what is shown. Everything that the mouse can do with a header. */
export function columnMenu<Key extends string>(options: ColumnMenuOptions<Key>): readonly MenuEntry[] {
  const { t, states, onStatesChange, onSortChange } = options;
  const shown: MenuEntry = {
    type: 'submenu',
    id: 'columns',
    label: t('grid.columns'),
    entries: columnChoices(options),
  };
  const column = options.columns.find((each) => each.id === options.column);
  if (column === undefined) return [shown];
  const { id } = column;
  const visible = states.filter((state) => state.isVisible).map((state) => state.column);
  const at = visible.indexOf(id);
  const entries: MenuEntry[] = [
    {
      type: 'action',
      id: 'ascending',
      label: t('grid.sortAscending'),
      onSelect: () => onSortChange({ column: id, isDescending: false }),
    },
    {
      type: 'action',
      id: 'descending',
      label: t('grid.sortDescending'),
      onSelect: () => onSortChange({ column: id, isDescending: true }),
    },
    { type: 'separator', id: 'first' },
    ...widthEntries(options, id),
    { type: 'separator', id: 'width' },
  ];
  if (column.isName !== true) {
    entries.push(
      {
        type: 'action',
        id: 'left',
        label: t('grid.moveLeft'),
        disabledReason: at <= 1 ? t('grid.atTheEdge') : undefined,
        onSelect: () => onStatesChange(moveColumn(states, id, visible[at - 1])),
      },
      {
        type: 'action',
        id: 'right',
        label: t('grid.moveRight'),
        disabledReason: at >= visible.length - 1 ? t('grid.atTheEdge') : undefined,
        onSelect: () => onStatesChange(moveColumn(states, id, visible[at + 2])),
      },
      {
        type: 'action',
        id: 'hide',
        label: t('grid.hide'),
        onSelect: () => onStatesChange(changeColumn(states, id, { isVisible: false })),
      },
      { type: 'separator', id: 'second' },
    );
  }
  return [...entries, shown];
}
