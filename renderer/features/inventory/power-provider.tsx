import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { GuestPowerAction } from '../../../electron/contract/rpc/table.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../stores/app-stores.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { guestPlace } from './guest-place.ts';
import { BulkProgress } from './bulk-progress.tsx';
import { dangerousActions, interruptingActions } from './power-availability.ts';

/** Asks where that is due and sends the action. `able` are the guests that can take it, `asked` how many were meant. */
export type RequestPower = (action: GuestPowerAction, able: readonly EntityId[], asked: number) => void;

const PowerContext = createContext<RequestPower>(() => undefined);

/** Starts power actions from anywhere: menus, the palette, the table, a page's header. */
export function useRequestPower(): RequestPower {
  return useContext(PowerContext);
}

interface Pending {
  readonly action: GuestPowerAction;
  readonly ids: readonly EntityId[];
  readonly asked: number;
}

/** Holds the question and the progress of power actions. Once, around the frame. */
export function PowerProvider(props: { readonly children: ReactNode }) {
  const { client, session } = useAppStores();
  const [pending, setPending] = useState<Pending | undefined>(undefined);
  const [bulkId, setBulkId] = useState<EntityId | undefined>(undefined);
  const send = useCallback(
    (action: GuestPowerAction, ids: readonly EntityId[]) => {
      const [only] = ids;
      const report = (error: unknown): void => session.report(error, `guest.${action}`);
      if (only === undefined) return;
      if (ids.length === 1) client.request('guest.power', { id: only, action }).catch(report);
      else
        client
          .request('guest.powerMany', { ids: [...ids], action })
          .then(({ taskId }) => setBulkId(taskId))
          .catch(report);
    },
    [client, session],
  );
  const request = useCallback<RequestPower>(
    (action, ids, asked) => {
      if (asked > 1 || interruptingActions.has(action)) setPending({ action, ids, asked });
      else send(action, ids);
    },
    [send],
  );
  return (
    <PowerContext.Provider value={request}>
      {props.children}
      {pending !== undefined && (
        <PowerQuestion
          pending={pending}
          onClose={() => setPending(undefined)}
          onConfirm={() => {
            send(pending.action, pending.ids);
            setPending(undefined);
          }}
        />
      )}
      {bulkId !== undefined && <BulkProgress bulkId={bulkId} onClose={() => setBulkId(undefined)} />}
    </PowerContext.Provider>
  );
}

function PowerQuestion(props: {
  readonly pending: Pending;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useI18n();
  const { inventory } = useAppStores();
  const { action, ids, asked } = props.pending;
  const names = useMemo(() => ids.map((id) => inventory.getRecord(id)?.name ?? id), [ids, inventory]);
  const places = useMemo(() => ids.map((id) => guestPlace(id, inventory)), [ids, inventory]);
  const listed = names.map((name, index) => ({ name, note: places[index] ?? '' }));
  const object = names.length === 1 ? (names[0] ?? '') : t('power.guests', { count: names.length });
  const label = t('power.confirm', { action: t(`action.${action}`), object });
  return (
    <ConfirmDialog
      isOpen
      title={`${label}?`}
      names={listed}
      isDanger={dangerousActions.has(action)}
      confirmLabel={label}
      onConfirm={props.onConfirm}
      onClose={props.onClose}
      description={
        <>
          {names.length === 1 && <p className="quiet">{places[0]}</p>}
          <p>{t(`action.${action}.explain`)}</p>
          {names.length < asked && (
            <p className="quiet">{t('power.someCannot', { able: names.length, asked, count: asked - names.length })}</p>
          )}
        </>
      }
    />
  );
}
