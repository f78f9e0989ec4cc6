import type { Availability } from '../../electron/contract/capabilities.ts';
import type { GuestPowerAction } from '../../electron/contract/rpc/table.ts';
import type { GuestRecord } from '../../electron/contract/records/index.ts';
import type { I18n } from '../lib/i18n/i18n-context.tsx';

/** Why something is not offered, in a sentence; `undefined` when it is. `undefined` in means that the host was not heard yet. */
export function unavailableText(availability: Availability | undefined, i18n: I18n): string | undefined {
  if (availability === undefined) return i18n.t('reason.loading');
  if (availability.available) return undefined;
  const { reason, detail } = availability;
  switch (reason) {
    case 'driver-lacks-it':
    case 'connection-not-ready':
      return i18n.t(`reason.${reason}`);
    case 'host-lacks-it':
    case 'permission-missing':
    case 'state-forbids-it':
    case 'locked':
      return i18n.t(`reason.${reason}`, { detail });
  }
}

/** What a guest is, in one word. */
export function virtualizationText(guest: GuestRecord, i18n: I18n): string {
  return i18n.t(guest.isTemplate ? 'virtualization.template' : `virtualization.${guest.virtualization}`);
}

/** The name of a power action: "Shut down". */
export function powerActionText(action: GuestPowerAction, i18n: I18n): string {
  return i18n.t(`action.${action}`);
}
