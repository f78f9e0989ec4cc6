import { afterEach, describe, expect, test } from 'vitest';
import { isAppError } from '../../contract/errors.ts';
import type { NodeRecord } from '../../contract/records/index.ts';
import type { DriverSession } from '../../core/ports/driver.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../demo/index.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { passwordRef, pveRig, type PveRig, type PveRigOptions } from '../../testing/pve-rig.ts';
import { realClock } from '../../testing/real-clock.ts';
import { EndpointPool } from './endpoints/endpoint-pool.ts';
import { createPveDriver } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const never = new AbortController().signal;

const startCluster = async (): Promise<SimulatedCluster> => {
  const cluster = await startSimulatedCluster({ nodes: 3, guests: 9, speed: 50, subnet: 51 });
  cleanups.push(() => cluster.close());
  return cluster;
};
const rigFor = (cluster: SimulatedCluster, count = 1, options: Partial<PveRigOptions> = {}): PveRig =>
  pveRig({
    endpoints: cluster.nodes.slice(0, count).map(({ host, port, fingerprint }) => ({ host, port, fingerprint })),
    secrets: { [passwordRef]: 'demonstration' },
    clock: realClock,
    ...options,
  });
const open = async (rig: PveRig): Promise<DriverSession> => {
  const session = await createPveDriver().open(rig.context, never);
  cleanups.push(() => session.close());
  return session;
};
const at = (cluster: SimulatedCluster, index: number): string =>
  `${cluster.nodes[index]!.host}:${cluster.nodes[index]!.port}`;

describe('the nodes of a cluster', () => {
  test('are learned with their pins after a sign-in over one of them', async () => {
    const cluster = await startCluster();
    const rig = rigFor(cluster);
    const session = await open(rig);
    expect(rig.learned).toEqual([]);
    await session.listInventory('full', never);
    expect(rig.learned).toHaveLength(1);
    expect(rig.learned[0]).toEqual(cluster.nodes.map(({ host, port, fingerprint }) => ({ host, port, fingerprint })));
    await session.listInventory('full', never);
    expect(rig.learned).toHaveLength(1);
  });

  test('take over for one that refuses connections, without a new sign-in', async () => {
    const cluster = await startCluster();
    const session = await open(rigFor(cluster));
    await session.listInventory('full', never);
    expect(session.facts.endpoint).toBe(at(cluster, 0));
    await cluster.control.refuseConnections(cluster.nodes[0]!.name);
    const listing = await session.listInventory('status', never);
    expect(listing.records.length).toBeGreaterThan(10);
    expect(session.facts.endpoint).toBe(at(cluster, 1));
    const signIns = cluster.control.requests.all.filter((one) => one.path.startsWith('/access/ticket'));
    expect(signIns).toHaveLength(1);
  });

  test('take over in the middle of a read that breaks off', async () => {
    const cluster = await startCluster();
    const session = await open(rigFor(cluster, 2));
    await session.listInventory('full', never);
    const dying = { node: cluster.nodes[0]!.name, path: '/cluster/resources' };
    for (const fault of [{ kind: 'drop' }, { kind: 'break-in-body' }] as const) {
      const repair = cluster.control.failures.add(dying, fault);
      expect((await session.listInventory('status', never)).records.length).toBeGreaterThan(10);
      expect(session.facts.endpoint).toBe(at(cluster, 1));
      repair();
    }
  });

  test('take over at sign-in, too', async () => {
    const cluster = await startCluster();
    await cluster.control.refuseConnections(cluster.nodes[0]!.name);
    const session = await open(rigFor(cluster, 2));
    expect(session.facts.endpoint).toBe(at(cluster, 1));
  });

  test('show the dead one as offline and its guests as unknown, and everything else goes on', async () => {
    const cluster = await startCluster();
    const session = await open(rigFor(cluster));
    await session.listInventory('full', never);
    const dead = cluster.nodes[1]!.name;
    await cluster.control.powerOff(dead);
    cluster.control.advance(30_000);
    const { records } = await session.listInventory('full', never);
    const node = records.find((one): one is NodeRecord => one.kind === 'node' && one.name === dead)!;
    expect(node.availability).toBe('offline');
    const powers = records.flatMap((one) => (one.kind === 'guest' && one.nodeId === node.id ? [one.power] : []));
    expect(new Set(powers)).toEqual(new Set(['unknown']));
    expect(records.some((one) => one.kind === 'guest' && one.power === 'running')).toBe(true);
  });

  test('all dead: the first reason is told', async () => {
    const cluster = await startCluster();
    const session = await open(rigFor(cluster, 3));
    for (const { name } of cluster.nodes) await cluster.control.refuseConnections(name);
    const error: unknown = await session.listInventory('status', never).catch((thrown: unknown) => thrown);
    expect(isAppError(error, 'connection.unreachable') && error.data).toEqual({
      endpoint: at(cluster, 0),
      cause: 'ECONNREFUSED',
    });
  });

  test('a changed certificate blocks, even when another node would answer', async () => {
    const cluster = await startCluster();
    const rig = rigFor(cluster, 3);
    const session = await open(rig);
    const before = cluster.nodes[0]!.fingerprint;
    const after = await cluster.control.replaceCertificate(cluster.nodes[0]!.name);
    cluster.control.breakConnections(cluster.nodes[0]!.name);
    const error: unknown = await session.listInventory('full', never).catch((thrown: unknown) => thrown);
    expect(isAppError(error, 'connection.identity-changed') && error.data).toEqual({
      endpoint: at(cluster, 0),
      expected: before,
      presented: after,
    });
    expect(rig.learned).toEqual([]);
  });
});

describe('the pool of endpoints', () => {
  const endpoint = (host: string, fingerprint?: string) => ({
    host,
    port: 8006,
    ...(fingerprint !== undefined && { fingerprint }),
  });
  const hosts = (pool: EndpointPool): readonly string[] => pool.candidates().map(({ host }) => host);

  test('asks the last good one first and leaves dead ones alone for a while', () => {
    const clock = new FakeClock();
    const pool = new EndpointPool([endpoint('a'), endpoint('b'), endpoint('c')], clock);
    pool.markGood(endpoint('b'));
    expect(hosts(pool)).toEqual(['b', 'a', 'c']);
    pool.markDead(endpoint('a'));
    expect(hosts(pool)).toEqual(['b', 'c']);
    clock.jump(5_001);
    expect(hosts(pool)).toEqual(['b', 'a', 'c']);
  });

  test('waits longer each time a node is still dead, and forgets it when it answers', () => {
    const clock = new FakeClock();
    const pool = new EndpointPool([endpoint('a'), endpoint('b')], clock);
    const pauses: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      pool.markDead(endpoint('a'));
      let waitedMs = 0;
      while (!hosts(pool).includes('a')) {
        clock.jump(1_000);
        waitedMs += 1_000;
      }
      pauses.push(waitedMs);
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1000));
    pool.markGood(endpoint('a'));
    pool.markDead(endpoint('a'));
    clock.jump(5_001);
    expect(hosts(pool)).toContain('a');
  });

  test('tries a few at a time, of the dead ones, too, when nobody is left', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const clock = new FakeClock();
    const endpoints = names.map((host) => endpoint(host));
    const pool = new EndpointPool(endpoints, clock);
    expect(hosts(pool)).toEqual(['a', 'b', 'c', 'd']);
    for (const host of names) {
      pool.markDead(endpoint(host));
      clock.jump(1);
    }
    expect(hosts(pool)).toEqual(['a', 'b', 'c', 'd']);
    pool.markDead(endpoint('a'));
    expect(hosts(pool)).toEqual(['b', 'c', 'd', 'e']);
  });

  test('never takes a node in twice, without a pin, or over an existing pin', () => {
    const pool = new EndpointPool([endpoint('pve1.example', 'AA'), endpoint('10.0.0.2', 'BB')], new FakeClock());
    const changed = pool.learn([
      { address: '10.0.0.1', fingerprint: 'AA' },
      { address: '10.0.0.2', fingerprint: 'CHANGED' },
      { address: '10.0.0.3', fingerprint: undefined },
      { address: '', fingerprint: 'DD' },
    ]);
    expect(changed).toBe(false);
    expect(pool.learn([{ address: '10.0.0.4', fingerprint: 'EE' }])).toBe(true);
    expect(pool.endpoints.map(({ host, fingerprint }) => [host, fingerprint])).toEqual([
      ['pve1.example', 'AA'],
      ['10.0.0.2', 'BB'],
      ['10.0.0.4', 'EE'],
    ]);
    pool.pin(endpoint('10.0.0.2'), 'OTHER');
    expect(pool.endpoints[1]!.fingerprint).toBe('BB');
  });
});
