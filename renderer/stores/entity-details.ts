import { useEffect, useState } from 'react';
import { toAppError, type ErrorShape } from '../../electron/contract/errors.ts';
import type { EntityId } from '../../electron/contract/ids.ts';
import type { EntityDetails, EntityHistory, HistoryWindow } from '../../electron/contract/records/index.ts';
import { useAppStores } from './app-stores.tsx';

/** What is known of an entity's details: the last ones stay while newer ones fail. */
export interface DetailsState {
  readonly details: EntityDetails | undefined;
  readonly error: ErrorShape | undefined;
}

const nothing: DetailsState = { details: undefined, error: undefined };

/** The details of an entity, read by the core as long as this is shown. */
export function useEntityDetails(id: EntityId): DetailsState {
  const { client } = useAppStores();
  const [known, setKnown] = useState<{ readonly id: EntityId; readonly state: DetailsState }>({ id, state: nothing });
  useEffect(() => {
    const stream = client.stream(
      'entity.watchDetails',
      { id },
      (frame) =>
        setKnown((before) => ({
          id,
          state: {
            details: frame.details ?? (before.id === id ? before.state.details : undefined),
            error: frame.error,
          },
        })),
      (error) =>
        setKnown((before) => ({
          id,
          state: {
            details: before.id === id ? before.state.details : undefined,
            error: toAppError(error, 'entity.watchDetails').toShape(),
          },
        })),
    );
    return () => stream.dispose();
  }, [client, id]);
  return known.id === id ? known.state : nothing;
}

/** How often a window of history is read again while it is shown: hosts write a point a minute for an hour, rarer for more. */
const historyPeriodMs: { readonly [Window in HistoryWindow]: number } = {
  hour: 20_000,
  day: 120_000,
  week: 600_000,
  month: 1_800_000,
  year: 3_600_000,
};

/** The history of one entity. */
export interface HistoryState {
  readonly history: EntityHistory | undefined;
  readonly error: ErrorShape | undefined;
}

/** The figures of an entity over time, read again while they are shown. What was read last stays while the next is on its way. */
export function useEntityHistory(id: EntityId, window: HistoryWindow): HistoryState {
  const { client } = useAppStores();
  const [known, setKnown] = useState<HistoryState>({ history: undefined, error: undefined });
  useEffect(() => {
    const leaving = new AbortController();
    const read = async (): Promise<void> => {
      try {
        const history = await client.request('entity.history', { id, window }, leaving.signal);
        setKnown({ history, error: undefined });
      } catch (error) {
        if (leaving.signal.aborted) return;
        setKnown((before) => ({ ...before, error: toAppError(error, 'entity.history').toShape() }));
      }
    };
    void read();
    const timer = setInterval(() => void read(), historyPeriodMs[window]);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [client, id, window]);
  return known.history === undefined || known.history.id === id ? known : { history: undefined, error: undefined };
}
