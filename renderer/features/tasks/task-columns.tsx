import type { EntityId } from '../../../electron/contract/ids.ts';
import type { EntityRecord, TaskRecord } from '../../../electron/contract/records/index.ts';
import type { I18n } from '../../lib/i18n/i18n-context.tsx';
import { naturalSortKey } from '../../lib/natural-sort.ts';
import { taskSubjectText, taskTypeText } from '../../texts/task-text.ts';
import type { GridColumn, GridSort } from '../../ui/grid-columns.ts';
import {
  DurationCell,
  NodeCell,
  OutcomeCell,
  StartedCell,
  StateCell,
  SubjectCell,
  TypeCell,
  UserCell,
} from './task-cells.tsx';

/** The columns of the list of tasks. */
export function taskColumns(
  { t }: I18n,
  expanded: ReadonlySet<EntityId>,
  onToggle: (id: EntityId) => void,
): readonly GridColumn<EntityId>[] {
  return [
    {
      id: 'what',
      label: t('tasks.column.what'),
      widthPx: 190,
      isName: true,
      render: (id) => <TypeCell id={id} isExpanded={expanded.has(id)} onToggle={onToggle} />,
    },
    { id: 'subject', label: t('tasks.column.subject'), widthPx: 160, render: (id) => <SubjectCell id={id} /> },
    { id: 'state', label: t('tasks.column.state'), widthPx: 200, render: (id) => <StateCell id={id} /> },
    {
      id: 'started',
      label: t('tasks.column.started'),
      widthPx: 100,
      align: 'end',
      render: (id) => <StartedCell id={id} />,
    },
    {
      id: 'duration',
      label: t('tasks.column.duration'),
      widthPx: 100,
      align: 'end',
      render: (id) => <DurationCell id={id} />,
    },
    { id: 'node', label: t('tasks.column.node'), widthPx: 100, render: (id) => <NodeCell id={id} /> },
    { id: 'user', label: t('tasks.column.user'), widthPx: 120, render: (id) => <UserCell id={id} /> },
    { id: 'outcome', label: t('tasks.column.outcome'), widthPx: 260, render: (id) => <OutcomeCell id={id} /> },
  ];
}

function sortValue(
  task: TaskRecord,
  column: string,
  recordOf: (id: EntityId) => EntityRecord | undefined,
  i18n: I18n,
): string | number {
  switch (column) {
    case 'what':
      return taskTypeText(task.taskType, i18n);
    case 'subject': {
      const subject = task.subjectId === undefined ? undefined : recordOf(task.subjectId);
      return naturalSortKey(subject?.name ?? taskSubjectText(task));
    }
    case 'node':
      return naturalSortKey((task.nodeId === undefined ? undefined : recordOf(task.nodeId))?.name ?? '');
    case 'user':
      return task.user;
    case 'state':
      return i18n.t(`taskState.${task.state}`);
    case 'outcome':
      return task.outcome;
    case 'duration':
      return (task.endedAtMs ?? Number.MAX_SAFE_INTEGER) - task.startedAtMs;
    default:
      return task.startedAtMs;
  }
}

/** The tasks in the user's order; without one they stand as the list keeps them, running first. */
export function sortTasks(
  tasks: readonly TaskRecord[],
  sort: GridSort | undefined,
  recordOf: (id: EntityId) => EntityRecord | undefined,
  i18n: I18n,
): readonly TaskRecord[] {
  if (sort === undefined) return tasks;
  const keyed = tasks.map((task) => ({ task, value: sortValue(task, sort.column, recordOf, i18n) }));
  const sign = sort.isDescending ? -1 : 1;
  keyed.sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : 0));
  return keyed.map(({ task }) => task);
}
