import { afterEach, describe, expect, test } from 'vitest';
import { isAppError } from '../../../contract/errors.ts';
import { entityId, parseConnectionId, type EntityId } from '../../../contract/ids.ts';
import type { DriverSession } from '../../../core/ports/driver.ts';
import { FakeClock } from '../../../testing/fake-clock.ts';
import { pveRig } from '../../../testing/pve-rig.ts';
import { SmallPve } from '../../../testing/small-pve.ts';
import { createPveDriver } from '../index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const never = new AbortController().signal;
const lab = parseConnectionId('lab');
const guest = entityId(lab, 'guest', 'qemu:100');
const path = '/nodes/pve1/qemu/100';

const openOn = async (): Promise<{ pve: SmallPve; session: DriverSession; clock: FakeClock }> => {
  const pve = await new SmallPve().start();
  cleanups.push(() => pve.stop());
  pve.on('GET /cluster/resources', () => ({
    data: [
      { type: 'qemu', id: 'qemu/100', vmid: 100, node: 'pve1', status: 'running', cpu: 0.1, uptime: 5 },
      { type: 'lxc', id: 'lxc/200', vmid: 200, node: 'pve1', status: 'running', cpu: 0.1, uptime: 5 },
    ],
  }));
  pve.on(`GET ${path}/status/current`, () => ({
    data: { status: 'running', qmpstatus: 'running', pid: 7, 'running-qemu': '10.0.13', ha: { managed: 0 } },
  }));
  pve.on(`GET ${path}/pending`, () => ({
    data: [
      { key: 'digest', value: 'abc' },
      { key: 'memory', value: '384', pending: '512' },
      { key: 'scsi0', value: 'local:100/vm-100-disk-0.qcow2,size=2G' },
      { key: 'ide2', value: 'local:iso/debian.iso,media=cdrom' },
      { key: 'net0', value: 'virtio=BC:24:11:A2:CC:A9,bridge=vmbr0' },
      { key: 'ipconfig0', value: 'ip=10.0.0.5/24,gw=10.0.0.1' },
      { key: 'cipassword', value: 'hunter2' },
      { key: 'sshkeys', value: 'ssh-ed25519%20AAAA%20me' },
      { key: 'description', value: 'Büro <b>' },
      { key: 'agent', value: 'enabled=1,fstrim_cloned_disks=1' },
      { key: 'serial0', delete: 1, value: 'socket' },
      { key: 'cores', value: 2 },
      { key: 'smbios1', value: 'uuid=4fd4ae9c-8047-426a-8fc6-ca4b038faf4b' },
    ],
  }));
  pve.on(`GET ${path}/snapshot`, () => ({ data: [{ name: 'current' }, { name: 'before' }] }));
  pve.on(`GET ${path}/agent/network-get-interfaces`, () => ({
    data: {
      result: [
        { name: 'lo', 'ip-addresses': [{ 'ip-address': '127.0.0.1', prefix: 8 }] },
        {
          name: 'eth0',
          'hardware-address': 'bc:24:11:a2:cc:a9',
          'ip-addresses': [{ 'ip-address': '10.0.0.5', prefix: 24, 'ip-address-type': 'ipv4' }],
        },
        { name: 'wg0', 'hardware-address': '00:00:00:00:00:00' },
      ],
    },
  }));
  const clock = new FakeClock();
  const endpoints = [{ host: '127.0.0.1', port: pve.port, fingerprint: pve.identity.fingerprint }];
  const session = await createPveDriver().open(pveRig({ endpoints, clock }).context, never);
  cleanups.push(() => session.close());
  await session.listInventory('full', never);
  return { pve, session, clock };
};

describe('the details of a guest', () => {
  test('are told in neutral words, secrets masked, nothing executed', async () => {
    const { session } = await openOn();
    const details = await session.details.read(guest, never);
    expect(details.facts.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'vmid=100',
      'uuid=4fd4ae9c-8047-426a-8fc6-ca4b038faf4b',
      'qemu-version=10.0.13',
      'process-id=7',
      'snapshot-count=1',
    ]);
    expect(details.description).toBe('Büro <b>');
    expect(details.hardware.map(({ slot, hardwareType }) => `${slot}:${hardwareType}`).toSorted()).toEqual([
      'agent:agent',
      'cores:cpu',
      'ide2:cdrom',
      'memory:memory',
      'net0:nic',
      'scsi0:disk',
      'serial0:serial',
    ]);
    expect(details.configuration).toContainEqual({ key: 'memory', value: '384', pending: '512' });
    expect(details.configuration).toContainEqual({ key: 'serial0', value: 'socket', pending: '' });
    expect(details.configuration).toContainEqual({ key: 'sshkeys', value: 'ssh-ed25519 AAAA me' });
    expect(JSON.stringify(details)).not.toContain('hunter2');
    expect(details.addresses).toEqual([
      { interfaceName: 'eth0', mac: 'BC:24:11:A2:CC:A9', address: '10.0.0.5/24', source: 'agent' },
    ]);
    expect(details.addressesNote).toBeUndefined();
  });

  test('come without what may not be read', async () => {
    const { pve, session } = await openOn();
    for (const part of ['pending', 'snapshot']) {
      pve.on(`GET ${path}/${part}`, () => ({ status: 403, reason: 'Permission check failed (/vms/100, VM.Audit)' }));
    }
    const details = await session.details.read(guest, never);
    expect(details.configuration).toEqual([]);
    expect(details.facts.map(({ key }) => key)).toEqual(['vmid', 'qemu-version', 'process-id']);
  });

  test('do not wait for a dead agent, and say its words when they come', async () => {
    const { pve, session, clock } = await openOn();
    pve.on(`GET ${path}/agent/network-get-interfaces`, () => ({ hang: true }));
    const reading = session.details.read(guest, never);
    while (pve.count(`GET ${path}/agent/network-get-interfaces`) === 0) await clock.settle();
    await clock.advance(1_500);
    const first = await reading;
    expect(first.addressesNote).toEqual({ code: 'asking', detail: '' });
    expect(first.addresses).toEqual([
      { interfaceName: 'net0', mac: '', address: '10.0.0.5/24', source: 'configuration' },
    ]);
  });

  test('ask the agent again only after a while', async () => {
    const { pve, session, clock } = await openOn();
    const call = `GET ${path}/agent/network-get-interfaces`;
    pve.on(call, () => ({ status: 500, reason: 'QEMU guest agent is not running' }));
    for (let round = 0; round < 3; round += 1) {
      expect((await session.details.read(guest, never)).addressesNote).toEqual({
        code: 'agent-failed',
        detail: 'QEMU guest agent is not running',
      });
    }
    expect(pve.count(call)).toBe(1);
    clock.jump(30_000);
    await session.details.read(guest, never);
    expect(pve.count(call)).toBe(2);
  });

  test('say why there are no addresses', async () => {
    const { pve, session } = await openOn();
    pve.on(`GET ${path}/pending`, () => ({ data: [{ key: 'agent', value: '0' }] }));
    expect((await session.details.read(guest, never)).addressesNote?.code).toBe('agent-not-configured');
    pve.on(`GET ${path}/status/current`, () => ({ data: { status: 'stopped' } }));
    expect((await session.details.read(guest, never)).addressesNote?.code).toBe('not-running');
  });

  test('of a guest that is gone are not found', async () => {
    const { pve, session } = await openOn();
    const gone = "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist";
    pve.on(`GET ${path}/status/current`, () => ({ status: 500, reason: gone }));
    const error: unknown = await session.details.read(guest, never).catch((thrown: unknown) => thrown);
    expect(isAppError(error, 'entity.not-found') && error.data.entityId).toBe(guest);
  });

  test('of a container show the addresses that the host sees, in the form of each version', async () => {
    const { pve, session } = await openOn();
    const container = entityId(lab, 'guest', 'lxc:200');
    pve.on('GET /nodes/pve1/lxc/200/status/current', () => ({ data: { status: 'running' } }));
    pve.on('GET /nodes/pve1/lxc/200/pending', () => ({ data: [] }));
    pve.on('GET /nodes/pve1/lxc/200/snapshot', () => ({ data: [] }));
    pve.on('GET /nodes/pve1/lxc/200/interfaces', () => ({
      data: [{ name: 'eth0', hwaddr: 'bc:24:11:30:a7:67', inet: '10.77.0.50/24', inet6: 'fe80::1/64' }],
    }));
    const { addresses } = await session.details.read(container, never);
    expect(addresses.map(({ address, source }) => `${address} ${source}`)).toEqual([
      '10.77.0.50/24 host',
      'fe80::1/64 host',
    ]);
  });
});

describe('history', () => {
  test('is asked for the window, sorted, and keeps its gaps', async () => {
    const { pve, session } = await openOn();
    pve.on(`GET ${path}/rrddata`, () => ({
      data: [{ time: 120, cpu: 0.5, mem: 10, maxmem: 20, netin: 1, disk: 0 }, { time: 60 }],
    }));
    const history = await session.details.history(guest, 'week', never);
    expect(pve.seen.at(-1)?.query.get('timeframe')).toBe('week');
    expect(history).toMatchObject({
      timesMs: [60_000, 120_000],
      cpuRatio: [null, 0.5],
      memoryUsedBytes: [null, 10],
      memoryTotalBytes: [null, 20],
      netInBytesPerS: [null, 1],
      netOutBytesPerS: [null, null],
    });
  });

  test.each<[EntityId, string]>([
    [entityId(lab, 'node', 'pve1'), '/nodes/pve1/rrddata'],
    [entityId(lab, 'storage', 'pve1/local'), '/nodes/pve1/storage/local/rrddata'],
    [entityId(lab, 'guest', 'lxc:200'), '/nodes/pve1/lxc/200/rrddata'],
  ])('of %s', async (id, expected) => {
    const { pve, session } = await openOn();
    pve.on(`GET ${expected}`, () => ({ data: [{ time: 60, memused: 3, used: 4 }] }));
    const history = await session.details.history(id, 'hour', never);
    expect([history.memoryUsedBytes, history.diskUsedBytes]).toEqual([[3], [4]]);
  });
});

test('nodes and storages have details, pools have none', async () => {
  const { pve, session } = await openOn();
  pve.on('GET /nodes/pve1/status', () => ({
    data: { pveversion: 'pve-manager/9.1.9/f4', cpuinfo: { model: 'EPYC', cpus: 4 }, swap: { total: 0, used: 0 } },
  }));
  pve.on('GET /nodes/pve1/subscription', () => ({
    status: 403,
    reason: 'Permission check failed (/nodes/pve1, Sys.Audit)',
  }));
  pve.on('GET /nodes/pve1/storage/local/status', () => ({
    data: { type: 'dir', content: 'iso,images', total: 2 ** 31, avail: 2 ** 30 },
  }));
  const facts = async (id: EntityId): Promise<readonly string[]> =>
    (await session.details.read(id, never)).facts.map(({ key, value }) => `${key}=${value}`);
  expect(await facts(entityId(lab, 'node', 'pve1'))).toEqual([
    'system-version=pve-manager/9.1.9/f4',
    'cpu-model=EPYC',
    'threads=4',
  ]);
  expect(await facts(entityId(lab, 'storage', 'pve1/local'))).toEqual([
    'storage-type=dir',
    'content=images, iso',
    'capacity=2 GiB',
    'free=1 GiB',
  ]);
  expect(await facts(entityId(lab, 'pool', 'prod'))).toEqual([]);
});
