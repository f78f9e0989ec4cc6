import { Bookmark } from 'lucide-react';
import { useState } from 'react';
import type { SavedView } from '../../../electron/contract/preferences.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useAppStores, usePreference } from '../../stores/app-stores.tsx';
import { IconButton } from '../../ui/button.tsx';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import { Menu } from '../../ui/menu.tsx';
import { NameDialog } from './name-dialog.tsx';
import { toKeptColumns, type TableArrangement } from './use-table-arrangement.ts';

type Asking = 'save' | 'rename' | undefined;

/** Saved tables: filter, columns and order under a name. They are opened, saved, renamed and deleted here. */
export function ViewsMenu(props: {
  readonly viewId: string | undefined;
  readonly filterText: string;
  readonly arrangement: TableArrangement;
}) {
  const { t } = useI18n();
  const { preferences } = useAppStores();
  const views = usePreference('views');
  const [asking, setAsking] = useState<Asking>(undefined);
  const shown = views.find((view) => view.id === props.viewId);
  const setViews = (next: readonly SavedView[]): void => preferences.set({ views: [...next] });
  const open = (id: string): void => navigate({ page: 'inventory', scope: { type: 'view', id } });
  const saveAs = (name: string): void => {
    const id = crypto.randomUUID();
    const { columns, sort } = props.arrangement;
    setViews([...views, { id, name, filter: props.filterText, columns: toKeptColumns(columns), sort }]);
    open(id);
  };
  const change = (change: Partial<SavedView>): void =>
    setViews(views.map((view) => (view.id === shown?.id ? { ...view, ...change } : view)));
  const list: readonly MenuEntry[] = views.map((view) => ({
    type: 'action',
    id: view.id,
    label: view.name,
    icon: view.id === props.viewId ? <Bookmark size={14} aria-hidden /> : undefined,
    onSelect: () => open(view.id),
  }));
  const ofShown: readonly MenuEntry[] =
    shown === undefined
      ? []
      : [
          {
            type: 'action',
            id: 'update',
            label: t('views.updateFilter', { name: shown.name }),
            disabledReason: shown.filter === props.filterText ? t('views.unchanged') : undefined,
            onSelect: () => change({ filter: props.filterText }),
          },
          {
            type: 'action',
            id: 'rename',
            label: t('views.rename', { name: shown.name }),
            onSelect: () => setAsking('rename'),
          },
          {
            type: 'action',
            id: 'delete',
            label: t('views.delete', { name: shown.name }),
            isDanger: true,
            onSelect: () => {
              setViews(views.filter((view) => view.id !== shown.id));
              navigate({ page: 'inventory', scope: { type: 'all' } });
            },
          },
        ];
  const entries: readonly MenuEntry[] = [
    ...list,
    ...(list.length > 0 ? [{ type: 'separator' as const, id: 'after-list' }] : []),
    { type: 'action', id: 'save', label: t('views.save'), onSelect: () => setAsking('save') },
    ...ofShown,
  ];
  return (
    <>
      <Menu
        align="end"
        entries={entries}
        trigger={
          <IconButton label={t('views.label')}>
            <Bookmark size={16} aria-hidden />
          </IconButton>
        }
      />
      {asking !== undefined && (
        <NameDialog
          title={asking === 'save' ? t('views.save') : t('views.rename', { name: shown?.name ?? '' })}
          initial={asking === 'rename' ? (shown?.name ?? '') : ''}
          onName={asking === 'save' ? saveAs : (name) => change({ name })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}
