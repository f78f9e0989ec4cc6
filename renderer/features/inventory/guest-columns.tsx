import type { EntityId } from '../../../electron/contract/ids.ts';
import type { I18n } from '../../lib/i18n/i18n-context.tsx';
import type { ColumnState, GridColumn } from '../../ui/grid-columns.ts';
import { GuestCell } from './table-cells.tsx';
import { guestColumnIds, hiddenAtFirst, movingColumns, type GuestColumnId } from './table-values.ts';

const widthsPx: { readonly [Column in GuestColumnId]: number } = {
  name: 190,
  state: 100,
  node: 96,
  cpu: 88,
  memory: 76,
  memoryShare: 84,
  uptime: 96,
  tags: 136,
  id: 56,
  type: 84,
  connection: 108,
  pool: 120,
  cpuCount: 64,
  memoryTotal: 88,
  disk: 80,
  netIn: 92,
  netOut: 92,
  diskRead: 92,
  diskWrite: 92,
  ha: 80,
};
const figures: ReadonlySet<GuestColumnId> = new Set(['uptime', 'cpuCount', 'memoryTotal', 'disk']);

/** The columns of the guest table in the user's language. */
export function guestColumns({ t }: I18n): readonly GridColumn<EntityId>[] {
  return guestColumnIds.map((id) => ({
    id,
    label: t(`column.${id}`),
    widthPx: widthsPx[id],
    minPx: id === 'name' ? 120 : 48,
    align: movingColumns.has(id) || figures.has(id) ? 'end' : 'start',
    isName: id === 'name',
    render: (key) => <GuestCell id={key} column={id} />,
  }));
}

/** What is shown before the user arranges anything. Over several connections each guest says whose it is: names repeat. */
export function columnsAtFirst(hasSeveralConnections: boolean): readonly ColumnState[] {
  return guestColumnIds.map((column) => ({
    column,
    isVisible: column === 'connection' ? hasSeveralConnections : !hiddenAtFirst.has(column),
  }));
}
