import { available, unavailable, type Availability, type CapabilityName } from '../../contract/capabilities.ts';
import type { EntityRecord, GuestPower, GuestRecord } from '../../contract/records/index.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';

/** From which states a verb makes sense. libvirt and LXC agree, but LXC has no reset and no saving to disk. */
export const powerActionStates: Readonly<Record<GuestPowerAction, readonly GuestPower[]>> = {
  start: ['stopped', 'suspended'],
  shutdown: ['running'],
  stop: ['running', 'paused'],
  reboot: ['running'],
  reset: ['running', 'paused'],
  suspend: ['running'],
  resume: ['paused'],
  hibernate: ['running', 'paused'],
};

const virtualMachinesOnly: ReadonlySet<GuestPowerAction> = new Set(['reset', 'hibernate']);

/** Whether a verb exists for this kind of guest. */
export function hasPowerAction(action: GuestPowerAction, virtualization: GuestRecord['virtualization']): boolean {
  return virtualization === 'vm' || !virtualMachinesOnly.has(action);
}

/** What this driver can do with an entity in its present state. Undefined: makes no sense for its kind. */
export function capabilityOf(name: CapabilityName, known: EntityRecord): Availability | undefined {
  const [noun, verb] = name.split('.');
  if (known.kind !== 'guest') return capabilityOfOther(name, known.kind);
  if (noun === 'guest' && isPowerAction(verb)) return powerAvailability(verb, known);
  if (name === 'guest.configuration' || name === 'guest.addresses' || name === 'entity.history') return available;
  return noun === 'task' ? undefined : unavailable('driver-lacks-it', name);
}

function capabilityOfOther(name: CapabilityName, kind: EntityRecord['kind']): Availability | undefined {
  if (name === 'entity.history' && (kind === 'node' || kind === 'storage')) return available;
  if (kind === 'node' && name === 'task.list') return unavailable('driver-lacks-it', name);
  return undefined;
}

function powerAvailability(action: GuestPowerAction, guest: GuestRecord): Availability | undefined {
  if (!hasPowerAction(action, guest.virtualization)) return undefined;
  return powerActionStates[action].includes(guest.power) ? available : unavailable('state-forbids-it', guest.power);
}

function isPowerAction(text: string | undefined): text is GuestPowerAction {
  return text !== undefined && text in powerActionStates;
}
