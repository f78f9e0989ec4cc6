import { connectionEntityId, entityId, parseConnectionId, type EntityId } from '../contract/ids.ts';
import type {
  ConnectionRecord,
  EntityRecord,
  FreshnessState,
  GuestPower,
  GuestRecord,
  LoadRow,
  NodeRecord,
} from '../contract/records/index.ts';

/** How large a generated estate is, and what is wrong in it. */
export interface EstateOptions {
  readonly guestCount: number;
  /** The same seed gives the same estate. */
  readonly seed?: number;
  /** Adds connections that are stale, offline, blocked and switched off. */
  readonly withTroubles?: boolean;
  readonly nowMs?: number;
}

export interface Estate {
  readonly records: readonly EntityRecord[];
  readonly loads: readonly LoadRow[];
}

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const roles = ['web', 'db', 'mail', 'cache', 'build', 'git', 'dns', 'proxy', 'backup', 'monitor', 'queue', 'files'];
const tagPool = ['web', 'prod', 'test', 'linux', 'windows', 'critical', 'customer-a', 'customer-b', 'legacy'];
const gib = 1024 ** 3;
const hourMs = 3_600_000;

interface SiteOptions {
  readonly id: string;
  readonly name: string;
  readonly kind: ConnectionRecord['connectionKind'];
  readonly group: string;
  readonly nodeCount: number;
  readonly guestCount: number;
  readonly state: FreshnessState;
}

class EstateBuilder {
  readonly records: EntityRecord[] = [];
  readonly loads: LoadRow[] = [];
  #nextVmid = 100;

  constructor(
    private readonly random: () => number,
    private readonly nowMs: number,
  ) {}

  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  site(options: SiteOptions): void {
    const connectionId = parseConnectionId(options.id);
    const isPve = options.kind === 'pve';
    this.records.push(this.#connection(options));
    const clusterId = entityId(connectionId, 'cluster', options.id);
    if (isPve && options.nodeCount > 1) {
      const { nodeCount } = options;
      this.records.push({
        kind: 'cluster',
        id: clusterId,
        connectionId,
        name: options.name.toLowerCase().replaceAll(' ', '-'),
        isQuorate: true,
        nodeCount,
        onlineNodeCount: nodeCount,
      });
    }
    const pools = isPve ? ['production', 'production/web', 'lab'] : [];
    for (const name of pools) {
      this.records.push({ kind: 'pool', id: entityId(connectionId, 'pool', name), connectionId, name, comment: '' });
    }
    const nodes: EntityId[] = [];
    for (let index = 1; index <= options.nodeCount; index++) {
      nodes.push(this.#node(options, index, isPve && options.nodeCount > 1 ? clusterId : undefined));
    }
    for (let index = 0; index < options.guestCount; index++) {
      const nodeId = nodes[index % nodes.length]!;
      const poolName = isPve && this.random() < 0.6 ? this.pick(pools) : undefined;
      this.#guest(options, nodeId, poolName === undefined ? undefined : entityId(connectionId, 'pool', poolName));
    }
  }

  #connection(options: SiteOptions): ConnectionRecord {
    const connectionId = parseConnectionId(options.id);
    const { state } = options;
    const endpoint = options.kind === 'local' ? '' : `${options.id}.example.net:${options.kind === 'pve' ? 8006 : 22}`;
    const record: ConnectionRecord = {
      kind: 'connection',
      id: connectionEntityId(connectionId),
      connectionId,
      name: options.name,
      connectionKind: options.kind,
      group: options.group,
      endpoint,
      state,
      sinceMs: this.nowMs - (state === 'live' ? 5 * hourMs : 2 * hourMs),
      systemVersion: options.kind === 'pve' ? 'Proxmox VE 9.2.3' : 'Debian 13.2',
      account: options.kind === 'pve' ? 'root@pam!desk' : 'root',
      isDemonstration: false,
      missingRights: [],
    };
    const lastGoodAtMs = this.nowMs - (state === 'live' ? 2000 : 2 * hourMs);
    if (state === 'offline' || state === 'stale') {
      const error = {
        code: 'connection.unreachable' as const,
        message: 'connect ECONNREFUSED',
        data: { endpoint, cause: 'ECONNREFUSED' },
      };
      return { ...record, lastGoodAtMs, nextTryAtMs: this.nowMs + 30_000, error };
    }
    if (state === 'blocked') {
      const presented =
        '9F:2A:00:41:7C:55:0B:1E:77:A0:3D:42:9A:10:EE:8C:52:61:0D:3B:AB:7F:90:11:5E:20:C4:D8:66:08:93:FA';
      const data = { endpoint, expected: presented.replace('9F', '14').replace('FA', '02'), presented };
      return {
        ...record,
        lastGoodAtMs,
        error: { code: 'connection.identity-changed', message: 'certificate changed', data },
      };
    }
    return state === 'connecting' ? record : { ...record, lastGoodAtMs };
  }

  #node(options: SiteOptions, index: number, clusterId: EntityId | undefined): EntityId {
    const connectionId = parseConnectionId(options.id);
    const name = options.kind === 'pve' ? `${options.id}-pve${index}` : options.id;
    const id = entityId(connectionId, 'node', name);
    const memoryBytes = this.pick([64, 128, 256]) * gib;
    const node: NodeRecord = {
      kind: 'node',
      id,
      connectionId,
      name,
      availability: 'online',
      cpuCount: this.pick([16, 32, 64]),
      memoryBytes,
      startedAtMs: this.nowMs - Math.floor(this.random() * 90 * 24) * hourMs,
      systemVersion: options.kind === 'pve' ? 'pve-manager 9.2.3' : 'Debian 13.2',
      notices: options.kind === 'debian' ? [{ code: 'lxc-missing', detail: 'apt install lxc' }] : [],
    };
    this.records.push(clusterId === undefined ? node : { ...node, clusterId });
    this.loads.push([id, this.random() * 0.8, memoryBytes * (0.2 + this.random() * 0.7), 20 * gib, 1e6, 2e6, 3e6, 1e6]);
    for (const [storage, storageType, size] of [
      ['local', 'dir', 200],
      ['local-lvm', 'lvmthin', 1800],
      ['ceph', 'rbd', 40_000],
    ] as const) {
      const storageId = entityId(connectionId, 'storage', `${name}/${storage}`);
      this.records.push({
        kind: 'storage',
        id: storageId,
        connectionId,
        name: storage,
        nodeId: id,
        storageType,
        isShared: storage === 'ceph',
        contentKinds: storage === 'local' ? ['iso', 'vztmpl', 'backup'] : ['images', 'rootdir'],
        availability: 'available',
        totalBytes: size * gib,
      });
      this.loads.push([storageId, null, null, size * gib * this.random(), null, null, null, null]);
    }
    this.records.push({
      kind: 'network',
      id: entityId(connectionId, 'network', `${name}/vmbr0`),
      connectionId,
      name: 'vmbr0',
      nodeId: id,
      networkType: 'bridge',
      isActive: true,
    });
    return id;
  }

  #guest(options: SiteOptions, nodeId: EntityId, poolId: EntityId | undefined): void {
    const connectionId = parseConnectionId(options.id);
    const number = this.#nextVmid++;
    const virtualization = this.random() < 0.65 ? 'vm' : 'container';
    const isTemplate = this.random() < 0.02;
    const power = isTemplate ? 'stopped' : this.#power();
    const memoryBytes = this.pick([0.5, 1, 2, 4, 8, 16, 32]) * gib;
    const id = entityId(connectionId, 'guest', `${virtualization === 'vm' ? 'qemu' : 'lxc'}:${number}`);
    const guest: GuestRecord = {
      kind: 'guest',
      id,
      connectionId,
      name: `${this.pick(roles)}-${String(number - 99).padStart(2, '0')}`,
      virtualization,
      nativeId: String(number),
      nodeId,
      power,
      isTemplate,
      cpuCount: this.pick([1, 2, 4, 8]),
      memoryBytes,
      diskBytes: this.pick([8, 16, 32, 64, 250]) * gib,
      tags: tagPool.filter(() => this.random() < 0.18),
      ...(power === 'running' ? { startedAtMs: this.nowMs - Math.floor(this.random() * 60 * 24 * 60) * 60_000 } : {}),
      ...(poolId === undefined ? {} : { poolId }),
      ...(this.random() < 0.02 ? { lock: this.pick(['backup', 'migrate', 'snapshot'] as const) } : {}),
      ...(this.random() < 0.05 ? { haState: 'started' } : {}),
    };
    this.records.push(guest);
    this.loads.push(guestLoad(guest, this.random));
  }

  #power(): GuestPower {
    const dice = this.random();
    if (dice < 0.78) return 'running';
    if (dice < 0.95) return 'stopped';
    if (dice < 0.97) return 'paused';
    return dice < 0.99 ? 'suspended' : 'unknown';
  }
}

/** A load as a host would tell it: nothing for what does not run. */
export function guestLoad(guest: GuestRecord, random: () => number): LoadRow {
  if (guest.power !== 'running') return [guest.id, null, null, null, null, null, null, null];
  return [
    guest.id,
    random() ** 3,
    guest.memoryBytes * (0.15 + random() * 0.8),
    guest.virtualization === 'container' ? guest.diskBytes * random() : null,
    random() ** 4 * 4e7,
    random() ** 4 * 2e7,
    random() ** 4 * 8e7,
    random() ** 4 * 5e7,
  ];
}

/** Generates clusters, hosts, guests, storages, pools and tags; the same options give the same estate. */
export function generateEstate(options: EstateOptions): Estate {
  const random = seededRandom(options.seed ?? 7);
  const builder = new EstateBuilder(random, options.nowMs ?? Date.now());
  const total = options.guestCount;
  if (total > 0) {
    const northNodes = Math.max(1, Math.min(60, Math.round(total / 100 + 2)));
    const north = Math.ceil(total * 0.6);
    const south = Math.floor(total * 0.3);
    const pve = { kind: 'pve', state: 'live' } as const;
    builder.site({
      ...pve,
      id: 'north',
      name: 'Site North',
      group: 'Production',
      nodeCount: northNodes,
      guestCount: north,
    });
    builder.site({
      ...pve,
      id: 'south',
      name: 'Site South',
      group: 'Production',
      nodeCount: Math.max(1, Math.round(northNodes / 2)),
      guestCount: south,
    });
    const rest = { id: 'dorm', name: 'dorm (SSH)', kind: 'debian', group: '', nodeCount: 1, state: 'live' } as const;
    builder.site({ ...rest, guestCount: total - north - south });
  }
  if (options.withTroubles === true) {
    const trouble = { kind: 'debian', group: 'Lab', nodeCount: 1, guestCount: 3 } as const;
    builder.site({ ...trouble, id: 'attic', name: 'attic', state: 'offline' });
    builder.site({ ...trouble, id: 'cellar', name: 'cellar', state: 'stale' });
    builder.site({ ...trouble, id: 'vault', name: 'vault', kind: 'pve', state: 'blocked' });
    builder.site({ ...trouble, id: 'shed', name: 'shed', state: 'disabled' });
    builder.site({ ...trouble, id: 'barn', name: 'barn', state: 'connecting', guestCount: 0, nodeCount: 0 });
  }
  return { records: builder.records, loads: builder.loads };
}
