import { entityId, type ConnectionId, type EntityId } from '../../../contract/ids.ts';
import type {
  ClusterRecord,
  LoadRow,
  NetworkRecord,
  NodeRecord,
  PoolRecord,
  StorageRecord,
} from '../../../contract/records/index.ts';
import { toLoadRow, noLoad } from '../../../contract/records/index.ts';
import type { PveClusterStatus } from '../parse/cluster.ts';
import type { PveResource } from '../parse/resources.ts';

/** Nodes, storages, networks and pools: few enough to be built anew at every poll. */

export interface NodeSurroundings {
  readonly connectionId: ConnectionId;
  readonly clusterId: EntityId | undefined;
  readonly startedAtMs: number | undefined;
  /** `9.2.3`, empty when not known (yet). */
  readonly version: string;
}

export function toNodeRecord(row: PveResource, around: NodeSurroundings): NodeRecord {
  const name = row.node ?? '';
  const { clusterId, connectionId, startedAtMs, version } = around;
  const isOnline = row.status === 'online';
  // Without Sys.Audit the row has nothing but id, node, status and level (recorded on 8.4.1 to 9.2.11).
  const isReduced = isOnline && row.maxcpu === undefined;
  return {
    kind: 'node',
    id: entityId(connectionId, 'node', name),
    connectionId,
    name,
    ...(clusterId !== undefined && { clusterId }),
    availability: isOnline ? 'online' : row.status === 'offline' ? 'offline' : 'unknown',
    cpuCount: row.maxcpu ?? 0,
    memoryBytes: row.maxmem ?? 0,
    ...(startedAtMs !== undefined && { startedAtMs }),
    systemVersion: version === '' ? '' : `pve-manager ${version}`,
    notices: isReduced ? [{ code: 'rights-reduced', detail: `Sys.Audit on /nodes/${name}` }] : [],
  };
}

export function toNodeLoad(id: EntityId, row: PveResource): LoadRow {
  if (row.status !== 'online') return toLoadRow(id, noLoad);
  return toLoadRow(id, {
    ...noLoad,
    cpuRatio: row.cpu ?? null,
    memoryUsedBytes: row.mem ?? null,
    diskUsedBytes: row.disk ?? null,
  });
}

export function toStorageRecord(
  row: PveResource,
  connectionId: ConnectionId,
  offlineNodes: ReadonlySet<string>,
): StorageRecord {
  const node = row.node ?? '';
  const name = row.storage ?? '';
  return {
    kind: 'storage',
    id: entityId(connectionId, 'storage', `${node}/${name}`),
    connectionId,
    name,
    nodeId: entityId(connectionId, 'node', node),
    storageType: row.plugintype ?? '',
    isShared: row.shared === 1,
    contentKinds: (row.content ?? '')
      .split(',')
      .filter((kind) => kind !== '')
      .toSorted(),
    // A dead node's storages keep saying `available` (recorded on 9.1.9).
    availability:
      row.status === 'available' && !offlineNodes.has(node)
        ? 'available'
        : row.status === 'unknown' || offlineNodes.has(node)
          ? 'unknown'
          : 'unavailable',
    totalBytes: row.maxdisk ?? 0,
  };
}

export function toStorageLoad(record: StorageRecord, row: PveResource): LoadRow {
  const isKnown = record.availability === 'available';
  return toLoadRow(record.id, { ...noLoad, diskUsedBytes: isKnown ? (row.disk ?? null) : null });
}

/** 8.x says `sdn` (a zone of a node), 9.x `network` with its type; both get the same id, so that an upgrade moves nothing. */
export function toNetworkRecord(row: PveResource, connectionId: ConnectionId): NetworkRecord {
  const node = row.node ?? '';
  const name = row.network ?? row.sdn ?? row.id.split('/').at(-1) ?? '';
  const networkType = row.networkType ?? 'zone';
  return {
    kind: 'network',
    id: entityId(connectionId, 'network', `${node}/${networkType}/${name}`),
    connectionId,
    name,
    nodeId: entityId(connectionId, 'node', node),
    networkType,
    isActive: row.status === 'ok' || row.status === 'available',
  };
}

export function toPoolRecord(name: string, comment: string, connectionId: ConnectionId): PoolRecord {
  return { kind: 'pool', id: entityId(connectionId, 'pool', name), connectionId, name, comment };
}

/**
 * The cluster, from its own status or, where the account may not read that, from the name of the sign-in and the nodes
 * that are listed: more than half of them online is what quorum needs.
 */
export function toClusterRecord(
  status: PveClusterStatus | undefined,
  signInName: string,
  nodes: readonly { readonly isOnline: boolean }[],
  connectionId: ConnectionId,
): ClusterRecord | undefined {
  const name = status?.cluster?.name ?? signInName;
  if (name === '' || (status !== undefined && status.cluster === undefined)) return undefined;
  const nodeCount = status?.cluster?.nodeCount ?? nodes.length;
  const onlineNodeCount = nodes.filter((node) => node.isOnline).length;
  return {
    kind: 'cluster',
    id: entityId(connectionId, 'cluster', name),
    connectionId,
    name,
    isQuorate: status?.cluster?.isQuorate ?? onlineNodeCount * 2 > nodeCount,
    nodeCount,
    onlineNodeCount,
  };
}
