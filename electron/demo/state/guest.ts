/** How busy a guest is; every figure is a function of time, so ten thousand guests cost nothing between two requests. */
export interface LoadProfile {
  /** Mean share of the guest's processors, 0 to 1. */
  cpuShare: number;
  /** How far the load swings around its mean, 0 to 0.9. */
  swing: number;
  /** One swing. */
  periodMs: number;
  phase: number;
  /** Share of the guest's memory in use. */
  memoryShare: number;
  netInBytesPerSecond: number;
  netOutBytesPerSecond: number;
  diskReadBytesPerSecond: number;
  diskWriteBytesPerSecond: number;
}

/** A snapshot of a guest. */
export interface SimSnapshot {
  name: string;
  description: string;
  parent?: string;
  /** Epoch seconds. */
  takenAt: number;
  withMemory: boolean;
}

/** What the status collector last told the cluster about a guest; lists show this, not the present. */
export interface PublishedStatus {
  running: boolean;
  startedAtMs: number;
}

/** A virtual machine or container. Plain data: tests edit it inside `cluster.edit`. */
export interface SimGuest {
  readonly vmid: number;
  readonly kind: 'qemu' | 'lxc';
  name: string;
  /** Name of the node whose configuration directory holds it. */
  node: string;
  running: boolean;
  /** A paused machine is `running` to PVE, and `paused` only in its QMP status. */
  paused: boolean;
  lock?: string | undefined;
  template: boolean;
  tags: string[];
  pool?: string | undefined;
  cpus: number;
  memoryBytes: number;
  diskBytes: number;
  /** Its latest start, also while it is off. */
  startedAtMs: number;
  /** Its latest stop; means nothing while it runs. */
  stoppedAtMs: number;
  /** When it was made: its history begins there. */
  readonly createdAtMs: number;
  pid: number;
  /** Whether an operating system inside answers the power button. */
  obeysShutdown: boolean;
  /** `absent`: not configured. `silent`: configured, not running. `running`: answers. */
  agent: 'absent' | 'silent' | 'running';
  /** IPv4 address of the first interface. */
  address: string;
  /** Hardware address of the first interface, upper case. */
  hardwareAddress: string;
  bridge: string;
  storage: string;
  operatingSystem: string;
  load: LoadProfile;
  snapshots: SimSnapshot[];
  /** Options written over what the generator implies; `null` removes one. */
  options: Map<string, string | number | null>;
  /** Options of a running machine that wait for its next start. */
  pending: Map<string, string | number | null>;
  published: PublishedStatus;
}
