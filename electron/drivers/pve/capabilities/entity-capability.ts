import { available, unavailable, type Availability, type CapabilityName } from '../../../contract/capabilities.ts';
import { splitEntityId } from '../../../contract/ids.ts';
import type { EntityRecord, GuestRecord } from '../../../contract/records/index.ts';
import { powerActionOf, powerAvailability } from './guest-power.ts';
import type { Permissions } from './permissions.ts';

const taskVerbs: ReadonlySet<CapabilityName> = new Set(['task.list', 'task.log', 'task.cancel']);

/** Named in the contract and not spoken by this driver yet. */
const laterVerbs: ReadonlySet<CapabilityName> = new Set([
  'console.graphical',
  'console.text',
  'snapshot.create',
  'snapshot.rollback',
  'backup.create',
  'backup.restore',
  'migrate.live',
  'migrate.offline',
  'migrate.export',
  'migrate.import',
]);

/** 9.x has the agent's own privileges, 8.x the monitor's. */
const agentPrivileges = ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted', 'VM.Monitor'];

/** Whether something can be done with an entity, from memory alone. Undefined where it makes no sense for its kind. */
export function capabilityOf(
  name: CapabilityName,
  known: EntityRecord,
  permissions: Permissions,
): Availability | undefined {
  if (taskVerbs.has(name)) return available;
  switch (known.kind) {
    case 'guest':
      return guestCapability(name, known, permissions);
    case 'node':
      return name === 'entity.history' ? needs(permissions, ['Sys.Audit'], `/nodes/${known.name}`) : undefined;
    case 'storage':
      return name === 'entity.history' ? needs(permissions, ['Datastore.Audit'], `/storage/${known.name}`) : undefined;
    case 'cluster':
    case 'connection':
    case 'network':
    case 'pool':
      return undefined;
  }
}

function guestCapability(name: CapabilityName, guest: GuestRecord, permissions: Permissions): Availability | undefined {
  const pool = guest.poolId === undefined ? undefined : splitEntityId(guest.poolId).nativeId;
  const mayUse = (privilege: string): boolean => permissions.guestHas(guest.nativeId, pool, privilege);
  const action = powerActionOf[name];
  if (action !== undefined) return powerAvailability(action, guest, mayUse);
  if (laterVerbs.has(name)) return unavailable('driver-lacks-it');
  const needsAudit = mayUse('VM.Audit')
    ? available
    : unavailable('permission-missing', `VM.Audit on /vms/${guest.nativeId}`);
  if (name === 'guest.configuration' || name === 'entity.history') return needsAudit;
  if (name !== 'guest.addresses') return undefined;
  return guest.virtualization === 'container' ? needsAudit : agentCapability(guest, mayUse);
}

function agentCapability(guest: GuestRecord, mayUse: (privilege: string) => boolean): Availability {
  if (!agentPrivileges.some(mayUse)) {
    return unavailable('permission-missing', `VM.GuestAgent.Audit on /vms/${guest.nativeId}`);
  }
  return guest.power === 'running' ? available : unavailable('state-forbids-it', guest.power);
}

function needs(permissions: Permissions, privileges: readonly string[], path: string): Availability {
  return permissions.hasAny(path, privileges)
    ? available
    : unavailable('permission-missing', `${privileges[0]} on ${path}`);
}
