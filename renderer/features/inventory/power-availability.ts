import type { CapabilityName } from '../../../electron/contract/capabilities.ts';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type { EntityCapabilities } from '../../../electron/contract/records/index.ts';
import type { GuestPowerAction } from '../../../electron/contract/rpc/table.ts';
import type { I18n } from '../../lib/i18n/i18n-context.tsx';
import { maxAskedEntities } from '../../stores/capabilities.ts';
import { unavailableText } from '../../texts/domain-text.ts';

/** In the order in which they are offered; the ones that may lose work come last. */
export const orderedPowerActions: readonly GuestPowerAction[] = [
  'start',
  'shutdown',
  'reboot',
  'suspend',
  'resume',
  'hibernate',
  'reset',
  'stop',
];

/** Actions that interrupt a guest: asked once, also for a single one. */
export const interruptingActions: ReadonlySet<GuestPowerAction> = new Set([
  'shutdown',
  'reboot',
  'reset',
  'stop',
  'hibernate',
]);
/** Actions that may lose work inside the guest. */
export const dangerousActions: ReadonlySet<GuestPowerAction> = new Set(['stop', 'reset']);

export function capabilityOf(action: GuestPowerAction): CapabilityName {
  return `guest.${action}`;
}

/** Whether an action can be offered for a set of guests. */
export interface ActionOffer {
  readonly action: GuestPowerAction;
  /** The guests that can take it now. For a set too large to ask about, all of them. */
  readonly able: readonly EntityId[];
  /** Why nobody can; absent when somebody can. */
  readonly disabledReason: string | undefined;
  /** No driver of these guests knows the action at all. */
  readonly isUnknown: boolean;
}

/** What can be done with the guests, from the answers of the core. */
export function offerActions(
  ids: readonly EntityId[],
  answers: ReadonlyMap<EntityId, EntityCapabilities['capabilities']> | undefined,
  i18n: I18n,
): readonly ActionOffer[] {
  return orderedPowerActions.map((action) => {
    if (ids.length === 0) return { action, able: [], disabledReason: i18n.t('power.selectFirst'), isUnknown: false };
    if (ids.length > maxAskedEntities) return { action, able: ids, disabledReason: undefined, isUnknown: false };
    if (answers === undefined) return { action, able: [], disabledReason: i18n.t('reason.loading'), isUnknown: false };
    const availabilities = ids.map((id) => answers.get(id)?.[capabilityOf(action)]);
    const able = ids.filter((_id, index) => availabilities[index]?.available === true);
    const isUnknown = availabilities.every(
      (each) => each === undefined || (!each.available && each.reason === 'driver-lacks-it'),
    );
    const refusal = availabilities.find((each) => each !== undefined && !each.available);
    const disabledReason = able.length > 0 ? undefined : (unavailableText(refusal, i18n) ?? '');
    return { action, able, disabledReason, isUnknown };
  });
}
