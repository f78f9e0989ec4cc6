import { useMemo } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import type { FolderEditor } from './folder-editor.tsx';
import { usePowerEntries } from './power-entries.tsx';
import { routeOfRow } from './tree-row-places.ts';
import type { InventoryRow } from './tree-rows.ts';
import { useMoveToFolderEntry } from './use-folders.ts';

const nobody: readonly EntityId[] = [];

/** The context menu of a line of the tree. */
export function useRowMenu(row: InventoryRow | undefined, editor: FolderEditor): readonly MenuEntry[] {
  const { t } = useI18n();
  const { inventory, client, session } = useAppStores();
  const content = row?.content;
  const recordId = content?.type === 'record' ? content.id : undefined;
  const recordKind = content?.type === 'record' ? content.kind : undefined;
  const ids = useMemo(() => (recordId === undefined ? nobody : [recordId]), [recordId]);
  const guestIds = recordKind === 'guest' ? ids : nobody;
  const power = usePowerEntries(guestIds);
  const moveTo = useMoveToFolderEntry(ids);
  if (row === undefined || content === undefined) return [];
  const entries: MenuEntry[] = [];
  const target = routeOfRow(row, inventory.replica);
  if (target !== undefined) {
    entries.push({ type: 'action', id: 'open', label: t('tree.open'), onSelect: () => navigate(target) });
  }
  if (recordKind === 'guest') entries.push({ type: 'separator', id: 'power' }, ...power);
  if (recordKind === 'guest' || recordKind === 'node') entries.push({ type: 'separator', id: 'folders' }, moveTo);
  const record = recordId === undefined ? undefined : inventory.getRecord(recordId);
  if (record?.kind === 'connection') {
    const { connectionId } = record;
    const report = (error: unknown): void => session.report(error, 'connection.reconnect');
    entries.push(
      { type: 'separator', id: 'connection' },
      {
        type: 'action',
        id: 'reconnect',
        label: t('connection.reconnectNow'),
        onSelect: () => void client.request('connection.reconnect', { id: connectionId }).catch(report),
      },
      {
        type: 'action',
        id: 'settings',
        label: t('connection.openSettings'),
        onSelect: () => navigate({ page: 'connections', id: connectionId }),
      },
    );
  }
  if (content.type === 'folder') {
    const { id } = content;
    entries.push(
      { type: 'separator', id: 'folder' },
      { type: 'action', id: 'create', label: t('folder.createInside'), onSelect: () => editor.create(id) },
      { type: 'action', id: 'rename', label: t('folder.rename'), shortcut: 'F2', onSelect: () => editor.rename(id) },
      {
        type: 'action',
        id: 'remove',
        label: t('folder.remove'),
        shortcut: 'Del',
        isDanger: true,
        onSelect: () => editor.remove(id),
      },
    );
  }
  return entries;
}
