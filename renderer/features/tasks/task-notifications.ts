import { useEffect } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import { isTaskActive } from '../../stores/task-store.ts';
import { errorText } from '../../texts/error-text.ts';
import { taskSubjectText, taskTypeText } from '../../texts/task-text.ts';

/** The tasks of ours that were running before and have ended now, after at least `notifyAfterMs`. 0 switches it off. */
export function endedTasks(
  before: ReadonlyMap<EntityId, TaskRecord>,
  after: ReadonlyMap<EntityId, TaskRecord>,
  notifyAfterMs: number,
): readonly TaskRecord[] {
  if (notifyAfterMs <= 0) return [];
  const ended: TaskRecord[] = [];
  for (const task of after.values()) {
    if (!task.isOurs || task.parentId !== undefined || isTaskActive(task)) continue;
    const known = before.get(task.id);
    if (known === undefined || !isTaskActive(known)) continue;
    if ((task.endedAtMs ?? task.startedAtMs) - task.startedAtMs >= notifyAfterMs) ended.push(task);
  }
  return ended;
}

/**
 * Tells on the desktop when a long task of ours ends while nobody looks at the window. The window words it: the native host
 * shows the text itself, in a browser the window asks the browser (permission is asked for in the settings, never here).
 */
export function useTaskNotifications(): void {
  const i18n = useI18n();
  const { client, tasks, preferences, session, inventory } = useAppStores();
  useEffect(() => {
    let known = tasks.state.getState().tasks;
    const tell = (task: TaskRecord): void => {
      const subject = task.subjectId === undefined ? undefined : inventory.getRecord(task.subjectId)?.name;
      const name = `${taskTypeText(task.taskType, i18n)} ${subject ?? taskSubjectText(task)}`.trim();
      const title = i18n.t('tasks.ended.title', { name, state: i18n.t(`taskState.${task.state}`) }).slice(0, 200);
      const took = i18n.t('tasks.ended.took', {
        duration: i18n.f.duration((task.endedAtMs ?? task.startedAtMs) - task.startedAtMs),
      });
      const why = task.error === undefined ? task.outcome : errorText(task.error, i18n).what;
      const body = (task.state === 'succeeded' || why === '' ? took : `${why} ${took}`).slice(0, 1000);
      if (session.state.getState().facts?.notifications === 'host') {
        client.request('app.notify', { title, body }).catch(() => undefined);
      } else if (typeof Notification !== 'undefined' && Notification.permission === 'granted') {
        const shown = new Notification(title, { body, tag: task.id });
        shown.addEventListener('click', () => {
          window.focus();
          navigate({ page: 'tasks', id: task.id });
        });
      }
    };
    return tasks.state.subscribe((state) => {
      const before = known;
      known = state.tasks;
      const ended = endedTasks(before, known, preferences.preferences.notifyAfterMs);
      if (document.hidden || !document.hasFocus()) ended.forEach(tell);
    });
  }, [client, tasks, preferences, session, inventory, i18n]);
}
