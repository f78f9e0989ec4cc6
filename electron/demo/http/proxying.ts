import { ApiError } from '../api/errors.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimNode } from '../state/node.ts';

/** How long a frozen peer is waited for. */
const frozenPeerMs = 30_000;
/** How long the network takes to find out that a host is gone. */
const goneHostMs = 3000;
/** How long the name of an unknown host is looked for. */
const nameLookupMs = 6000;

/**
 * The node a call is for. Any node answers for the whole cluster by passing the call on; what comes back when it cannot
 * is as recorded on PVE 9.1.9: 595 or 596 with an empty body, 500 for a name nobody knows.
 */
export function targetNode(state: ClusterState, local: SimNode, name: string | undefined): SimNode {
  if (name === undefined || name === 'localhost' || name === local.name) return local;
  const node = state.nodes.get(name);
  if (!node) throw unknownHost(name);
  if (node.power !== 'on') throw unreachable(node.power);
  return node;
}

function unreachable(power: Exclude<SimNode['power'], 'on'>): ApiError {
  if (power === 'off') return new ApiError(595, 'No route to host', { isBare: true, delayMs: goneHostMs });
  if (power === 'frozen') return new ApiError(596, 'Connection timed out', { isBare: true, delayMs: frozenPeerMs });
  return new ApiError(595, 'Connection refused', { isBare: true });
}

function unknownHost(name: string): ApiError {
  const isWellFormed = /^[a-z0-9-]+$/i.test(name);
  const cause = isWellFormed ? 'Temporary failure in name resolution' : 'Name or service not known';
  const text = `hostname lookup '${name}' failed - failed to get address info for: ${name}: ${cause}`;
  return new ApiError(500, text, { delayMs: isWellFormed ? nameLookupMs : 0 });
}
