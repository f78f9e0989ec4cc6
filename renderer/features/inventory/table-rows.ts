import type { EntityId } from '../../../electron/contract/ids.ts';
import type { Folder } from '../../../electron/contract/preferences.ts';
import type { GuestRecord } from '../../../electron/contract/records/index.ts';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { folderWithDescendants } from './folders.ts';

/** Whose guests a table shows. */
export type GuestScope =
  | { readonly type: 'all' }
  | { readonly type: 'tag'; readonly tag: string }
  | { readonly type: 'folder'; readonly id: string }
  /** All guests of a connection, cluster, node or pool. */
  | { readonly type: 'entity'; readonly id: EntityId };

function idsOf(scope: GuestScope, inventory: InventoryStore, folders: readonly Folder[]): readonly EntityId[] {
  const { index, records } = inventory.replica;
  switch (scope.type) {
    case 'all':
      return index.byKind.sorted('guest');
    case 'tag':
      return index.guestsByTag.sorted(scope.tag);
    case 'folder': {
      const members = folderWithDescendants(folders, scope.id).flatMap((folder) => folder.members as EntityId[]);
      // A node in a folder stands for its guests.
      return [...new Set(members.flatMap((id) => [id, ...index.guestsByNode.members(id)]))];
    }
    case 'entity': {
      const record = records.get(scope.id);
      if (record?.kind === 'connection' || record?.kind === 'cluster')
        return index.guestsByConnection.sorted(record.connectionId);
      if (record?.kind === 'pool') return index.guestsByPool.sorted(record.id);
      return index.guestsByNode.sorted(scope.id);
    }
  }
}

/** The guests of a scope, as records. */
export function guestsOf(
  scope: GuestScope,
  inventory: InventoryStore,
  folders: readonly Folder[],
): readonly GuestRecord[] {
  return idsOf(scope, inventory, folders)
    .map((id) => inventory.replica.get('guest', id))
    .filter((guest) => guest !== undefined);
}
