import { useMemo } from 'react';
import type { Folder } from '../../../electron/contract/preferences.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores, usePreference } from '../../stores/app-stores.tsx';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import { childFolders, moveToFolder } from './folders.ts';

/** The folders and a way to change them. */
export function useFolders(): readonly [folders: readonly Folder[], set: (folders: readonly Folder[]) => void] {
  const { preferences } = useAppStores();
  const folders = usePreference('folders');
  return [folders, (next) => preferences.set({ folders: [...next] })];
}

/** "Move to folder" with every folder, indented by nesting, and "none" where one of the entities is in a folder. */
export function useMoveToFolderEntry(ids: readonly string[]): MenuEntry {
  const { t } = useI18n();
  const { preferences } = useAppStores();
  const folders = usePreference('folders');
  return useMemo(() => {
    const move = (target: string | undefined) => () =>
      preferences.set({ folders: [...moveToFolder(preferences.preferences.folders, ids, target)] });
    const list = (parentId: string | undefined, depth: number): readonly MenuEntry[] =>
      childFolders(folders, parentId).flatMap((folder) => [
        {
          type: 'action' as const,
          id: folder.id,
          label: `${'\u2003'.repeat(depth)}${folder.name}`,
          onSelect: move(folder.id),
        },
        ...list(folder.id, depth + 1),
      ]);
    const entries = list(undefined, 0);
    const isFiled = folders.some((folder) => ids.some((id) => folder.members.includes(id)));
    const none: readonly MenuEntry[] = isFiled
      ? [
          { type: 'separator', id: 'before-none' },
          { type: 'action', id: 'none', label: t('folder.none'), onSelect: move(undefined) },
        ]
      : [];
    const empty: MenuEntry = {
      type: 'action',
      id: 'empty',
      label: t('folder.create'),
      disabledReason: t('folder.noneYet'),
      onSelect: () => undefined,
    };
    return {
      type: 'submenu',
      id: 'move-to-folder',
      label: t('folder.moveTo'),
      entries: entries.length === 0 ? [empty] : [...entries, ...none],
    };
  }, [folders, ids, preferences, t]);
}
