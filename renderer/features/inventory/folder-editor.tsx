import { useState, type ReactNode } from 'react';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { addFolder, removeFolder, renameFolder } from './folders.ts';
import { NameDialog } from './name-dialog.tsx';
import type { InventoryRow } from './tree-rows.ts';
import { useFolders } from './use-folders.ts';

/** Creating, renaming and removing personal folders. */
export interface FolderEditor {
  readonly create: (parentId: string | undefined) => void;
  readonly rename: (id: string) => void;
  readonly remove: (id: string) => void;
  /** F2 and Delete on a folder's line. */
  readonly onKey: (row: InventoryRow, key: string) => void;
  /** The dialog that is open, to be rendered by the owner. */
  readonly dialog: ReactNode;
}

type Open =
  { readonly type: 'create'; readonly parentId: string | undefined } | { readonly type: 'rename'; readonly id: string };

export function useFolderEditor(): FolderEditor {
  const { t } = useI18n();
  const [folders, setFolders] = useFolders();
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const rename = (id: string): void => setOpen({ type: 'rename', id });
  // What was in it moves up; nothing is lost, so nothing is asked.
  const remove = (id: string): void => setFolders(removeFolder(folders, id));
  const onName = (name: string): void => {
    if (open?.type === 'create') {
      setFolders(addFolder(folders, { id: crypto.randomUUID(), name, parentId: open.parentId }));
    } else if (open?.type === 'rename') setFolders(renameFolder(folders, open.id, name));
  };
  return {
    create: (parentId) => setOpen({ type: 'create', parentId }),
    rename,
    remove,
    onKey: (row, key) => {
      if (row.content.type !== 'folder') return;
      if (key === 'F2') rename(row.content.id);
      else if (key === 'Delete') remove(row.content.id);
    },
    dialog: open !== undefined && (
      <NameDialog
        title={t(open.type === 'create' ? 'folder.create' : 'folder.rename')}
        initial={open.type === 'rename' ? (folders.find((folder) => folder.id === open.id)?.name ?? '') : ''}
        onName={onName}
        onClose={() => setOpen(undefined)}
      />
    ),
  };
}
