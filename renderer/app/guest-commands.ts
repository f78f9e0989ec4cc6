import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { EntityId } from '../../electron/contract/ids.ts';
import { usePowerOffers } from '../features/inventory/power-entries.tsx';
import { useRequestPower } from '../features/inventory/power-provider.tsx';
import type { Command } from '../lib/commands.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useRoute } from '../lib/navigation.ts';
import { useAppStores, useRecord } from '../stores/app-stores.tsx';
import { entityIdOf } from './page-title.tsx';

const nobody: readonly EntityId[] = [];

/** Power actions on what is selected in the table, else on the guest whose page is shown. */
export function useGuestCommands(): readonly Command[] {
  const { t } = useI18n();
  const { selection } = useAppStores();
  const selected = useStore(selection, (state) => state.ids);
  const shown = useRecord(entityIdOf(useRoute()));
  const shownId = shown?.kind === 'guest' ? shown.id : undefined;
  const ids = useMemo(() => {
    if (selected.size > 0) return [...selected];
    return shownId === undefined ? nobody : [shownId];
  }, [selected, shownId]);
  const [only] = ids;
  const onlyRecord = useRecord(ids.length === 1 ? only : undefined);
  const offers = usePowerOffers(ids);
  const request = useRequestPower();
  return useMemo(() => {
    if (ids.length === 0) return [];
    const object = ids.length === 1 ? (onlyRecord?.name ?? '') : t('power.guests', { count: ids.length });
    return offers
      .filter((offer) => !offer.isUnknown)
      .map(({ action, able, disabledReason }): Command => ({
        id: `guest.${action}`,
        group: 'guest',
        title: t('power.confirm', { action: t(`action.${action}`), object }),
        disabledReason,
        run: () => request(action, able, ids.length),
      }));
  }, [ids, onlyRecord, offers, request, t]);
}
