import { useStore } from 'zustand';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../lib/navigation.ts';
import { useAppStores, useNow } from '../../stores/app-stores.tsx';
import { taskTypeText } from '../../texts/task-text.ts';
import { StateCell, SubjectCell } from './task-cells.tsx';
import { TaskActionsProvider } from './task-actions.tsx';
import { TaskListView } from './task-list-view.tsx';
import { countTasks } from './task-rows.ts';
import { useTaskNotifications } from './task-notifications.ts';
import './tasks.css';

/** The header of the task panel: how many run, how many of the last day failed, and the latest one with its progress. */
export function TaskPanelSummary() {
  const i18n = useI18n();
  const { t } = i18n;
  const { tasks } = useAppStores();
  const now = useNow(60_000);
  const ordered = useStore(tasks.state, (state) => state.ordered);
  useTaskNotifications();
  const { running, done, failed, latest } = countTasks(ordered, now);
  return (
    <div className="task-summary">
      <span className="task-summary-count" data-tone={running > 0 ? 'busy' : undefined}>
        {t('tasks.summary.running', { count: running })}
      </span>
      <span className="task-summary-count">{t('tasks.summary.done', { count: done })}</span>
      {failed > 0 && (
        <span className="task-summary-count" data-tone="bad">
          {t('tasks.summary.failed', { count: failed })}
        </span>
      )}
      {latest !== undefined && (
        <span className="task-summary-latest">
          <a className="ellipsis" href={routeHref({ page: 'tasks', id: latest.id })}>
            {taskTypeText(latest.taskType, i18n)}
          </a>
          <SubjectCell id={latest.id} />
          <StateCell id={latest.id} />
        </span>
      )}
    </div>
  );
}

/** The list in the task panel. */
export function TaskPanelList() {
  return (
    <TaskActionsProvider>
      <TaskListView layoutKey="tasks.panelColumns" />
    </TaskActionsProvider>
  );
}
