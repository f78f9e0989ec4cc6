import { splitEntityId } from '../../../contract/ids.ts';
import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import type { Core } from '../../core.ts';

type TaskHandlers = Pick<
  ContractHandlers,
  Extract<keyof ContractHandlers, `task.${string}`> | Extract<keyof ContractHandlers, `guest.${string}`>
>;

/** Verbs on guests, and the tasks that they and others begin. */
export function taskHandlers({ connections, taskList, tasks }: Core): TaskHandlers {
  return {
    'guest.power': async ({ id, action }, { signal }) => {
      const taskId = await tasks.power(id, action, signal);
      connections.find(splitEntityId(id).connectionId)?.repace();
      return { taskId };
    },
    'guest.powerMany': async ({ ids, action }) => ({ taskId: tasks.bulks.start(ids, action) }),
    'task.watch': (_input, send) => taskList.watch(send),
    'task.watchLog': ({ id }, send) => tasks.watchLog(id, send),
    'task.cancel': async ({ id }) => {
      await tasks.cancel(id);
      return {};
    },
    'task.retry': async ({ id }, { signal }) => ({ taskId: await tasks.retry(id, signal) }),
  };
}
