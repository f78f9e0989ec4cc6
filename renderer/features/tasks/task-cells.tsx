import { ageText } from '../../texts/age-text.ts';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useStore } from 'zustand';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../lib/navigation.ts';
import { useAppStores, useNow, useRecord } from '../../stores/app-stores.tsx';
import { isTaskActive } from '../../stores/task-store.ts';
import { errorText } from '../../texts/error-text.ts';
import { taskRatio, taskSubjectText, taskTone, taskTypeText } from '../../texts/task-text.ts';
import { Badge } from '../../ui/badge.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';

/** One task, rendered again only when it changes. */
export function useTask(id: EntityId | undefined): TaskRecord | undefined {
  const { tasks } = useAppStores();
  return useStore(tasks.state, (state) => (id === undefined ? undefined : state.tasks.get(id)));
}

/** The name of the operation; a bulk has a handle that shows its parts. */
export function TypeCell(props: {
  readonly id: EntityId;
  readonly isExpanded: boolean;
  readonly onToggle: (id: EntityId) => void;
}) {
  const i18n = useI18n();
  const task = useTask(props.id);
  if (task === undefined) return null;
  const name = taskTypeText(task.taskType, i18n);
  const isBulk = task.taskType.startsWith('bulk.');
  return (
    <span className="task-type" data-part={task.parentId !== undefined || undefined}>
      {isBulk && (
        <button
          type="button"
          className="task-toggle"
          tabIndex={-1}
          aria-expanded={props.isExpanded}
          aria-label={i18n.t(props.isExpanded ? 'tasks.collapse' : 'tasks.expand', { name })}
          onClick={(event) => {
            event.stopPropagation();
            props.onToggle(props.id);
          }}
        >
          {props.isExpanded ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
        </button>
      )}
      <a className="ellipsis task-link" tabIndex={-1} href={routeHref({ page: 'tasks', id: props.id })}>
        {name}
      </a>
    </span>
  );
}

/** The thing it was done to, as a link. */
export function SubjectCell(props: { readonly id: EntityId }) {
  const { t } = useI18n();
  const task = useTask(props.id);
  const subject = useRecord(task?.subjectId);
  if (task === undefined) return null;
  if (task.taskType.startsWith('bulk.')) {
    return <span className="quiet">{t('tasks.guests', { count: task.progress?.total ?? 0 })}</span>;
  }
  if (subject === undefined) return <span className="ellipsis">{taskSubjectText(task)}</span>;
  return (
    <a className="ellipsis" tabIndex={-1} href={routeHref({ page: 'entity', id: subject.id, tab: undefined })}>
      {subject.name}
    </a>
  );
}

/** The node that worked on it. */
export function NodeCell(props: { readonly id: EntityId }) {
  const node = useRecord(useTask(props.id)?.nodeId);
  return <span className="ellipsis">{node?.name ?? ''}</span>;
}

/** How long ago it began; the moment itself on hover. */
export function StartedCell(props: { readonly id: EntityId }) {
  const i18n = useI18n();
  const task = useTask(props.id);
  const now = useNow(10_000);
  if (task === undefined) return null;
  return (
    <time dateTime={new Date(task.startedAtMs).toISOString()} title={i18n.f.dateTime(task.startedAtMs)}>
      {ageText(now - task.startedAtMs, i18n)}
    </time>
  );
}

function RunningDuration(props: { readonly startedAtMs: number }) {
  const { f } = useI18n();
  return f.duration(Math.max(0, useNow(1000) - props.startedAtMs));
}

/** How long it took, or has been taking. */
export function DurationCell(props: { readonly id: EntityId }) {
  const { f } = useI18n();
  const task = useTask(props.id);
  if (task === undefined || task.state === 'waiting') return null;
  if (task.state === 'running') return <RunningDuration startedAtMs={task.startedAtMs} />;
  return task.endedAtMs === undefined ? '' : f.duration(Math.max(0, task.endedAtMs - task.startedAtMs));
}

/** The state in a word; the way to go while it runs. */
export function StateCell(props: { readonly id: EntityId }) {
  const i18n = useI18n();
  const task = useTask(props.id);
  if (task === undefined) return null;
  const ratio = taskRatio(task);
  return (
    <span className="task-state">
      <Badge tone={taskTone(task.state)}>{i18n.t(`taskState.${task.state}`)}</Badge>
      {task.state === 'running' && (
        <>
          <ProgressBar ratio={ratio} label={i18n.t('tasks.progress', { name: taskTypeText(task.taskType, i18n) })} />
          {ratio !== null && <span className="quiet">{i18n.f.wholePercent(ratio)}</span>}
        </>
      )}
    </span>
  );
}

/** How many parts of a bulk have failed. */
function useFailedParts(task: TaskRecord | undefined): number {
  const { tasks } = useAppStores();
  return useStore(tasks.state, (state) => {
    if (task?.taskType.startsWith('bulk.') !== true) return 0;
    let count = 0;
    for (const each of state.tasks.values()) if (each.parentId === task.id && each.state === 'failed') count += 1;
    return count;
  });
}

/** The host's closing words, or why it failed in ours; for a bulk, how many of its guests failed. */
export function OutcomeCell(props: { readonly id: EntityId }) {
  const i18n = useI18n();
  const task = useTask(props.id);
  const failedParts = useFailedParts(task);
  if (task === undefined) return null;
  if (failedParts > 0) {
    return (
      <span className="ellipsis task-outcome" data-tone="bad">
        {i18n.t('tasks.partsFailed', { count: failedParts })}
      </span>
    );
  }
  if (isTaskActive(task)) return null;
  const text = task.error === undefined ? task.outcome : errorText(task.error, i18n).what;
  if (text === '' || text === 'OK') return null;
  return (
    <span className="ellipsis task-outcome" data-tone={taskTone(task.state)} title={text}>
      {text}
    </span>
  );
}

/** The account that asked for it. */
export function UserCell(props: { readonly id: EntityId }) {
  return <span className="ellipsis">{useTask(props.id)?.user ?? ''}</span>;
}
