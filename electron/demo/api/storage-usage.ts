import { noise } from '../random.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimNode } from '../state/node.ts';
import type { SimStorage } from '../state/storage.ts';
import { figuresAtMs } from './guest-row.ts';

/** Bytes of a storage on one node. */
export interface StorageUsage {
  readonly total: number;
  readonly used: number;
  readonly avail: number;
  readonly fraction: number;
}

/** How full a storage is: a shared one alike on every node, a local one differently on each. */
export function storageUsage(state: ClusterState, storage: SimStorage, node: SimNode, atMs?: number): StorageUsage {
  const key = storage.shared ? storage.id.length : node.nodeId * 31 + storage.id.length;
  const moment = atMs ?? figuresAtMs(state, node.name);
  const hours = moment / 3_600_000;
  const grown = storage.usedShare + (storage.shared ? 0 : (noise(key, 1) - 0.5) * 0.2);
  const share = Math.min(0.97, Math.max(0.02, grown + 0.004 * Math.sin(hours / 6 + key)));
  const used = Math.floor((storage.totalBytes * share) / 4096) * 4096;
  return { total: storage.totalBytes, used, avail: storage.totalBytes - used, fraction: used / storage.totalBytes };
}
