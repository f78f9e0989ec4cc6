import type { EntityId } from '../../../electron/contract/ids.ts';
import type { Folder } from '../../../electron/contract/preferences.ts';
import type { EntityRecord } from '../../../electron/contract/records/index.ts';
import { naturalSortKey } from '../../lib/natural-sort.ts';
import type { InventoryReplica } from '../../stores/inventory-replica.ts';

/** Personal folders: a list in the preferences. Every change makes a new list; nothing here touches a host. */
type Folders = readonly Folder[];

/** The folders directly in another one, or at the top; in natural order. */
export function childFolders(folders: Folders, parentId: string | undefined): Folders {
  const isKnown = (id: string | undefined): boolean => id !== undefined && folders.some((folder) => folder.id === id);
  return folders
    .filter((folder) => (parentId === undefined ? !isKnown(folder.parentId) : folder.parentId === parentId))
    .sort((a, b) => (naturalSortKey(a.name) < naturalSortKey(b.name) ? -1 : 1));
}

/** A folder and everything nested in it. */
export function folderWithDescendants(folders: Folders, id: string): Folders {
  const folder = folders.find((each) => each.id === id);
  if (folder === undefined) return [];
  return [folder, ...childFolders(folders, id).flatMap((child) => folderWithDescendants(folders, child.id))];
}

/** The members that are in the inventory at present. The others are kept: their connection may just be away. */
export function folderMembers(folder: Folder, replica: Pick<InventoryReplica, 'records'>): readonly EntityRecord[] {
  return folder.members
    .map((id) => replica.records.get(id as EntityId))
    .filter((record) => record !== undefined)
    .sort((a, b) => (naturalSortKey(a.name) < naturalSortKey(b.name) ? -1 : 1));
}

/** All guests that are in no folder. */
export function unfiledGuests(folders: Folders, replica: Pick<InventoryReplica, 'index'>): readonly EntityId[] {
  const filed = new Set(folders.flatMap((folder) => folder.members));
  return replica.index.byKind.sorted('guest').filter((id) => !filed.has(id));
}

/** Adds an empty folder. */
export function addFolder(
  folders: Folders,
  folder: { id: string; name: string; parentId?: string | undefined },
): Folders {
  const { id, name, parentId } = folder;
  const added: Folder = { id, name, members: [], ...(parentId === undefined ? {} : { parentId }) };
  return [...folders, added];
}

export function renameFolder(folders: Folders, id: string, name: string): Folders {
  return folders.map((folder) => (folder.id === id ? { ...folder, name } : folder));
}

/** Takes a folder away; what was in it moves up to where the folder was. */
export function removeFolder(folders: Folders, id: string): Folders {
  const removed = folders.find((folder) => folder.id === id);
  if (removed === undefined) return folders;
  return folders
    .filter((folder) => folder.id !== id)
    .map((folder) => {
      const isParent = folder.id === removed.parentId;
      const withMembers = isParent ? { ...folder, members: [...folder.members, ...removed.members] } : folder;
      if (withMembers.parentId !== id) return withMembers;
      const { parentId: _gone, ...rest } = withMembers;
      return removed.parentId === undefined ? rest : { ...rest, parentId: removed.parentId };
    });
}

/** Puts entities into a folder, or with `undefined` into none. An entity is in one folder at most. */
export function moveToFolder(folders: Folders, ids: readonly string[], target: string | undefined): Folders {
  const moved = new Set(ids);
  return folders.map((folder) => {
    const rest = folder.members.filter((member) => !moved.has(member));
    if (folder.id === target) return { ...folder, members: [...rest, ...moved] };
    return rest.length === folder.members.length ? folder : { ...folder, members: rest };
  });
}

/** Puts a folder into another one or to the top. Into itself or below itself changes nothing. */
export function moveFolder(folders: Folders, id: string, parentId: string | undefined): Folders {
  if (parentId !== undefined && folderWithDescendants(folders, id).some((folder) => folder.id === parentId))
    return folders;
  return folders.map((folder) => {
    if (folder.id !== id) return folder;
    const { parentId: _before, ...rest } = folder;
    return parentId === undefined ? rest : { ...rest, parentId };
  });
}
