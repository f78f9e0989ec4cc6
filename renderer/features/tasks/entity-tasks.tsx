import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { EntityRecord, TaskRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../lib/navigation.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import { taskTypeText } from '../../texts/task-text.ts';
import { TaskActionsProvider } from './task-actions.tsx';
import { DurationCell, StartedCell, StateCell, SubjectCell } from './task-cells.tsx';
import { TaskGrid } from './task-grid.tsx';
import { isConsoleTask } from './task-rows.ts';
import './tasks.css';

/** Whether a task was about an entity or happened on it. Parts of a bulk count: they are this guest's. */
export function concernsEntity(task: TaskRecord, record: EntityRecord): boolean {
  if (task.subjectId === record.id || task.nodeId === record.id) return true;
  return record.kind === 'connection' && task.connectionId === record.connectionId;
}

function useEntityTasks(record: EntityRecord): readonly TaskRecord[] {
  const { tasks } = useAppStores();
  const all = useStore(tasks.state, (state) => state.tasks);
  return useMemo(
    () =>
      [...all.values()]
        .filter((task) => concernsEntity(task, record) && !isConsoleTask(task))
        .sort((a, b) => b.startedAtMs - a.startedAtMs),
    [all, record],
  );
}

/** All known tasks of one entity, as a tab of its page. */
export function EntityTasks(props: { readonly record: EntityRecord }) {
  const { t } = useI18n();
  const tasks = useEntityTasks(props.record);
  return (
    <TaskActionsProvider>
      <TaskGrid
        label={t('pane.tasks')}
        layoutKey="tasks.entityColumns"
        tasks={tasks}
        emptyText={t('tasks.empty.entity')}
      />
    </TaskActionsProvider>
  );
}

/** The last few tasks of one entity, for its overview. */
export function RecentTasks(props: { readonly record: EntityRecord }) {
  const i18n = useI18n();
  const tasks = useEntityTasks(props.record).slice(0, 6);
  if (tasks.length === 0) return <p className="quiet">{i18n.t('tasks.empty.entity')}</p>;
  return (
    <ul className="recent-tasks">
      {tasks.map((task) => (
        <li key={task.id}>
          <a className="ellipsis" href={routeHref({ page: 'tasks', id: task.id })}>
            {taskTypeText(task.taskType, i18n)}
          </a>
          {props.record.kind === 'guest' ? <span /> : <SubjectCell id={task.id} />}
          <StateCell id={task.id} />
          <span className="quiet">
            <StartedCell id={task.id} />
          </span>
          <span className="quiet recent-task-duration">
            <DurationCell id={task.id} />
          </span>
        </li>
      ))}
    </ul>
  );
}
