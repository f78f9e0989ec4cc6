import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { EntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useAppStores, useInventory, usePreference } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { DataGrid } from '../../ui/data-grid.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { GridSelection } from '../../ui/grid-selection.ts';
import { ContextMenu } from '../../ui/menu.tsx';
import { guestColumns } from './guest-columns.tsx';
import { useGuestMenu } from './guest-menu.tsx';
import { recordFilter } from './record-filter.ts';
import { RowActions } from './row-actions.tsx';
import { TableBar } from './table-bar.tsx';
import type { GuestScope } from './table-rows.ts';
import { entitiesDragType } from './tree-drag.ts';
import { useGuestOrder } from './use-guest-order.ts';
import { useTableArrangement } from './use-table-arrangement.ts';
import './guest-table.css';

const nothingSelected: GridSelection<EntityId> = { selected: new Set(), anchor: undefined, active: undefined };

const renderRowActions = (id: EntityId) => <RowActions id={id} />;

function staleConnections({ replica }: InventoryStore): ReadonlySet<string> {
  const stale = new Set<string>();
  for (const id of replica.index.byKind.members('connection')) {
    const connection = replica.get('connection', id);
    if (connection !== undefined && connection.state !== 'live') stale.add(connection.connectionId);
  }
  return stale;
}

/** The table of the guests of a scope, with filter, columns, saved views and bulk actions. */
export function GuestTable(props: {
  readonly scope: GuestScope;
  readonly viewId?: string | undefined;
  readonly label: string;
}) {
  const i18n = useI18n();
  const { t } = i18n;
  const { inventory, selection: sharedSelection } = useAppStores();
  const status = useStore(inventory.state, (state) => state.status);
  const views = usePreference('views');
  const view = views.find((each) => each.id === props.viewId);
  const [filterText, setFilterText] = useState(view?.filter ?? '');
  const deferredText = useDeferredValue(filterText);
  const filter = useMemo(() => recordFilter(deferredText, inventory, Date.now), [deferredText, inventory]);
  const [arrangement, setArrangement] = useTableArrangement(props.viewId, props.scope.type === 'entity');
  const [selection, setSelection] = useState(nothingSelected);
  const isFilterMoving = /cpu|memused|diskused|uptime/i.test(deferredText);
  const { scope } = props;
  const { rows, total, onPointerInside } = useGuestOrder({ scope, filter, sort: arrangement.sort, isFilterMoving });
  // What a filter hides is not acted on.
  const selectedRows = useMemo(() => rows.filter((id) => selection.selected.has(id)), [rows, selection.selected]);
  const stale = useInventory(staleConnections, 'lists');
  const columns = useMemo(() => guestColumns(i18n), [i18n]);
  const menu = useGuestMenu(selectedRows);
  useEffect(() => {
    sharedSelection.setState({ ids: new Set(selectedRows) });
    return () => sharedSelection.setState({ ids: new Set() });
  }, [sharedSelection, selectedRows]);
  const emptyText = status === 'waiting' ? t('app.loading') : total > 0 ? t('filter.nothing') : t('table.empty');
  return (
    <div className="guest-table">
      <TableBar
        selected={selectedRows}
        shown={rows.length}
        total={total}
        filterText={filterText}
        problems={filter.problems}
        onFilterChange={setFilterText}
        onSelectNothing={() => setSelection((current) => ({ ...current, selected: new Set() }))}
        arrangement={arrangement}
        onArrangementChange={setArrangement}
        viewId={props.viewId}
        columns={columns}
      />
      <ContextMenu className="guest-table-body" entries={menu}>
        <DataGrid
          label={props.label}
          columns={columns}
          columnStates={arrangement.columns}
          onColumnStatesChange={(columns) => setArrangement({ columns })}
          rows={rows}
          sort={arrangement.sort}
          onSortChange={(sort) => setArrangement({ sort })}
          selection={selection}
          onSelectionChange={setSelection}
          nameOf={(id) => inventory.getRecord(id)?.name ?? ''}
          isDim={(id) => {
            const record = inventory.getRecord(id);
            return record === undefined || stale.has(record.connectionId);
          }}
          rowActions={renderRowActions}
          dragType={entitiesDragType}
          onOpen={(id) => navigate({ page: 'entity', id, tab: undefined })}
          onPointerInside={onPointerInside}
          empty={<EmptyState text={emptyText} />}
        />
      </ContextMenu>
    </div>
  );
}
