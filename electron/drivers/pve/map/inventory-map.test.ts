import { describe, expect, test } from 'vitest';
import { parseConnectionId } from '../../../contract/ids.ts';
import {
  entityRecordSchema,
  fromLoadRow,
  type EntityRecord,
  type GuestRecord,
  type NodeRecord,
  type StorageRecord,
} from '../../../contract/records/index.ts';
import type { InventoryListing } from '../../../core/ports/driver.ts';
import type { PveResource } from '../parse/resources.ts';
import { splitTags } from './guest-slot.ts';
import { InventoryMap, type InventoryBackground } from './inventory-map.ts';

const lab = parseConnectionId('lab');
const startMs = 1_800_000_000_000;
const background = (change: Partial<InventoryBackground> = {}): InventoryBackground => ({
  clusterStatus: undefined,
  signInClusterName: '',
  haStates: new Map(),
  poolComments: new Map(),
  nodeVersions: new Map(),
  pausedGuests: new Set(),
  ...change,
});
const node = (name: string, change: Partial<PveResource> = {}): PveResource => ({
  type: 'node',
  id: `node/${name}`,
  node: name,
  status: 'online',
  uptime: 4000,
  cpu: 0.5,
  maxcpu: 8,
  mem: 100,
  maxmem: 1000,
  ...change,
});
const vm = (change: Partial<PveResource> = {}): PveResource => ({
  type: 'qemu',
  id: 'qemu/100',
  vmid: 100,
  node: 'pve1',
  name: 'web',
  status: 'running',
  template: 0,
  uptime: 100,
  cpu: 0.1,
  maxcpu: 2,
  mem: 50,
  maxmem: 200,
  disk: 0,
  maxdisk: 300,
  netin: 1000,
  netout: 2000,
  diskread: 3000,
  diskwrite: 4000,
  ...change,
});
const guestOf = (listing: InventoryListing): GuestRecord =>
  listing.records.find((record): record is GuestRecord => record.kind === 'guest')!;
const loadOf = (listing: InventoryListing) => fromLoadRow(listing.loads.find((row) => row[0].includes('/guest/'))!);
const only = (listing: InventoryListing, kind: EntityRecord['kind']): readonly EntityRecord[] =>
  listing.records.filter((record) => record.kind === kind);

describe('mapping a listing', () => {
  test('a guest keeps its id when it moves', () => {
    const map = new InventoryMap(lab);
    const before = guestOf(map.update([vm()], background(), startMs));
    const after = guestOf(map.update([vm({ node: 'pve2' })], background(), startMs + 5000));
    expect(before.id).toBe('lab/guest/qemu:100');
    expect({ ...after }).toEqual({ ...before, nodeId: 'lab/node/pve2' });
  });

  test('hands out the same objects while nothing changed', () => {
    const map = new InventoryMap(lab);
    const rows = [node('pve1'), vm(), { type: 'pool', id: '/pool/prod', pool: 'prod' }];
    const first = map.update(rows, background(), startMs);
    const second = map.update(structuredClone(rows), background(), startMs + 3000);
    expect(second.records.map((record, index) => record === first.records[index])).toEqual([true, true, true]);
  });

  test('hands out the same guest when only its load changed, and its new load', () => {
    const map = new InventoryMap(lab);
    const first = map.update([vm()], background(), startMs);
    const second = map.update([vm({ cpu: 0.9, uptime: 110 })], background(), startMs + 10_000);
    expect(guestOf(second)).toBe(guestOf(first));
    expect(loadOf(second).cpuRatio).toBe(0.9);
  });

  test.each([
    [{ status: 'stopped' }, { power: 'stopped' }],
    [
      { status: 'stopped', lock: 'suspended' },
      { power: 'suspended', lock: 'suspended' },
    ],
    [{ lock: 'backup' }, { power: 'running', lock: 'backup' }],
    [{ lock: 'something-new' }, { lock: 'other' }],
    [{ template: 1, status: 'stopped' }, { isTemplate: true }],
    [{ status: 'unknown' }, { power: 'unknown' }],
    [{ tags: 'prod;web, old  x' }, { tags: ['prod', 'web', 'old', 'x'] }],
    [{ pool: 'a/b' }, { poolId: 'lab/pool/a/b' }],
    [{ hastate: 'error' }, { haState: 'error' }],
    [{ name: '' }, { name: '100' }],
    [
      { maxcpu: 4, maxmem: 7, maxdisk: 9 },
      { cpuCount: 4, memoryBytes: 7, diskBytes: 9 },
    ],
  ] as const)('notices %j', (change, expected) => {
    const map = new InventoryMap(lab);
    map.update([vm()], background(), startMs);
    expect(guestOf(map.update([vm(change)], background(), startMs + 1))).toMatchObject(expected);
  });

  test('says paused only where the VM itself said so', () => {
    const map = new InventoryMap(lab);
    const paused = background({ pausedGuests: new Set(['qemu/100']) });
    expect(guestOf(map.update([vm()], paused, startMs)).power).toBe('paused');
    expect(guestOf(map.update([vm()], background(), startMs)).power).toBe('running');
  });

  test('does not believe the guests and storages of a dead node', () => {
    const map = new InventoryMap(lab);
    const listing = map.update(
      [
        node('pve1', { status: 'offline' }),
        vm(),
        { type: 'storage', id: 'storage/pve1/local', node: 'pve1', storage: 'local', status: 'available', disk: 5 },
      ],
      background(),
      startMs,
    );
    expect(guestOf(listing).power).toBe('unknown');
    expect((only(listing, 'storage')[0] as StorageRecord).availability).toBe('unknown');
    expect((only(listing, 'node')[0] as NodeRecord).availability).toBe('offline');
    for (const row of listing.loads) expect(row.slice(1).every((figure) => figure === null)).toBe(true);
  });

  test('says which right a reduced node row lacks', () => {
    const reduced = { type: 'node', id: 'node/pve1', node: 'pve1', status: 'online', level: '' };
    const listing = new InventoryMap(lab).update([reduced], background(), startMs);
    expect((only(listing, 'node')[0] as NodeRecord).notices).toEqual([
      { code: 'rights-reduced', detail: 'Sys.Audit on /nodes/pve1' },
    ]);
  });

  test('gives a zone the same id on 8.x and on 9.x', () => {
    const map = new InventoryMap(lab);
    const old = { type: 'sdn', id: 'sdn/pve1/localnetwork', node: 'pve1', sdn: 'localnetwork', status: 'ok' };
    const now = {
      type: 'network',
      id: 'network/pve1/zone/localnetwork',
      node: 'pve1',
      network: 'localnetwork',
      networkType: 'zone',
      status: 'ok',
    };
    const [before] = only(map.update([old], background(), startMs), 'network');
    const [after] = only(map.update([now], background(), startMs), 'network');
    expect(after).toBe(before);
    expect(before).toMatchObject({ id: 'lab/network/pve1/zone/localnetwork', isActive: true });
  });

  test('a cluster is there with its quorum, and a single node has none', () => {
    const clusterStatus = { cluster: { name: 'prod', isQuorate: false, nodeCount: 3 }, nodes: [] };
    const rows = [node('pve1'), node('pve2', { status: 'offline' })];
    const inCluster = new InventoryMap(lab).update(rows, background({ clusterStatus }), startMs);
    expect(only(inCluster, 'cluster')).toEqual([
      {
        kind: 'cluster',
        id: 'lab/cluster/prod',
        connectionId: lab,
        name: 'prod',
        isQuorate: false,
        nodeCount: 3,
        onlineNodeCount: 1,
      },
    ]);
    expect((only(inCluster, 'node')[0] as NodeRecord).clusterId).toBe('lab/cluster/prod');
    const single = new InventoryMap(lab).update(rows, background({ clusterStatus: { nodes: [] } }), startMs);
    expect(only(single, 'cluster')).toEqual([]);
  });

  test('leaves out what is gone and what it does not know', () => {
    const map = new InventoryMap(lab);
    map.update([vm(), { type: 'wormhole', id: 'wormhole/1' }], background(), startMs);
    const listing = map.update([], background(), startMs);
    expect(listing).toEqual({ records: [], loads: [] });
    expect(map.guestRow(map.guestId('qemu', '100'))).toBeUndefined();
  });

  test('carries any name as it is', () => {
    const name = `"O'Neil" <b>x</b> 🦆 ${'x'.repeat(230)}`;
    const record = guestOf(new InventoryMap(lab).update([vm({ name })], background(), startMs));
    expect(entityRecordSchema.parse(record)).toEqual(record);
    expect(record.name).toBe(name);
  });
});

describe('the start of a guest', () => {
  const starts = (uptimes: readonly (readonly [afterMs: number, uptimeS: number])[]): (number | undefined)[] => {
    const map = new InventoryMap(lab);
    return uptimes.map(
      ([afterMs, uptime]) => guestOf(map.update([vm({ uptime })], background(), startMs + afterMs)).startedAtMs,
    );
  };

  test('stands still although uptimes arrive up to ten seconds late', () => {
    const seen = starts([
      [0, 100],
      [3000, 100],
      [6000, 100],
      [9000, 108],
      [12_000, 108],
    ]);
    expect(new Set(seen)).toEqual(new Set([startMs - 100_000]));
  });

  test('moves when it is started again', () => {
    expect(
      starts([
        [0, 1000],
        [60_000, 5],
      ]),
    ).toEqual([startMs - 1_000_000, startMs + 55_000]);
  });

  test('is not known while it is stopped', () => {
    const map = new InventoryMap(lab);
    expect(guestOf(map.update([vm({ status: 'stopped', uptime: 0 })], background(), startMs))).not.toHaveProperty(
      'startedAtMs',
    );
  });
});

describe('rates', () => {
  const rates = (rows: readonly Partial<PveResource>[]): (number | null)[] => {
    const map = new InventoryMap(lab);
    return rows.map((row) => loadOf(map.update([vm(row)], background(), startMs)).netInBytesPerS);
  };

  test('need two samples and follow the clock of the sampler', () => {
    expect(
      rates([
        { uptime: 100, netin: 1000 },
        { uptime: 110, netin: 3000 },
      ]),
    ).toEqual([null, 200]);
  });

  test('stay while the sampler has nothing new', () => {
    expect(
      rates([
        { uptime: 100, netin: 1000 },
        { uptime: 110, netin: 3000 },
        { uptime: 110, netin: 3000 },
      ]),
    ).toEqual([null, 200, 200]);
  });

  test.each([
    ['a counter went back', { uptime: 110, netin: 5 }],
    ['it was started again', { uptime: 5, netin: 3000 }],
    ['it moved', { uptime: 110, netin: 3000, node: 'pve2' }],
    ['it was stopped', { status: 'stopped', uptime: 0, netin: 0 }],
    ['the figure is missing', { uptime: 110, netin: undefined }],
  ])('are not known when %s', (_why, row) => {
    expect(rates([{ uptime: 100, netin: 1000 }, row])).toEqual([null, null]);
  });

  test('never say that a VM uses no disk: PVE does not look inside', () => {
    const listing = new InventoryMap(lab).update([vm()], background(), startMs);
    expect(loadOf(listing).diskUsedBytes).toBeNull();
  });
});

test('tags are split on every separator that PVE accepts', () => {
  expect(splitTags('a;b, c  d,,e')).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(splitTags(undefined)).toEqual([]);
});
