import { Moon, Pause, Play, Power, PowerOff, RotateCcw, RotateCw, StepForward } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { GuestPowerAction } from '../../../electron/contract/rpc/table.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useCapabilities } from '../../stores/capabilities.ts';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import { dangerousActions, offerActions, type ActionOffer } from './power-availability.ts';
import { useRequestPower } from './power-provider.tsx';

const icons: { readonly [Action in GuestPowerAction]: ReactNode } = {
  start: <Play size={14} aria-hidden />,
  shutdown: <Power size={14} aria-hidden />,
  stop: <PowerOff size={14} aria-hidden />,
  reboot: <RotateCw size={14} aria-hidden />,
  reset: <RotateCcw size={14} aria-hidden />,
  suspend: <Pause size={14} aria-hidden />,
  resume: <StepForward size={14} aria-hidden />,
  hibernate: <Moon size={14} aria-hidden />,
};

/** The icon of a power action. */
export function powerIcon(action: GuestPowerAction): ReactNode {
  return icons[action];
}

/** What can be done with the guests now. Hand in a memoised list. */
export function usePowerOffers(ids: readonly EntityId[]): readonly ActionOffer[] {
  const i18n = useI18n();
  const answers = useCapabilities(ids);
  return useMemo(() => offerActions(ids, answers, i18n), [ids, answers, i18n]);
}

/** The power actions as lines of a menu. */
export function usePowerEntries(ids: readonly EntityId[]): readonly MenuEntry[] {
  const { t } = useI18n();
  const request = useRequestPower();
  const offers = usePowerOffers(ids);
  return useMemo(
    () =>
      offers
        .filter((offer) => !offer.isUnknown)
        .map(({ action, able, disabledReason }): MenuEntry => ({
          type: 'action',
          id: action,
          label: t(`action.${action}`),
          icon: icons[action],
          isDanger: dangerousActions.has(action),
          disabledReason,
          onSelect: () => request(action, able, ids.length),
        })),
    [offers, ids.length, request, t],
  );
}
