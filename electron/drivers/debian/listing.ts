import { entityId, type ConnectionId, type EntityId } from '../../contract/ids.ts';
import {
  noLoad,
  toLoadRow,
  type EntityLoad,
  type GuestRecord,
  type LoadRow,
  type NetworkRecord,
  type NodeNotice,
  type NodeRecord,
  type StorageRecord,
} from '../../contract/records/index.ts';
import type { ContainerFacts, DomainFacts, MovingFacts, SeldomFacts } from './read-host.ts';
import { powerOfState } from './libvirt/map/power.ts';
import { powerOfContainer } from './lxc/parse/container-list.ts';
import type { RateMeter, Rates } from './rates.ts';

/** The native id of a container's storage; libvirt pools go by their UUID. */
export const lxcStorageId = 'lxc';

/** Pool types whose content other hosts see as well (libvirt's storage pool documentation). */
const sharedPoolTypes = new Set(['netfs', 'rbd', 'gluster', 'sheepdog', 'iscsi', 'iscsi-direct', 'vstorage']);

/** Everything of one host as records and loads. */
export interface HostListing {
  readonly node: NodeRecord;
  readonly guests: readonly GuestRecord[];
  readonly storages: readonly StorageRecord[];
  readonly networks: readonly NetworkRecord[];
  readonly loads: readonly LoadRow[];
}

/** Turns facts into records. Keeps what must not flicker: start times, and counters for rates. */
export class ListingMaker {
  readonly #connectionId: ConnectionId;
  readonly #rates: RateMeter;
  /** By guest and process: the clock of the host may be set while a guest runs, its start stays. */
  #startedAtMs = new Map<string, number>();
  #startedBeforeMs: ReadonlyMap<string, number> = new Map();

  #hostCpu: { readonly busy: number; readonly total: number; readonly ratio: number | null } | undefined;

  constructor(connectionId: ConnectionId, rates: RateMeter) {
    this.#connectionId = connectionId;
    this.#rates = rates;
  }

  make(seldom: SeldomFacts, moving: MovingFacts, notices: readonly NodeNotice[]): HostListing {
    this.#startedBeforeMs = this.#startedAtMs;
    this.#startedAtMs = new Map();
    const nodeId = this.#id('node', seldom.host.machineId || seldom.host.hostname);
    const node = this.#node(nodeId, seldom, moving, notices);
    const domains = moving.domains.map((domain) => this.#domain(domain, nodeId, moving));
    const containers = moving.containers.map((container) => this.#container(container, nodeId, seldom, moving));
    const storages = this.#storages(seldom, nodeId);
    const listing = {
      node: node.record,
      guests: [...domains, ...containers].map(({ record }) => record),
      storages: storages.map(({ record }) => record),
      networks: this.#networks(seldom, nodeId),
      loads: [node, ...domains, ...containers, ...storages].map(({ record, load }) => toLoadRow(record.id, load)),
    };
    this.#rates.keepOnly(new Set(listing.loads.map((row) => row[0])));
    return listing;
  }

  #id(kind: 'node' | 'guest' | 'storage' | 'network', nativeId: string): EntityId {
    return entityId(this.#connectionId, kind, nativeId);
  }

  #node(id: EntityId, { host }: SeldomFacts, moving: MovingFacts, notices: readonly NodeNotice[]) {
    const { counters, cpuBusy, cpuTotal, memoryAvailableBytes } = moving.host;
    const rates = this.#rates.measure(id, { ...counters, cpuTimeNs: null });
    const record: NodeRecord = {
      kind: 'node',
      id,
      connectionId: this.#connectionId,
      name: host.hostname,
      availability: 'online',
      cpuCount: host.cpuCount,
      memoryBytes: moving.host.memoryTotalBytes,
      startedAtMs: this.#stable(`${id}#boot`, moving.host.bootedAtS * 1000),
      systemVersion: host.system,
      notices,
    };
    const load = loadOf(rates, {
      cpuRatio: this.#hostCpuRatio(cpuBusy, cpuTotal),
      memoryUsedBytes: moving.host.memoryTotalBytes - memoryAvailableBytes,
      diskUsedBytes: null,
    });
    return { record, load };
  }

  /** Jiffies of all CPUs: the busy share of what passed since the last reading. */
  #hostCpuRatio(busy: number, total: number): number | null {
    const before = this.#hostCpu;
    if (before !== undefined && total <= before.total) return before.ratio;
    const ratio = before === undefined ? null : Math.max(0, busy - before.busy) / (total - before.total);
    this.#hostCpu = { busy, total, ratio };
    return ratio;
  }

  #domain(domain: DomainFacts, nodeId: EntityId, moving: MovingFacts) {
    const id = this.#id('guest', `qemu:${domain.uuid}`);
    const { stats } = domain;
    const power = stats === undefined ? 'unknown' : powerOfState(stats.state, domain.hasManagedSave);
    const isOn = power === 'running' || power === 'paused';
    const startedAtMs = isOn ? this.#startOf(id, domain.pid, moving) : undefined;
    const record: GuestRecord = {
      kind: 'guest',
      id,
      connectionId: this.#connectionId,
      name: domain.name,
      virtualization: 'vm',
      nativeId: domain.uuid,
      nodeId,
      power,
      isTemplate: false,
      cpuCount: stats?.vcpuCount ?? 0,
      memoryBytes: stats?.memoryBytes ?? 0,
      diskBytes: stats?.diskBytes ?? 0,
      ...(startedAtMs === undefined ? {} : { startedAtMs }),
      tags: [],
    };
    if (stats === undefined || !isOn)
      return { record, load: { ...noLoad, diskUsedBytes: stats?.diskUsedBytes ?? null } };
    const rates = this.#rates.measure(id, { ...stats, atS: moving.host.counters.atS });
    const load = loadOf(rates, {
      cpuRatio: ratio(rates.cpus, stats.vcpuCount),
      memoryUsedBytes: stats.memoryUsedBytes,
      diskUsedBytes: stats.diskUsedBytes,
    });
    return { record, load };
  }

  #container(container: ContainerFacts, nodeId: EntityId, seldom: SeldomFacts, moving: MovingFacts) {
    const id = this.#id('guest', `lxc:${container.name}`);
    const power = powerOfContainer(container.state);
    const limits = seldom.containerLimits.get(container.name);
    const startedAtMs = container.pid === undefined ? undefined : this.#startOf(id, container.pid, moving);
    const record: GuestRecord = {
      kind: 'guest',
      id,
      connectionId: this.#connectionId,
      name: container.name,
      virtualization: 'container',
      nativeId: container.name,
      nodeId,
      power,
      isTemplate: false,
      cpuCount: limits?.cpuCount ?? 0,
      memoryBytes: limits?.memoryBytes ?? 0,
      diskBytes: 0,
      ...(startedAtMs === undefined ? {} : { startedAtMs }),
      tags: [],
    };
    if (container.pid === undefined) return { record, load: noLoad };
    const rates = this.#rates.measure(id, { ...container.counters, atS: moving.host.counters.atS });
    // Without a limit of its own a container may use all CPUs of the host.
    const cpus = record.cpuCount > 0 ? record.cpuCount : seldom.host.cpuCount;
    const load = loadOf(rates, {
      cpuRatio: ratio(rates.cpus, cpus),
      memoryUsedBytes: container.counters.memoryUsedBytes,
      diskUsedBytes: null,
    });
    return { record, load };
  }

  #storages(seldom: SeldomFacts, nodeId: EntityId) {
    const base = { kind: 'storage' as const, connectionId: this.#connectionId, nodeId };
    const made = seldom.pools.map((pool): { record: StorageRecord; load: EntityLoad } => ({
      record: {
        ...base,
        id: this.#id('storage', `libvirt:${pool.uuid}`),
        name: pool.name,
        storageType: pool.type,
        isShared: sharedPoolTypes.has(pool.type),
        contentKinds: [],
        availability: pool.isActive ? 'available' : 'unavailable',
        totalBytes: pool.capacityBytes,
      },
      load: { ...noLoad, diskUsedBytes: pool.isActive ? pool.allocationBytes : null },
    }));
    const { lxcDisk } = seldom;
    if (lxcDisk === undefined) return made;
    const record: StorageRecord = {
      ...base,
      id: this.#id('storage', lxcStorageId),
      name: lxcDisk.path,
      storageType: lxcDisk.fileSystem,
      isShared: false,
      contentKinds: ['rootdir'],
      availability: 'available',
      totalBytes: lxcDisk.totalBytes,
    };
    return [...made, { record, load: { ...noLoad, diskUsedBytes: lxcDisk.usedBytes } }];
  }

  #networks(seldom: SeldomFacts, nodeId: EntityId): readonly NetworkRecord[] {
    const base = { kind: 'network' as const, connectionId: this.#connectionId, nodeId };
    const owned = new Set(seldom.networks.map((network) => network.bridge));
    return [
      ...seldom.networks.map((network) => ({
        ...base,
        id: this.#id('network', `libvirt:${network.uuid}`),
        name: network.name,
        networkType: 'libvirt-network',
        isActive: network.isActive,
      })),
      ...seldom.bridges
        .filter((bridge) => !owned.has(bridge.name))
        .map((bridge) => ({
          ...base,
          id: this.#id('network', `bridge:${bridge.name}`),
          name: bridge.name,
          networkType: 'bridge',
          isActive: bridge.isUp,
        })),
    ];
  }

  #startOf(id: EntityId, pid: number | undefined, moving: MovingFacts): number | undefined {
    const sinceBootS = pid === undefined ? undefined : moving.processStarts.get(pid);
    if (sinceBootS === undefined) return undefined;
    return this.#stable(`${id}#${pid}#${sinceBootS}`, Math.round((moving.host.bootedAtS + sinceBootS) * 1000));
  }

  /** The kernel computes the boot time from the clock, so it moves by a second now and then. */
  #stable(key: string, valueMs: number): number {
    const known = this.#startedBeforeMs.get(key);
    const keptMs = known !== undefined && Math.abs(known - valueMs) < 5_000 ? known : valueMs;
    this.#startedAtMs.set(key, keptMs);
    return keptMs;
  }
}

/** Guests with many virtual CPUs may be measured a little above all of them. */
function ratio(cpus: number | null, count: number): number | null {
  return cpus === null || count <= 0 ? null : Math.min(1, cpus / count);
}

function loadOf(rates: Rates, figures: Pick<EntityLoad, 'cpuRatio' | 'memoryUsedBytes' | 'diskUsedBytes'>): EntityLoad {
  return {
    ...figures,
    netInBytesPerS: rates.netIn,
    netOutBytesPerS: rates.netOut,
    diskReadBytesPerS: rates.diskRead,
    diskWriteBytesPerS: rates.diskWrite,
  };
}
