import { isEntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { useLayoutValue } from '../../stores/app-stores.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { TaskActionsProvider } from './task-actions.tsx';
import { useTask } from './task-cells.tsx';
import { TaskListView } from './task-list-view.tsx';
import { TaskLogView } from './task-log-view.tsx';
import './tasks.css';

const close = (): void => navigate({ page: 'tasks', id: undefined });

function SelectedLog(props: { readonly id: string }) {
  const { t } = useI18n();
  const task = useTask(isEntityId(props.id) ? props.id : undefined);
  if (task !== undefined) return <TaskLogView key={task.id} task={task} onClose={close} />;
  return <EmptyState text={t('tasks.log.gone')} action={<Button onClick={close}>{t('tasks.close')}</Button>} />;
}

/** Every task of every connection; the log of the chosen one below the list. Esc closes it. */
export function TasksPage(props: { readonly selectedId: string | undefined }) {
  const { t } = useI18n();
  const [logPx, setLogPx] = useLayoutValue('tasks.log.px', 320);
  const { selectedId } = props;
  return (
    <TaskActionsProvider>
      <h1 className="visually-hidden">{t('pane.tasks')}</h1>
      <SplitPane
        orientation="vertical"
        sideFirst={false}
        sizePx={logPx}
        minPx={160}
        maxPx={700}
        isCollapsed={selectedId === undefined}
        resizeLabel={`${t('pane.resize')}: ${t('tasks.log')}`}
        onResized={setLogPx}
        onCollapsedChange={(isCollapsed) => {
          if (isCollapsed && selectedId !== undefined) close();
        }}
        side={
          selectedId !== undefined && (
            <div
              className="task-log-place"
              role="presentation"
              onKeyDown={(event) => {
                if (event.key === 'Escape') close();
              }}
            >
              <SelectedLog id={selectedId} />
            </div>
          )
        }
      >
        <TaskListView layoutKey="tasks.columns" />
      </SplitPane>
    </TaskActionsProvider>
  );
}
