import type { Json } from '../json.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import { nodeFigures, type NodeFigures } from '../state/load.ts';
import type { SimNode } from '../state/node.ts';
import { figuresAtMs } from './guest-row.ts';

/** Guests of every node, found once per answer. */
export function guestsByNode(state: ClusterState): ReadonlyMap<string, readonly SimGuest[]> {
  const found = new Map<string, SimGuest[]>();
  for (const guest of state.guests.values()) {
    const list = found.get(guest.node);
    if (list) list.push(guest);
    else found.set(guest.node, [guest]);
  }
  return found;
}

/** Figures of a node as lists show them. */
export function publishedNodeFigures(state: ClusterState, node: SimNode, guests: readonly SimGuest[]): NodeFigures {
  return nodeFigures(node, guests, figuresAtMs(state, node.name));
}

/** Seconds since the node's boot, as its last figures had it. */
export function nodeUptimeSeconds(state: ClusterState, node: SimNode): number {
  return Math.max(1, Math.floor((figuresAtMs(state, node.name) - node.bootedAtMs) / 1000));
}

/**
 * What `/nodes` and `/cluster/resources` say of a node alike: without rights reduced to its state; without the figures
 * that move once it is offline (recorded on PVE 9.1.9).
 */
export function nodeSummary(
  state: ClusterState,
  node: SimNode,
  guests: readonly SimGuest[],
  mayAudit: boolean,
): Record<string, Json> {
  const row: Record<string, Json> = {
    id: `node/${node.name}`,
    node: node.name,
    type: 'node',
    status: node.online ? 'online' : 'offline',
    level: '',
  };
  if (!mayAudit) return row;
  row['maxcpu'] = node.cpus;
  row['maxmem'] = node.memoryBytes;
  row['maxdisk'] = node.rootDiskBytes;
  if (!node.online) return row;
  const figures = publishedNodeFigures(state, node, guests);
  row['cpu'] = figures.cpu;
  row['mem'] = figures.memoryBytes;
  row['disk'] = figures.rootDiskUsedBytes;
  row['uptime'] = nodeUptimeSeconds(state, node);
  return row;
}
