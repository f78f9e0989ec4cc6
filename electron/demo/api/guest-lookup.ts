import type { SimGuest } from '../state/guest.ts';
import { isQuorate } from '../state/cluster-state.ts';
import { ApiError } from './errors.ts';
import type { Call } from './route.ts';

/** Directory of a kind's configuration files. */
const directories = { qemu: 'qemu-server', lxc: 'lxc' } as const;

/** The guest that a path names, or the recorded 500 about its configuration file. */
export function guestOf(call: Call, kind: SimGuest['kind']): SimGuest {
  const vmid = call.parameters.integer('vmid');
  const guest = call.state.guests.get(vmid);
  if (guest?.kind === kind && guest.node === call.node.name) return guest;
  const file = `nodes/${call.node.name}/${directories[kind]}/${vmid}.conf`;
  throw new ApiError(500, `Configuration file '${file}' does not exist`);
}

/** Refuses what PVE does not even begin without a majority. */
export function needsQuorum(call: Call): void {
  if (!isQuorate(call.state)) throw new ApiError(500, 'cluster not ready - no quorum?');
}
