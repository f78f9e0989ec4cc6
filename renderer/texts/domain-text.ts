import type { Availability } from '../../electron/contract/capabilities.ts';
import type { GuestPowerAction } from '../../electron/contract/rpc/table.ts';
import {
  guestLocks,
  guestPowers,
  type ConnectionRecord,
  type GuestRecord,
} from '../../electron/contract/records/index.ts';
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
      return i18n.t(`reason.${reason}`, { detail: detailText(detail, i18n) });
  }
}

/** States and locks come as the contract's words; anything else is the host's own. */
function detailText(detail: string, i18n: I18n): string {
  const lock = guestLocks.find((each) => each === detail);
  if (lock !== undefined) return i18n.t(`lock.${lock}`);
  const power = guestPowers.find((each) => each === detail);
  if (power !== undefined) return i18n.t(`power.${power}`);
  return detail === 'template' ? i18n.t('virtualization.template') : detail;
}

/** What a guest is, in one word. */
export function virtualizationText(guest: GuestRecord, i18n: I18n): string {
  return i18n.t(guest.isTemplate ? 'virtualization.template' : `virtualization.${guest.virtualization}`);
}

/** The name of a power action: "Shut down". */
export function powerActionText(action: GuestPowerAction, i18n: I18n): string {
  return i18n.t(`action.${action}`);
}

/** The picture of a guest, for StateGlyph. */
export function guestGlyph(guest: GuestRecord) {
  const shape = guest.isTemplate ? (`template-${guest.virtualization}` as const) : guest.virtualization;
  return { shape, state: guest.power } as const;
}

/** Its state in words: "running", "running, locked: a backup is running". */
export function guestStateText(guest: GuestRecord, i18n: I18n): string {
  const power = i18n.t(guest.isTemplate ? 'virtualization.template' : `power.${guest.power}`);
  return guest.lock === undefined ? power : `${power}, ${i18n.t(`lock.${guest.lock}`)}`;
}

/** How far the records of a connection can be believed, with the age of its state: "offline 2 h". Empty while it is live. */
export function freshnessText(connection: ConnectionRecord, nowMs: number, i18n: I18n): string {
  if (connection.state === 'live') return '';
  const word = i18n.t(`freshness.${connection.state}`);
  if (connection.state === 'connecting' || connection.state === 'disabled') return word;
  return `${word} ${i18n.f.shortDuration(nowMs - (connection.lastGoodAtMs ?? connection.sinceMs))}`;
}
