import { guestPowerActions } from '../../electron/contract/rpc/table.ts';
import type { TaskRecord, TaskState } from '../../electron/contract/records/index.ts';
import type { I18n } from '../lib/i18n/i18n-context.tsx';
import { hostWord } from './host-word.ts';
import type { Tone } from './tone.ts';

/** What a task does: "Start VM". A type that nobody has named stays as the host wrote it. */
export function taskTypeText(taskType: string, i18n: I18n): string {
  const [scope, word] = taskType.split('.', 2);
  const action = guestPowerActions.find((each) => each === word);
  if (action !== undefined && (scope === 'guest' || scope === 'bulk')) {
    return i18n.t(scope === 'bulk' ? 'task.bulk' : 'task.power', { action: i18n.t(`action.${action}`) });
  }
  return hostWord(`task.${taskType}`, i18n) ?? taskType;
}

/** What of a task's name is left when its subject is not in the inventory: PVE's worker ids are `type id`. */
export function taskSubjectText(task: TaskRecord): string {
  const prefix = `${task.taskType} `;
  if (task.name.startsWith(prefix)) return task.name.slice(prefix.length);
  return task.name === task.taskType ? '' : task.name;
}

const tones: { readonly [State in TaskState]: Tone } = {
  waiting: 'neutral',
  running: 'busy',
  succeeded: 'ok',
  warnings: 'warn',
  failed: 'bad',
  cancelled: 'neutral',
  unknown: 'warn',
};

/** The tone of a task's state; the word stands beside it. */
export function taskTone(state: TaskState): Tone {
  return tones[state];
}

/** How far it is, 0 to 1; null where nobody knows. */
export function taskRatio(task: TaskRecord): number | null {
  return task.progress === undefined || task.progress.total <= 0 ? null : task.progress.done / task.progress.total;
}
