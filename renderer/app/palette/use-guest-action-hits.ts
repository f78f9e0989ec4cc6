import { useCallback } from 'react';
import type { GuestPowerAction } from '../../../electron/contract/rpc/table.ts';
import { guestPlace } from '../../features/inventory/guest-place.ts';
import { useRequestPower } from '../../features/inventory/power-provider.tsx';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../stores/app-stores.tsx';
import { actionsInQuery, suits } from './action-in-query.ts';
import { searchPalette, type PaletteEntry, type PaletteHit } from './palette-search.ts';

/** As many guests as one still looks through for each action. */
const maxGuests = 12;

/** Actions on guests that are named in the query: "stop web-01". They ask before they interrupt, as everywhere. */
export function useGuestActionHits(entries: readonly PaletteEntry[]): (query: string) => readonly PaletteHit[] {
  const { t } = useI18n();
  const { inventory } = useAppStores();
  const request = useRequestPower();
  return useCallback(
    (query) => {
      const nameOf = (action: GuestPowerAction): string => t(`action.${action}`);
      return actionsInQuery(query, nameOf).flatMap(({ action, rest }) =>
        searchPalette({ query: rest, entries, commands: [], recent: [], limit: 200 })
          .flatMap((hit): readonly PaletteHit[] => {
            const guest = hit.type === 'entity' ? inventory.getRecord(hit.id) : undefined;
            if (guest?.kind !== 'guest' || !suits(action, guest)) return [];
            const title = t('power.confirm', { action: nameOf(action), object: guest.name });
            const run = (): void => request(action, [guest.id], 1);
            const id = `guest.${action}.${guest.id}`;
            const command = { id, group: 'guest' as const, title, note: guestPlace(guest.id, inventory), run };
            return [{ type: 'command', command, score: hit.score }];
          })
          .slice(0, maxGuests),
      );
    },
    [entries, inventory, request, t],
  );
}
