import type { EntityId } from '../../../electron/contract/ids.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import { moveFolder, moveToFolder } from './folders.ts';
import type { InventoryRow } from './tree-rows.ts';

/** Entity ids as a JSON list. */
export const entitiesDragType = 'application/x-wheelhouse-entities';
/** The id of a personal folder. */
export const folderDragType = 'application/x-wheelhouse-folder';

function parseIds(text: string): readonly EntityId[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((id): id is EntityId => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Dragging guests (from the tree or the table) and folders onto folders. */
export function useTreeDrag() {
  const { preferences } = useAppStores();
  return {
    textOf: (row: InventoryRow) => {
      const { content } = row;
      if (content.type === 'folder') return { type: folderDragType, text: content.id };
      if (content.type === 'record' && content.kind !== 'connection')
        return { type: entitiesDragType, text: JSON.stringify([content.id]) };
      return undefined;
    },
    drop: (row: InventoryRow, type: string, text: string) => {
      const target = row.content.type === 'folder' ? row.content.id : undefined;
      const { folders } = preferences.preferences;
      const next =
        type === folderDragType ? moveFolder(folders, text, target) : moveToFolder(folders, parseIds(text), target);
      preferences.set({ folders: [...next] });
    },
  };
}
