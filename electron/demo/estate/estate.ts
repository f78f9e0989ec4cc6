import { createRandom, type Random } from '../random.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimNode } from '../state/node.ts';
import type { SimStorage } from '../state/storage.ts';
import { addGuests } from './guests.ts';
import { addHistory } from './history.ts';
import { addPeople } from './people.ts';

const gib = 1024 ** 3;
const tib = 1024 * gib;
const dayMs = 86_400_000;

/** What a cluster should look like. */
export interface EstatePlan {
  readonly nodeNames: readonly string[];
  /** Address of each node. */
  readonly hosts: readonly string[];
  readonly guests: number;
  /** `shared` has a Ceph pool and a NAS, `local` only what is in the hosts and one NFS share. */
  readonly storage: 'shared' | 'local';
}

/** Builds the estate of a cluster: the same for the same seed, apart from times, which count back from now. */
export function buildEstate(state: ClusterState, plan: EstatePlan): void {
  const random = createRandom(state.seed);
  addNodes(state, plan, random);
  for (const storage of plan.storage === 'shared' ? sharedStorages(plan) : localStorages(plan)) {
    state.storages.set(storage.id, storage);
  }
  addPools(state);
  addPeople(state);
  addGuests(state, plan.guests, random);
  addCharacter(state, random);
  addHistory(state, random);
  state.zones.push({
    zone: 'lan',
    type: 'vlan',
    vnets: [
      { vnet: 'servers', tag: 110, alias: 'Servers' },
      { vnet: 'clients', tag: 120, alias: 'Office clients' },
    ],
  });
  state.options.set('console', 'html5');
  state.options.set('tag-colors', 'production:b3261e;staging:8a6d00;development:2e7d32');
}

function addNodes(state: ClusterState, plan: EstatePlan, random: Random): void {
  const now = state.clock.now();
  for (const [index, name] of plan.nodeNames.entries()) {
    const host = plan.hosts[index] ?? '127.0.0.1';
    const big = plan.storage === 'shared';
    const node: SimNode = {
      name,
      nodeId: index + 1,
      host,
      port: 0,
      fingerprint: '',
      power: 'on',
      online: true,
      bootedAtMs: now - random.between(100, 150) * dayMs - random.between(0, dayMs),
      cpus: big ? 64 : 32,
      cpuModel: big ? 'AMD EPYC 9354P 32-Core Processor' : 'AMD EPYC 7302P 16-Core Processor',
      memoryBytes: (big ? 384 : 192) * gib - 512 * 1024 ** 2,
      rootDiskBytes: 94 * gib,
      rootDiskUsedBytes: Math.floor((14 + random.next() * 30) * gib),
      bridges: interfaces(index),
      nextPid: random.between(10_000, 800_000),
    };
    state.nodes.set(name, node);
  }
}

function interfaces(index: number): SimNode['bridges'] {
  return [
    { iface: 'eno1', type: 'eth' },
    { iface: 'eno2', type: 'eth' },
    {
      iface: 'vmbr0',
      type: 'bridge',
      address: `10.20.0.${11 + index}/24`,
      gateway: '10.20.0.1',
      bridgePorts: 'eno1',
      vlanAware: true,
      comment: 'Servers',
    },
    { iface: 'vmbr1', type: 'bridge', bridgePorts: 'eno2', comment: 'Edge' },
  ];
}

function storage(definition: Omit<SimStorage, 'enabled' | 'brokenOn'>): SimStorage {
  return { ...definition, totalBytes: Math.floor(definition.totalBytes), enabled: true, brokenOn: new Set() };
}

function sharedStorages(plan: EstatePlan): SimStorage[] {
  const ceph = plan.nodeNames.length * 12 * tib;
  return [
    storage({
      id: 'local',
      type: 'dir',
      shared: false,
      content: ['iso', 'vztmpl', 'backup', 'snippets'],
      totalBytes: 94 * gib,
      usedShare: 0.31,
      path: '/var/lib/vz',
    }),
    storage({
      id: 'local-zfs',
      type: 'zfspool',
      shared: false,
      content: ['images', 'rootdir'],
      totalBytes: 3.4 * tib,
      usedShare: 0.42,
    }),
    storage({
      id: 'ceph-vm',
      type: 'rbd',
      shared: true,
      content: ['images', 'rootdir'],
      totalBytes: ceph,
      usedShare: 0.57,
    }),
    storage({
      id: 'nas-backup',
      type: 'nfs',
      shared: true,
      content: ['backup', 'iso'],
      totalBytes: 40 * tib,
      usedShare: 0.83,
      path: '/mnt/pve/nas-backup',
    }),
  ];
}

function localStorages(plan: EstatePlan): SimStorage[] {
  const [first = ''] = plan.nodeNames;
  return [
    storage({
      id: 'local',
      type: 'dir',
      shared: false,
      content: ['iso', 'vztmpl', 'backup', 'snippets'],
      totalBytes: 94 * gib,
      usedShare: 0.4,
      path: '/var/lib/vz',
    }),
    storage({
      id: 'local-lvm',
      type: 'lvmthin',
      shared: false,
      content: ['images', 'rootdir'],
      totalBytes: 1.7 * tib,
      usedShare: 0.51,
    }),
    storage({
      id: 'nfs-south',
      type: 'nfs',
      shared: true,
      content: ['images', 'backup', 'iso'],
      totalBytes: 16 * tib,
      usedShare: 0.66,
      path: '/mnt/pve/nfs-south',
    }),
    storage({
      id: 'scratch',
      type: 'dir',
      shared: false,
      content: ['images'],
      nodes: [first],
      totalBytes: 0.9 * tib,
      usedShare: 0.12,
      path: '/mnt/scratch',
    }),
  ];
}

function addPools(state: ClusterState): void {
  const pools: readonly (readonly [string, string, readonly string[]])[] = [
    ['production', 'What the company lives on', []],
    ['production/web', 'Web front ends', []],
    ['production/data', 'Databases and caches', []],
    ['infrastructure', 'Names, mail, directories', []],
    ['development', 'Build machines and staging', []],
    ['office', 'Desktops and files', []],
  ];
  for (const [id, comment, storages] of pools) state.pools.set(id, { id, comment, storages: [...storages] });
}

/** What makes an estate look lived in: snapshots, a backup under way, something paused, high availability. */
function addCharacter(state: ClusterState, random: Random): void {
  const guests = [...state.guests.values()].filter((guest) => !guest.template);
  const running = guests.filter((guest) => guest.running && guest.kind === 'qemu');
  for (const guest of running.filter((candidate) => candidate.name.startsWith('db'))) {
    state.highAvailability.set(guest.vmid, { request: 'started', maxRestart: 1, maxRelocate: 1, comment: 'database' });
  }
  const paused = running.find((guest) => guest.name.startsWith('test-vm'));
  if (paused) paused.paused = true;
  const hibernated = guests.find((guest) => !guest.running && guest.kind === 'qemu');
  if (hibernated) hibernated.lock = 'suspended';
  const takenAt = Math.floor(state.clock.now() / 1000) - 3 * 86_400;
  for (const guest of running.filter((candidate) => candidate.tags.includes('production')).slice(0, 6)) {
    guest.snapshots.push({
      name: 'before-upgrade',
      description: 'before the upgrade',
      takenAt,
      withMemory: random.next() > 0.5,
    });
  }
}
