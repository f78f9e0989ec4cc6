import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useAppStores } from '../../stores/app-stores.tsx';
import { taskSubjectText, taskTypeText } from '../../texts/task-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';

/** What can be done with a task. */
export interface TaskActions {
  /** Asks first. */
  cancel(task: TaskRecord): void;
  /** Sends the same verb again and shows the new task. */
  retry(task: TaskRecord): void;
  showLog(task: TaskRecord): void;
}

const ActionsContext = createContext<TaskActions | undefined>(undefined);

/** The actions on tasks of the list around. */
export function useTaskActions(): TaskActions {
  const actions = useContext(ActionsContext);
  if (actions === undefined) throw new Error('no TaskActionsProvider above');
  return actions;
}

/** Gives a list of tasks its actions, and asks before a task is called off. */
export function TaskActionsProvider(props: { readonly children: ReactNode }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client, session, inventory } = useAppStores();
  const [asked, setAsked] = useState<TaskRecord | undefined>();
  const actions = useMemo(
    (): TaskActions => ({
      cancel: setAsked,
      retry: (task) => {
        client.request('task.retry', { id: task.id }).then(
          ({ taskId }) => navigate({ page: 'tasks', id: taskId }),
          (error: unknown) => session.report(error, 'task.retry'),
        );
      },
      showLog: (task) => navigate({ page: 'tasks', id: task.id }),
    }),
    [client, session],
  );
  const subject = asked?.subjectId === undefined ? undefined : inventory.getRecord(asked.subjectId)?.name;
  const name =
    asked === undefined ? '' : `${taskTypeText(asked.taskType, i18n)} ${subject ?? taskSubjectText(asked)}`.trim();
  return (
    <ActionsContext.Provider value={actions}>
      {props.children}
      <ConfirmDialog
        isOpen={asked !== undefined}
        isDanger
        title={t('tasks.cancel.title', { name })}
        description={t('tasks.cancel.text')}
        confirmLabel={t('tasks.cancel.confirm', { name })}
        onClose={() => setAsked(undefined)}
        onConfirm={() => {
          if (asked !== undefined) {
            client
              .request('task.cancel', { id: asked.id })
              .catch((error: unknown) => session.report(error, 'task.cancel'));
          }
          setAsked(undefined);
        }}
      />
    </ActionsContext.Provider>
  );
}
