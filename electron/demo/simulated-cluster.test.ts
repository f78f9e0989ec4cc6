import { afterEach, describe, expect, it } from 'vitest';
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
});
