import { isEntityId } from '../../electron/contract/ids.ts';
import type { EntityRecord } from '../../electron/contract/records/index.ts';
import { GuestTable } from '../features/inventory/guest-table.tsx';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { navigate } from '../lib/navigation.ts';
import { useAppStores, useRecord } from '../stores/app-stores.tsx';
import { useStore } from 'zustand';
import { EmptyState } from '../ui/empty-state.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { EntityHeader } from './entity-header.tsx';
import { useDetailTabs, type EntityTab } from './slots.tsx';

/** A group of guests is looked at for its guests; a node first for how it is, its load above all. */
function withGuests(record: EntityRecord, guests: EntityTab, details: readonly EntityTab[]): readonly EntityTab[] {
  const [overview, ...others] = details;
  if (record.kind === 'node' && overview !== undefined) return [overview, guests, ...others];
  return [guests, ...details];
}

/** What has guests of its own. */
function hasGuests(record: EntityRecord): boolean {
  return ['connection', 'cluster', 'node', 'pool'].includes(record.kind);
}

function LoadedEntity(props: { readonly record: EntityRecord; readonly tab: string | undefined }) {
  const { t } = useI18n();
  const { record } = props;
  const details = useDetailTabs(record);
  const guests: EntityTab = {
    id: 'guests',
    label: t('entity.guests'),
    content: <GuestTable label={record.name} scope={{ type: 'entity', id: record.id }} />,
  };
  const tabs = hasGuests(record) ? withGuests(record, guests, details) : details;
  const selected = tabs.find((tab) => tab.id === props.tab) ?? tabs[0];
  return (
    <div className="entity-page">
      <EntityHeader record={record} />
      {selected !== undefined && (
        <Tabs
          label={record.name}
          entries={tabs}
          selected={selected.id}
          onSelect={(tab) => navigate({ page: 'entity', id: record.id, tab }, { replace: true })}
        >
          {selected.content}
        </Tabs>
      )}
    </div>
  );
}

/** The page of one entity: its header, its tabs, the content of the chosen tab. */
export function EntityPage(props: { readonly id: string; readonly tab: string | undefined }) {
  const { t } = useI18n();
  const { inventory } = useAppStores();
  const status = useStore(inventory.state, (state) => state.status);
  const record = useRecord(isEntityId(props.id) ? props.id : undefined);
  if (record !== undefined) return <LoadedEntity record={record} tab={props.tab} />;
  return <EmptyState text={status === 'waiting' ? t('app.loading') : t('page.gone')} />;
}
