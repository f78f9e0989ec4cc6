import { useEffect, useState } from 'react';
import { toAppError, type ErrorShape } from '../../../electron/contract/errors.ts';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { ContractFrame } from '../../../electron/contract/rpc/table.ts';
import { useAppStores } from '../../stores/app-stores.tsx';

/** What is known of a task's log. */
export interface TaskLogState {
  readonly lines: readonly string[];
  /** Nothing more will come. */
  readonly isComplete: boolean;
  readonly error: ErrorShape | undefined;
}

const nothingYet: TaskLogState = { lines: [], isComplete: false, error: undefined };

/** The log after a frame: a frame says from which line on it replaces what is known. */
export function applyLogFrame(state: TaskLogState, frame: ContractFrame<'task.watchLog'>): TaskLogState {
  const before = state.lines.slice(0, frame.firstLine);
  return { lines: [...before, ...frame.lines], isComplete: frame.isComplete, error: undefined };
}

/** The log of a task, live while it is shown. */
export function useTaskLog(id: EntityId): TaskLogState {
  const { client } = useAppStores();
  const [log, setLog] = useState<{ readonly id: EntityId; readonly state: TaskLogState }>({ id, state: nothingYet });
  useEffect(() => {
    let state = nothingYet;
    const stream = client.stream(
      'task.watchLog',
      { id },
      (frame) => {
        state = applyLogFrame(state, frame);
        setLog({ id, state });
      },
      (error) => {
        state = { ...state, isComplete: true, error: toAppError(error, 'task.watchLog').toShape() };
        setLog({ id, state });
      },
    );
    return () => stream.dispose();
  }, [client, id]);
  return log.id === id ? log.state : nothingYet;
}
