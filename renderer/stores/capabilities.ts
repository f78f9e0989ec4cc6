import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { EntityId } from '../../electron/contract/ids.ts';
import type { EntityCapabilities } from '../../electron/contract/records/index.ts';
import { useAppStores } from './app-stores.tsx';

/** More than this many are not asked for: the core checks each one anyway when the action is sent. */
export const maxAskedEntities = 500;

type Answers = ReadonlyMap<EntityId, EntityCapabilities['capabilities']>;

interface Asked {
  readonly ids: readonly EntityId[];
  /** Of the records, when it was asked. */
  readonly version: number;
  readonly answers: Answers;
}

/**
 * What can be done with the given entities now; asked again when any record changes. `undefined` until the first answer;
 * an entity without an answer is missing from the map. Hand in a memoised list.
 */
export function useCapabilities(ids: readonly EntityId[]): Answers | undefined {
  const { client, inventory, session } = useAppStores();
  const version = useStore(inventory.state, (state) => state.version);
  const [known, setKnown] = useState<Asked | undefined>();
  useEffect(() => {
    if (ids.length === 0 || ids.length > maxAskedEntities) return undefined;
    const controller = new AbortController();
    client.request('entity.capabilities', { ids: [...ids] }, controller.signal).then(
      ({ entities }) =>
        setKnown({ ids, version, answers: new Map(entities.map((each) => [each.id, each.capabilities])) }),
      (error: unknown) => {
        if (!controller.signal.aborted) session.report(error, 'entity.capabilities');
      },
    );
    return () => controller.abort();
  }, [client, session, ids, version]);
  return known?.ids === ids ? known.answers : undefined;
}
