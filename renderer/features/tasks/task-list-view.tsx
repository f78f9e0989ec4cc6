import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores, useLayoutValue } from '../../stores/app-stores.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Toolbar, ToolbarSpace } from '../../ui/toolbar.tsx';
import { TaskGrid } from './task-grid.tsx';
import { matchesTaskFilter, taskFilters, type TaskFilter } from './task-rows.ts';
import './tasks.css';

const emptyTexts = {
  all: 'tasks.empty',
  running: 'tasks.empty.running',
  failed: 'tasks.empty.failed',
  mine: 'tasks.empty.mine',
} as const;

/** The list of all tasks with its filter; the panel and the page show the same one and remember the same choice. */
export function TaskListView(props: { readonly layoutKey: string }) {
  const { t } = useI18n();
  const { tasks } = useAppStores();
  const [kept, setFilter] = useLayoutValue('tasks.filter', 'all');
  const [areConsolesShown, showConsoles] = useLayoutValue('tasks.areConsolesShown', false);
  const filter: TaskFilter = taskFilters.find((each) => each === kept) ?? 'all';
  const status = useStore(tasks.state, (state) => state.status);
  const ordered = useStore(tasks.state, (state) => state.ordered);
  const shown = useMemo(
    () => ordered.filter((task) => matchesTaskFilter(task, filter, areConsolesShown)),
    [ordered, filter, areConsolesShown],
  );
  return (
    <div className="task-list">
      <Toolbar label={t('tasks.filter')}>
        <Segmented
          label={t('tasks.filter')}
          value={filter}
          options={taskFilters.map((value) => ({ value, label: t(`tasks.filter.${value}`) }))}
          onChange={setFilter}
        />
        <Checkbox label={t('tasks.showConsoles')} isChecked={areConsolesShown} onChange={showConsoles} />
        <ToolbarSpace />
        <span className="quiet">{t('tasks.shown', { count: shown.length })}</span>
      </Toolbar>
      <TaskGrid
        label={t('pane.tasks')}
        layoutKey={props.layoutKey}
        tasks={shown}
        emptyText={t(status === 'waiting' ? 'app.loading' : emptyTexts[filter])}
      />
    </div>
  );
}
