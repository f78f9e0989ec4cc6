/** A host of the cluster. */
export interface SimNode {
  readonly name: string;
  /** Position in the cluster, from 1. */
  readonly nodeId: number;
  /** Where its API listens. */
  readonly host: string;
  port: number;
  /** SHA-256 of its certificate, as PVE writes it: upper-case pairs with colons. */
  fingerprint: string;
  /** `frozen`: its proxy accepts connections and never answers. `proxy-stopped`: it refuses them. */
  power: 'on' | 'off' | 'frozen' | 'proxy-stopped';
  /** What the membership layer says; follows a power-off after some seconds. */
  online: boolean;
  /** Since when figures of it have not been renewed. */
  silentSinceMs?: number | undefined;
  bootedAtMs: number;
  cpus: number;
  cpuModel: string;
  memoryBytes: number;
  rootDiskBytes: number;
  rootDiskUsedBytes: number;
  bridges: SimInterface[];
  /** Next process number of a task. */
  nextPid: number;
}

/** A network interface of a host. */
export interface SimInterface {
  readonly iface: string;
  readonly type: 'bridge' | 'eth' | 'bond' | 'vlan';
  readonly address?: string;
  readonly gateway?: string;
  readonly bridgePorts?: string;
  readonly comment?: string;
  readonly vlanAware?: boolean;
}
