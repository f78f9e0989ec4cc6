import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { startDemonstration, type Demonstration } from './demonstration.ts';
import { askNode, signInAs } from './testing/ask.ts';
import { startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';

let cluster: SimulatedCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

describe('a simulated cluster', () => {
  it('lists its realms without a sign-in and its guests with a token', async () => {
    cluster = await startSimulatedCluster({ guests: 30, seed: 7 });
    const [node] = cluster.nodes;
    const realms = await askNode(node!, 'GET', '/access/domains');
    expect(realms.data).toEqual(expect.arrayContaining([expect.objectContaining({ realm: 'pam', type: 'pam' })]));
    const [token] = cluster.tokens;
    const headers = { Authorization: `PVEAPIToken=${token!.tokenId}=${token!.secret}` };
    const resources = await askNode(node!, 'GET', '/cluster/resources', { headers });
    const rows = resources.data as { type: string }[];
    expect(rows.filter((row) => row.type === 'qemu' || row.type === 'lxc')).toHaveLength(30);
  });

  it('starts a guest in a task that ends with OK, and every node answers for it', async () => {
    cluster = await startSimulatedCluster({ guests: 12, speed: 50 });
    const [first, second] = cluster.nodes;
    const session = await signInAs(first!, 'root@pam', 'demonstration');
    cluster.control.edit((state) => {
      for (const guest of state.guests.values()) Object.assign(guest, { running: false, lock: undefined });
    });
    const guest = cluster.control.guest(100);
    const path = `/nodes/${guest.node}/${guest.kind}/100`;
    const started = await askNode(second!, 'POST', `${path}/status/start`, { headers: session });
    expect(started.data).toMatch(/^UPID:/);
    const upid = encodeURIComponent(String(started.data));
    await expect
      .poll(
        async () =>
          (await askNode(first!, 'GET', `/nodes/${guest.node}/tasks/${upid}/status`, { headers: session })).data,
      )
      .toMatchObject({ status: 'stopped', exitstatus: 'OK' });
    const current = await askNode(second!, 'GET', `${path}/status/current`, { headers: session });
    expect(current.data).toMatchObject({ status: 'running' });
  });

  it('sits behind one address with one certificate where there are no others', async () => {
    cluster = await startSimulatedCluster({ guests: 6, addresses: 'shared', speed: 100 });
    expect(cluster.nodes).toHaveLength(1);
    const [node] = cluster.nodes;
    const session = await signInAs(node!, 'root@pam', 'demonstration');
    const status = (await askNode(node!, 'GET', '/cluster/status', { headers: session })).data as { ip?: string }[];
    expect(status.flatMap((row) => row.ip ?? [])).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    const nodes = (await askNode(node!, 'GET', '/nodes', { headers: session })).data as { ssl_fingerprint: string }[];
    expect(new Set(nodes.map((row) => row.ssl_fingerprint))).toEqual(new Set([node!.fingerprint]));
    expect((await askNode(node!, 'GET', '/nodes/node-03/version', { headers: session })).status).toBe(200);
  });

  it('is the same for the same seed and another one for another', async () => {
    const namesAndSizes = async (seed: number): Promise<string> => {
      const made = await startSimulatedCluster({ guests: 40, seed });
      const rows = [...made.control.state.guests.values()].map(
        (guest) => `${guest.vmid} ${guest.name} ${guest.node} ${guest.hardwareAddress} ${guest.running}`,
      );
      await made.close();
      return rows.join();
    };
    expect(await namesAndSizes(5)).toBe(await namesAndSizes(5));
    expect(await namesAndSizes(6)).not.toBe(await namesAndSizes(5));
  });

  it('can have a guest with a name that breaks careless tools', async () => {
    cluster = await startSimulatedCluster({ guests: 6, strangeNames: true });
    const session = await signInAs(cluster.nodes[0]!, 'root@pam', 'demonstration');
    const answer = await askNode(cluster.nodes[0]!, 'GET', '/cluster/resources?type=vm', { headers: session });
    const names = (answer.data as { name: string }[]).map((row) => row.name);
    const strange = names.find((name) => name.length >= 200);
    expect(strange).toMatch(/["'<>&]/);
    expect(strange).toContain('🦆');
  });
});

describe('the demonstration', () => {
  let demonstration: Demonstration | undefined;
  afterEach(async () => {
    await demonstration?.close();
    demonstration = undefined;
  });

  it('is two clusters of two releases with eighty guests', async () => {
    demonstration = await startDemonstration();
    const shape = demonstration.clusters.map(({ name, version, nodes, control }) => ({
      name,
      version,
      nodes: nodes.length,
      guests: control.state.guests.size,
    }));
    expect(shape).toEqual([
      { name: 'north', version: '9.2.3', nodes: 3, guests: 60 },
      { name: 'south', version: '8.4.5', nodes: 2, guests: 20 },
    ]);
  });

  it('lives: in an hour there are backups, consoles and restarts, and no guest stays locked by them', async () => {
    const clock = createClock({ frozenAtMs: 1_800_000_000_000 });
    demonstration = await startDemonstration({ clock });
    const { state } = demonstration.clusters[0]!.control;
    const before = new Set(state.tasks.keys());
    clock.advance(3_600_000);
    const happened = [...state.tasks.values()].filter((task) => !before.has(task.upid));
    expect(new Set(happened.map((task) => task.type))).toEqual(new Set(['vzdump', 'vncproxy', 'qmreboot']));
    const running = new Set(happened.filter((task) => task.exitStatus === undefined).map((task) => task.id));
    const locked = [...state.guests.values()].filter((guest) => guest.lock === 'backup');
    expect(locked.filter((guest) => !running.has(String(guest.vmid)))).toEqual([]);
    clock.close();
  });

  it('grows to a hundred nodes and ten thousand guests, of which eight nodes listen', async () => {
    demonstration = await startDemonstration({ size: { clusters: 1, nodes: 100, guests: 10_000 } });
    const [large] = demonstration.clusters;
    expect(large?.nodes).toHaveLength(8);
    const [token] = large!.tokens;
    const headers = { Authorization: `PVEAPIToken=${token!.tokenId}=${token!.secret}` };
    const rows = (await askNode(large!.nodes[7]!, 'GET', '/cluster/resources', { headers })).data as { type: string }[];
    expect(rows.filter((row) => row.type === 'node')).toHaveLength(100);
    expect(rows.filter((row) => row.type === 'qemu' || row.type === 'lxc')).toHaveLength(10_000);
  });
});
