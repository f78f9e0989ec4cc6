import { available, unavailable, type Availability, type CapabilityName } from '../../../contract/capabilities.ts';
import type { GuestPower, GuestRecord } from '../../../contract/records/guest.ts';
import type { GuestPowerAction } from '../../../contract/rpc/table.ts';

/**
 * In which states PVE does something sensible. It accepts more than that: starting a running VM is a task that fails,
 * stopping a stopped one a task that succeeds (recorded on 9.1.9), so the state is asked before a verb is sent.
 */
export const neededPowers: { readonly [Action in GuestPowerAction]: readonly GuestPower[] } = {
  start: ['stopped', 'suspended'],
  shutdown: ['running'],
  stop: ['running', 'paused'],
  reboot: ['running'],
  reset: ['running', 'paused'],
  suspend: ['running'],
  resume: ['paused', 'suspended'],
  hibernate: ['running', 'paused'],
};

export const powerActionOf: { readonly [Name in CapabilityName]?: GuestPowerAction } = {
  'guest.start': 'start',
  'guest.shutdown': 'shutdown',
  'guest.stop': 'stop',
  'guest.reboot': 'reboot',
  'guest.reset': 'reset',
  'guest.suspend': 'suspend',
  'guest.resume': 'resume',
  'guest.hibernate': 'hibernate',
};

/** What every action needs on `/vms/{vmid}`; hibernating writes a state volume and needs more. */
export const neededPrivileges: { readonly [Action in GuestPowerAction]: readonly string[] } = {
  start: ['VM.PowerMgmt'],
  shutdown: ['VM.PowerMgmt'],
  stop: ['VM.PowerMgmt'],
  reboot: ['VM.PowerMgmt'],
  reset: ['VM.PowerMgmt'],
  suspend: ['VM.PowerMgmt'],
  resume: ['VM.PowerMgmt'],
  hibernate: ['VM.PowerMgmt', 'VM.Config.Disk'],
};

/** Locks under which a verb still works: a hibernated VM is woken by starting or resuming it. */
export function isLockedFor(action: GuestPowerAction, lock: string | undefined): boolean {
  return lock !== undefined && !(lock === 'suspended' && (action === 'start' || action === 'resume'));
}

/** Containers have no reset button and nothing to save their memory to. */
export function makesSense(action: GuestPowerAction, virtualization: GuestRecord['virtualization']): boolean {
  return virtualization === 'vm' || (action !== 'reset' && action !== 'hibernate' && action !== 'resume');
}

/** PVE calls freezing a container (CRIU) experimental, hides it in its own interface, and it fails with most containers. */
export const containerSuspend = unavailable('host-lacks-it', 'experimental for containers (CRIU)');

/** One power verb on a guest in its known state. `mayUse` answers for the account's rights. */
export function powerAvailability(
  action: GuestPowerAction,
  guest: GuestRecord,
  mayUse: (privilege: string) => boolean,
): Availability | undefined {
  if (!makesSense(action, guest.virtualization)) return undefined;
  if (action === 'suspend' && guest.virtualization === 'container') return containerSuspend;
  const missing = neededPrivileges[action].find((privilege) => !mayUse(privilege));
  if (missing !== undefined) return unavailable('permission-missing', `${missing} on /vms/${guest.nativeId}`);
  if (guest.isTemplate) return unavailable('state-forbids-it', 'template');
  if (guest.power === 'unknown') return unavailable('state-forbids-it', 'unknown');
  if (isLockedFor(action, guest.lock)) return unavailable('locked', guest.lock);
  if (!neededPowers[action].includes(guest.power)) return unavailable('state-forbids-it', guest.power);
  return available;
}
