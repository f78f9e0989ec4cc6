import { RotateCcw, ScrollText, X } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { z } from 'zod';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores, useLayoutValue } from '../../stores/app-stores.tsx';
import { isTaskActive } from '../../stores/task-store.ts';
import { taskTypeText } from '../../texts/task-text.ts';
import { IconButton } from '../../ui/button.tsx';
import { DataGrid } from '../../ui/data-grid.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { ColumnState, GridSort } from '../../ui/grid-columns.ts';
import type { GridSelection } from '../../ui/grid-selection.ts';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import { ContextMenu } from '../../ui/menu.tsx';
import { useTaskActions } from './task-actions.tsx';
import { useTask } from './task-cells.tsx';
import { sortTasks, taskColumns } from './task-columns.tsx';
import { holdOrder, partsByBulk, withParts } from './task-rows.ts';
import './tasks.css';

const columnsSchema = z.array(z.object({ column: z.string(), isVisible: z.boolean(), widthPx: z.number().optional() }));

/** How the columns of a list of tasks stand; remembered under `key`. */
function useColumnStates(key: string) {
  const [text, setText] = useLayoutValue(key, '');
  const states = useMemo((): readonly ColumnState[] => {
    try {
      return columnsSchema.parse(JSON.parse(text));
    } catch {
      return [];
    }
  }, [text]);
  return [states, useCallback((next: readonly ColumnState[]) => setText(JSON.stringify(next)), [setText])] as const;
}

function RowActions(props: { readonly id: EntityId }) {
  const { t } = useI18n();
  const task = useTask(props.id);
  const actions = useTaskActions();
  if (task === undefined) return null;
  return (
    <>
      {isTaskActive(task) && task.canCancel && (
        <IconButton size="small" tabIndex={-1} label={t('tasks.cancel')} onClick={() => actions.cancel(task)}>
          <X size={14} aria-hidden />
        </IconButton>
      )}
      {!isTaskActive(task) && task.canRetry && (
        <IconButton size="small" tabIndex={-1} label={t('tasks.retry')} onClick={() => actions.retry(task)}>
          <RotateCcw size={14} aria-hidden />
        </IconButton>
      )}
      <IconButton size="small" tabIndex={-1} label={t('tasks.showLog')} onClick={() => actions.showLog(task)}>
        <ScrollText size={14} aria-hidden />
      </IconButton>
    </>
  );
}
const renderRowActions = (id: EntityId) => <RowActions id={id} />;

/** The context menu of one task. */
function useTaskMenu(id: EntityId | undefined): readonly MenuEntry[] {
  const { t } = useI18n();
  const task = useTask(id);
  const actions = useTaskActions();
  if (task === undefined) return [];
  const entry = (name: string, label: string, run: () => void, disabledReason?: string): MenuEntry => ({
    type: 'action',
    id: name,
    label,
    disabledReason,
    onSelect: run,
  });
  const log = entry('log', t('tasks.showLog'), () => actions.showLog(task));
  if (isTaskActive(task)) {
    const reason = task.canCancel ? undefined : t('tasks.cannotCancel');
    return [log, entry('cancel', t('tasks.cancel'), () => actions.cancel(task), reason)];
  }
  return task.canRetry ? [log, entry('retry', t('tasks.retry'), () => actions.retry(task))] : [log];
}

/** A list of tasks: running first, parts of a bulk under it on demand, actions on each. `layoutKey` names its columns in the profile. */
export function TaskGrid(props: {
  readonly label: string;
  readonly layoutKey: string;
  readonly tasks: readonly TaskRecord[];
  readonly emptyText: string;
}) {
  const i18n = useI18n();
  const { tasks: store, inventory } = useAppStores();
  const all = useStore(store.state, (state) => state.tasks);
  const actions = useTaskActions();
  const [sort, setSort] = useState<GridSort | undefined>();
  const [expanded, setExpanded] = useState<ReadonlySet<EntityId>>(new Set());
  const [held, setHeld] = useState<readonly EntityId[] | undefined>();
  const [columnStates, setColumnStates] = useColumnStates(props.layoutKey);
  const [selection, setSelection] = useState<GridSelection<EntityId>>({
    selected: new Set(),
    anchor: undefined,
    active: undefined,
  });
  const toggle = useCallback((id: EntityId) => {
    setHeld(undefined);
    setExpanded((known) => new Set(known.has(id) ? [...known].filter((each) => each !== id) : [...known, id]));
  }, []);
  const columns = useMemo(() => taskColumns(i18n, expanded, toggle), [i18n, expanded, toggle]);
  const sorted = useMemo(
    () => withParts(sortTasks(props.tasks, sort, inventory.getRecord, i18n), partsByBulk(all.values()), expanded),
    [props.tasks, sort, inventory, i18n, all, expanded],
  );
  const rows = useMemo(() => (held === undefined ? sorted : holdOrder(held, sorted)), [held, sorted]);
  const menu = useTaskMenu(selection.active);
  return (
    <ContextMenu className="task-grid" entries={menu}>
      <DataGrid
        label={props.label}
        columns={columns}
        columnStates={columnStates}
        onColumnStatesChange={setColumnStates}
        rows={rows}
        sort={sort}
        onSortChange={(next) => {
          setHeld(undefined);
          setSort(next);
        }}
        selection={selection}
        onSelectionChange={setSelection}
        nameOf={(id) => taskTypeText(all.get(id)?.taskType ?? '', i18n)}
        onOpen={(id) => {
          const task = all.get(id);
          if (task !== undefined) actions.showLog(task);
        }}
        rowActions={renderRowActions}
        onPointerInside={(isInside) => setHeld(isInside ? sorted : undefined)}
        empty={<EmptyState text={props.emptyText} />}
      />
    </ContextMenu>
  );
}
