import { capabilityNames, unavailable, type CapabilityName } from '../../contract/capabilities.ts';
import type { EntityCapabilities, EntityRecord } from '../../contract/records/index.ts';
import type { ConnectionSupervisor } from '../connections/supervisor.ts';

/** What makes sense for a kind of entity at all; asked of a connection that is not open, where no driver can tell. */
function appliesTo(name: CapabilityName, kind: EntityRecord['kind']): boolean {
  if (kind === 'guest') return name !== 'task.list' && name !== 'task.log' && name !== 'task.cancel';
  if (kind === 'node' || kind === 'storage') return name === 'entity.history';
  return false;
}

/** Everything that can be done with one entity now. Without an open session every verb says why: the connection's state. */
export function capabilitiesOf(record: EntityRecord, connection: ConnectionSupervisor | undefined): EntityCapabilities {
  const session = connection?.session;
  const entries = capabilityNames.flatMap((name) => {
    if (session === undefined) {
      const state = connection?.state ?? 'disabled';
      return appliesTo(name, record.kind) ? [[name, unavailable('connection-not-ready', state)] as const] : [];
    }
    const availability = session.capability(name, record);
    return availability === undefined ? [] : [[name, availability] as const];
  });
  return { id: record.id, capabilities: Object.fromEntries(entries) };
}
