import { afterEach, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster, type SimulatedClusterOptions } from '../simulated-cluster.ts';
import type { ClusterControl } from '../cluster-control.ts';
import type { Endpoint } from '../cluster-network.ts';
import { askNode, signInAs, type WireAnswer } from '../testing/ask.ts';
import { sendRaw } from '../testing/raw.ts';

let cluster: SimulatedCluster;
let control: ClusterControl;
let node: Endpoint;
let session: Record<string, string>;
afterEach(() => cluster.close());

async function start(options: SimulatedClusterOptions = {}): Promise<void> {
  cluster = await startSimulatedCluster({ guests: 20, speed: 100, ...options });
  control = cluster.control;
  [node] = cluster.nodes as [Endpoint];
  session = await signInAs(node, 'root@pam', 'demonstration');
}

function ask(path: string, method = 'GET'): Promise<WireAnswer> {
  return askNode(node, method, path, { headers: session });
}

describe('scripted faults of answers', () => {
  it('breaks the connection in the middle of a body', async () => {
    await start();
    control.failures.add({ path: '/cluster/resources' }, { kind: 'break-in-body' }, 1);
    await expect(ask('/cluster/resources')).rejects.toThrow(/aborted|hang up|reset/);
    expect((await ask('/cluster/resources')).status).toBe(200);
  });

  it('cuts JSON short, replaces bodies and statuses, and counts how often', async () => {
    await start();
    control.failures.add({ path: /resources$/ }, { kind: 'truncated-json' }, 1);
    const cut = await ask('/cluster/resources');
    expect(cut.status).toBe(200);
    expect(() => JSON.parse(cut.text) as unknown).toThrow(SyntaxError);
    control.failures.add({ method: 'GET' }, { kind: 'body', text: '{"data":[[[42,null]]]}' }, 1);
    expect((await ask('/cluster/resources')).data).toEqual([[[42, null]]]);
    const stop = control.failures.add({}, { kind: 'status', status: 599, reason: 'Too many redirections' });
    expect(await ask('/version')).toMatchObject({ status: 599, reason: 'Too many redirections' });
    stop();
    expect((await ask('/version')).status).toBe(200);
  });

  it('stays silent on request', async () => {
    await start();
    control.failures.add({ path: '/version' }, { kind: 'silence' });
    let isAnswered = false;
    void ask('/version').then(
      () => (isAnswered = true),
      () => undefined,
    );
    await ask('/nodes');
    await ask('/cluster/resources');
    expect(isAnswered).toBe(false);
  });

  it('counts what was asked', async () => {
    await start();
    control.requests.clear();
    await ask('/nodes');
    await ask('/nodes');
    expect(control.requests.count('GET', '/nodes')).toBe(2);
    expect(control.requests.all[0]).toMatchObject({ node: node.name, status: 200, user: 'root@pam' });
  });
});

describe('hosts that fail', () => {
  it('keeps a host online for 5.7 s after its power-off, then offline with its guests in their last state', async () => {
    await start({ speed: 1 });
    const peer = cluster.nodes[1]!;
    const before = (await ask('/cluster/resources?type=vm')).data as { node: string; status: string; vmid: number }[];
    await control.powerOff(peer.name);
    await expect(askNode(peer, 'GET', '/version')).rejects.toThrow(/ECONNREFUSED/);
    const state = async (): Promise<unknown> =>
      ((await ask('/nodes')).data as { node: string; status: string }[]).find((row) => row.node === peer.name)?.status;
    expect(await state()).toBe('online');
    control.advance(5800);
    expect(await state()).toBe('offline');
    const after = (await ask('/cluster/resources?type=vm')).data as typeof before;
    const statuses = (rows: typeof before): string[] => rows.map((row) => `${row.vmid} ${row.status}`).sort();
    expect(statuses(after)).toEqual(statuses(before));
    const row = ((await ask('/nodes')).data as Record<string, unknown>[]).find((entry) => entry['node'] === peer.name);
    expect(row).not.toHaveProperty('cpu');
    expect(row).toHaveProperty('maxmem');
  });

  it('answers for a host without power with 595 and an empty body, and again with 200 when it is back', async () => {
    await start();
    const peer = cluster.nodes[1]!;
    await control.powerOff(peer.name);
    expect(await ask(`/nodes/${peer.name}/status`)).toMatchObject({
      status: 595,
      reason: 'No route to host',
      text: '',
    });
    await control.powerOn(peer.name);
    control.advance(10_000);
    expect((await ask(`/nodes/${peer.name}/status`)).status).toBe(200);
    expect((await askNode(peer, 'GET', '/version', { headers: session })).status).toBe(200);
  });

  it('answers 596 for a host whose API hangs, while the host itself accepts and never answers', async () => {
    await start({ speed: 1000 });
    const peer = cluster.nodes[1]!;
    control.freeze(peer.name);
    expect(await ask(`/nodes/${peer.name}/qemu`)).toMatchObject({
      status: 596,
      reason: 'Connection timed out',
      text: '',
    });
    control.thaw(peer.name);
    expect((await ask(`/nodes/${peer.name}/qemu`)).status).toBe(200);
  });

  it('answers 595 for a host whose API refuses connections', async () => {
    await start();
    const peer = cluster.nodes[1]!;
    await control.refuseConnections(peer.name);
    expect(await ask(`/nodes/${peer.name}/status`)).toMatchObject({ status: 595, reason: 'Connection refused' });
    await control.acceptConnections(peer.name);
    expect((await askNode(peer, 'GET', '/version', { headers: session })).status).toBe(200);
  });

  it('looks long for a host nobody knows', async () => {
    await start();
    expect(await ask('/nodes/nosuch/status')).toMatchObject({
      status: 500,
      reason:
        "hostname lookup 'nosuch' failed - failed to get address info for: nosuch: Temporary failure in name resolution",
    });
  });
});

describe('a cluster in trouble', () => {
  it('without quorum reads and stops, and refuses to start', async () => {
    await start();
    control.setQuorum(false);
    const status = (await ask('/cluster/status')).data as { type: string; quorate?: number }[];
    expect(status.find((row) => row.type === 'cluster')?.quorate).toBe(0);
    const guest = [...control.state.guests.values()].find((candidate) => candidate.kind === 'qemu')!;
    const path = `/nodes/${guest.node}/qemu/${guest.vmid}/status`;
    expect(await ask(`${path}/start`, 'POST')).toMatchObject({ status: 500, reason: 'cluster not ready - no quorum?' });
    expect((await ask(`${path}/stop`, 'POST')).data).toMatch(/^UPID:/);
  });

  it('loses quorum when one of two hosts goes, not when one of three does', async () => {
    await start({ nodes: 2 });
    await control.powerOff(cluster.nodes[1]!.name);
    control.advance(6000);
    const quorate = async (): Promise<unknown> =>
      ((await ask('/cluster/status')).data as { type: string; quorate?: number }[]).find(
        (row) => row.type === 'cluster',
      )?.quorate;
    expect(await quorate()).toBe(0);
    await cluster.close();
    await start({ nodes: 3 });
    await control.powerOff(cluster.nodes[1]!.name);
    control.advance(6000);
    expect(await quorate()).toBe(1);
  });

  it('presents another certificate after its replacement', async () => {
    await start();
    const old = node.fingerprint;
    const fresh = await control.replaceCertificate(node.name);
    expect(fresh).not.toBe(old);
    const nodes = (await ask('/nodes')).data as { node: string; ssl_fingerprint: string }[];
    expect(nodes.find((row) => row.node === node.name)?.ssl_fingerprint).toBe(fresh);
  });

  it('makes tickets worthless on request, and accepts new ones', async () => {
    await start();
    control.expireTickets();
    expect((await ask('/version')).status).toBe(401);
    session = await signInAs(node, 'root@pam', 'demonstration');
    expect((await ask('/version')).status).toBe(200);
  });

  it('survives bytes that are no HTTP', async () => {
    await start();
    expect(await sendRaw(node, '\u0000\u0001garbage\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect((await ask('/version')).status).toBe(200);
  });
});
