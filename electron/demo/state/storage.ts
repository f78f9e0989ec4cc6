/** A storage of the cluster, as its configuration lists it. */
export interface SimStorage {
  readonly id: string;
  readonly type: 'dir' | 'lvmthin' | 'zfspool' | 'nfs' | 'rbd' | 'pbs';
  readonly shared: boolean;
  content: readonly string[];
  /** Nodes that have it; absent: all of them. */
  nodes?: readonly string[];
  enabled: boolean;
  /** Nodes where it is configured and cannot be reached. */
  readonly brokenOn: Set<string>;
  totalBytes: number;
  /** Used share at the start; a shared storage has one figure, a local one differs by node. */
  usedShare: number;
  readonly path?: string;
}

/** Whether a node has this storage. */
export function storageIsOn(storage: SimStorage, node: string): boolean {
  return !storage.nodes || storage.nodes.includes(node);
}
