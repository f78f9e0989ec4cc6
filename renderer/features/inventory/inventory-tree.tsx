import { FolderPlus, PanelLeftClose } from 'lucide-react';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { keepShownPage, navigate, useRoute } from '../../lib/navigation.ts';
import type { Route } from '../../lib/routes.ts';
import { useAppStores, useInventory, useLayoutValue, usePreference } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Select } from '../../ui/field.tsx';
import { ContextMenu } from '../../ui/menu.tsx';
import { TreeView } from '../../ui/tree-view.tsx';
import { FilterBox } from './filter-box.tsx';
import { useFolderEditor } from './folder-editor.tsx';
import { entitiesDragType, folderDragType, useTreeDrag } from './tree-drag.ts';
import { recordFilter } from './record-filter.ts';
import { RowLine } from './row-line.tsx';
import { treeBranches, treeViews, type TreeViewName } from './tree-branches.ts';
import { isRowOfRoute, openWay, routeOfRow, wayToRoute } from './tree-row-places.ts';
import { flattenBranches, type InventoryRow } from './tree-rows.ts';
import { useRowMenu } from './tree-menu.tsx';
import './inventory-tree.css';

/** Opened and closed lines are remembered, but not without end. */
const maxRemembered = 500;

function useToggled(view: TreeViewName): readonly [ReadonlySet<string>, (toggled: ReadonlySet<string>) => void] {
  const [text, setText] = useLayoutValue(`tree.toggled.${view}`, '');
  const toggled = useMemo(() => new Set(text === '' ? [] : text.split('\n')), [text]);
  const set = useCallback(
    (next: ReadonlySet<string>) => setText([...next].slice(-maxRemembered).join('\n')),
    [setText],
  );
  return [toggled, set];
}

function textOfRow(row: InventoryRow, inventory: InventoryStore): string {
  const { content } = row;
  if (content.type === 'record') return inventory.getRecord(content.id)?.name ?? '';
  if (content.type === 'tag') return content.tag;
  return 'name' in content ? content.name : '';
}

function EmptyTree(props: {
  readonly status: 'waiting' | 'ready' | 'failed';
  readonly view: TreeViewName;
  readonly hasFilter: boolean;
}) {
  const { t } = useI18n();
  if (props.status === 'waiting') return <EmptyState text={t('app.loading')} />;
  if (props.hasFilter) return <EmptyState text={t('filter.nothing')} />;
  if (props.view === 'pool') return <EmptyState text={t('tree.noPools')} />;
  return (
    <EmptyState
      text={t('tree.empty')}
      action={
        <Button variant="primary" onClick={() => navigate({ page: 'connection-new' })}>
          {t('command.addConnection')}
        </Button>
      }
    />
  );
}

/** The tree of the whole estate, with its view, its filter and its menus. */
export function InventoryTree(props: { readonly onHide: () => void; readonly onOpened?: (() => void) | undefined }) {
  const { t } = useI18n();
  const { inventory, preferences } = useAppStores();
  const route = useRoute();
  const status = useStore(inventory.state, (state) => state.status);
  const view = usePreference('treeView');
  const folders = usePreference('folders');
  const [filterText, setFilterText] = useState('');
  const deferredText = useDeferredValue(filterText);
  const [toggled, setToggled] = useToggled(view);
  // Where the keyboard is; going to another page takes it to the line of that page.
  const [active, setActive] = useState<{ readonly key: string; readonly route: Route } | undefined>(undefined);
  const [menuRow, setMenuRow] = useState<InventoryRow | undefined>(undefined);
  const filter = useMemo(() => recordFilter(deferredText, inventory, Date.now), [deferredText, inventory]);
  const rows = useInventory(
    useCallback(
      ({ replica, getRecord }: InventoryStore) =>
        flattenBranches(treeBranches(view, replica, folders), { toggled, filter: filter.passes, getRecord }),
      [view, folders, toggled, filter],
    ),
    // A filter may look at figures, which move with every poll.
    filter.passes === undefined ? 'lists' : 'records',
  );
  const selectedKey = useMemo(
    () => rows.find((row) => isRowOfRoute(row, route, inventory.replica))?.key,
    [rows, route, inventory],
  );
  useEffect(() => {
    // Whatever is opened, from wherever, is shown in its place; a line that the user closes afterwards stays closed.
    const { treeView, layout } = preferences.preferences;
    if (treeView !== 'site' || status === 'waiting') return;
    const text = layout['tree.toggled.site'];
    const known = new Set(typeof text === 'string' && text !== '' ? text.split('\n') : []);
    const opened = openWay(wayToRoute(route, inventory.replica), known, inventory.replica);
    if (opened !== known) preferences.setLayout('tree.toggled.site', [...opened].join('\n'));
  }, [route, status, inventory, preferences]);
  const editor = useFolderEditor();
  const menu = useRowMenu(menuRow, editor);
  const drag = useTreeDrag();
  const toggle = (row: InventoryRow): void => {
    const next = new Set(toggled);
    if (!next.delete(row.key)) next.add(row.key);
    setToggled(next);
  };
  const open = (row: InventoryRow, isKept: boolean): void => {
    // The first click of a double click has opened it; the second one only keeps it.
    if (isKept) return keepShownPage();
    const target = routeOfRow(row, inventory.replica);
    if (target === undefined) return toggle(row);
    navigate(target);
    props.onOpened?.();
  };
  return (
    <section className="inventory-tree" aria-label={t('pane.tree')}>
      <div className="tree-bar">
        <FilterBox
          label={t('tree.filter')}
          commandId="tree.filter"
          text={filterText}
          problems={filter.problems}
          onChange={setFilterText}
        />
        <span className="tree-view-select">
          <Select
            label={t('tree.view')}
            options={treeViews.map((value) => ({ value, label: t(`tree.view.${value}`) }))}
            value={view}
            onChange={(treeView) => preferences.set({ treeView })}
          />
        </span>
        {view === 'folder' && (
          <IconButton label={t('folder.create')} onClick={() => editor.create(undefined)}>
            <FolderPlus size={16} aria-hidden />
          </IconButton>
        )}
        <IconButton label={t('pane.collapse', { name: t('pane.tree') })} onClick={props.onHide}>
          <PanelLeftClose size={16} aria-hidden />
        </IconButton>
      </div>
      {rows.length === 0 ? (
        <EmptyTree status={status} view={view} hasFilter={filterText !== ''} />
      ) : (
        <ContextMenu className="tree-context" entries={menu}>
          <TreeView
            label={t('tree.label')}
            rows={rows}
            activeKey={active?.route === route ? active.key : selectedKey}
            selectedKey={selectedKey}
            textOf={(row) => textOfRow(row, inventory)}
            renderRow={(row) => <RowLine row={row} />}
            onActiveChange={(key) => setActive({ key, route })}
            onOpen={open}
            onToggle={toggle}
            onContextRow={setMenuRow}
            dragTextOf={drag.textOf}
            dropTypesOf={(row) =>
              row.content.type === 'folder' || row.content.type === 'unfiled' ? [entitiesDragType, folderDragType] : []
            }
            onDrop={drag.drop}
            onOtherKey={editor.onKey}
          />
        </ContextMenu>
      )}
      {editor.dialog}
    </section>
  );
}
