import { Copy, RotateCcw, X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { isTaskActive } from '../../stores/task-store.ts';
import { errorText } from '../../texts/error-text.ts';
import { taskTypeText } from '../../texts/task-text.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { useRowWindow } from '../../ui/row-window.ts';
import { Toolbar, ToolbarSpace } from '../../ui/toolbar.tsx';
import { useTaskActions } from './task-actions.tsx';
import { DurationCell, NodeCell, StartedCell, StateCell, SubjectCell, UserCell } from './task-cells.tsx';
import { useTaskLog, type TaskLogState } from './task-log-lines.ts';
import './tasks.css';

const linePx = 18;

/** The lines of a log, of which those in sight are rendered. Stays at the end while `isFollowing`. */
function LogLines(props: {
  readonly label: string;
  readonly lines: readonly string[];
  readonly isFollowing: boolean;
  readonly onFollowingChange: (isFollowing: boolean) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const { lines, isFollowing, onFollowingChange } = props;
  const view = useRowWindow(scroller, { count: lines.length, rowPx: linePx });
  useEffect(() => {
    const element = scroller.current;
    // More than can be scrolled: the browser stops at the end.
    if (isFollowing && element !== null) element.scrollTop = (lines.length + 1) * linePx;
  }, [isFollowing, lines.length]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const look = (): void => {
      onFollowingChange(element.scrollHeight - element.scrollTop - element.clientHeight < linePx);
    };
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [onFollowingChange]);
  const rows: ReactNode[] = [];
  for (let index = view.start; index < view.end; index++) {
    rows.push(
      <div key={index} className="task-log-line" style={{ transform: `translateY(${index * linePx}px)` }}>
        <span className="task-log-number" aria-hidden>
          {index + 1}
        </span>
        {lines[index]}
      </div>,
    );
  }
  return (
    <div ref={scroller} className="task-log-lines mono selectable" tabIndex={0} role="log" aria-label={props.label}>
      <div style={{ height: view.totalPx }}>{rows}</div>
    </div>
  );
}

function LogBody(props: { readonly label: string; readonly log: TaskLogState; readonly isRunning: boolean }) {
  const i18n = useI18n();
  const { log } = props;
  const [isFollowing, setFollowing] = useState(true);
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => void navigator.clipboard.writeText(log.lines.join('\n')).then(() => setCopied(true));
  return (
    <>
      <Toolbar label={props.label}>
        <span className="quiet">{i18n.t('tasks.log.lines', { count: log.lines.length })}</span>
        <ToolbarSpace />
        <Checkbox label={i18n.t('tasks.log.follow')} isChecked={isFollowing} onChange={setFollowing} />
        <Button variant="quiet" icon={<Copy size={14} aria-hidden />} onClick={copy}>
          {i18n.t(isCopied ? 'common.copied' : 'common.copy')}
        </Button>
      </Toolbar>
      {log.error !== undefined && <ErrorState {...errorText(log.error, i18n)} />}
      {log.lines.length === 0 && log.error === undefined ? (
        <p className="task-log-empty quiet">
          {i18n.t(props.isRunning || !log.isComplete ? 'tasks.log.waiting' : 'tasks.log.empty')}
        </p>
      ) : (
        <LogLines label={props.label} lines={log.lines} isFollowing={isFollowing} onFollowingChange={setFollowing} />
      )}
    </>
  );
}

/** One task with its facts, what went wrong, and its log as it is written. */
export function TaskLogView(props: { readonly task: TaskRecord; readonly onClose: () => void }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { task } = props;
  const actions = useTaskActions();
  const log = useTaskLog(task.id);
  const name = taskTypeText(task.taskType, i18n);
  const isActive = isTaskActive(task);
  const failure = task.error === undefined ? undefined : errorText(task.error, i18n);
  return (
    <section className="task-log" aria-label={t('tasks.log.of', { name })}>
      <header className="task-log-header">
        <h2 className="ellipsis">
          {name} <SubjectCell id={task.id} />
        </h2>
        {isActive && (
          <Button
            disabledReason={task.canCancel ? undefined : t('tasks.cannotCancel')}
            onClick={() => actions.cancel(task)}
          >
            {t('common.cancel')}
          </Button>
        )}
        {!isActive && task.canRetry && (
          <Button icon={<RotateCcw size={14} aria-hidden />} onClick={() => actions.retry(task)}>
            {t('tasks.retry')}
          </Button>
        )}
        <IconButton label={t('tasks.close')} onClick={props.onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <div className="task-log-facts">
        <StateCell id={task.id} />
        <StartedCell id={task.id} />
        <DurationCell id={task.id} />
        <NodeCell id={task.id} />
        <UserCell id={task.id} />
      </div>
      {failure !== undefined && <ErrorState {...failure} />}
      {failure === undefined && task.outcome !== '' && task.outcome !== 'OK' && (
        <p className="task-log-outcome selectable" data-state={task.state}>
          {task.outcome}
        </p>
      )}
      <LogBody label={t('tasks.log.of', { name })} log={log} isRunning={isActive} />
    </section>
  );
}
