import { afterEach, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster } from '../simulated-cluster.ts';
import type { SimGuest } from '../state/guest.ts';
import { askNode, signInAs, type WireAnswer } from '../testing/ask.ts';

let cluster: SimulatedCluster;
let session: Record<string, string>;
let guest: SimGuest;
afterEach(() => cluster.close());

async function start(speed: number): Promise<void> {
  cluster = await startSimulatedCluster({ guests: 30, speed });
  session = await signInAs(cluster.nodes[0]!, 'root@pam', 'demonstration');
  guest = [...cluster.control.state.guests.values()].find(
    (candidate) => candidate.kind === 'qemu' && candidate.running,
  )!;
}

function ask(method: string, path: string, form?: Record<string, string>): Promise<WireAnswer> {
  return askNode(cluster.nodes[0]!, method, path, { headers: session, ...(form ? { form } : {}) });
}

async function backUp(storage: string): Promise<string> {
  const form = { vmid: String(guest.vmid), storage, mode: 'snapshot', compress: 'zstd' };
  const answer = await ask('POST', `/nodes/${guest.node}/vzdump`, form);
  return `/nodes/${guest.node}/tasks/${encodeURIComponent(String(answer.data))}`;
}

async function logOf(task: string): Promise<string[]> {
  const { data } = await ask('GET', `${task}/log?limit=500`);
  return (data as { t: string }[]).map((line) => line.t);
}

describe('a simulated backup', () => {
  it('locks its guest, reports progress and ends well', async () => {
    await start(1);
    const { clock } = cluster.control;
    const task = await backUp('nas-backup');
    clock.advance(4000);
    expect(guest.lock).toBe('backup');
    const running = (await ask('GET', '/cluster/tasks')).data as Record<string, unknown>[];
    const row = running.find(
      (entry) => entry['id'] === String(guest.vmid) && entry['type'] === 'vzdump' && !entry['endtime'],
    );
    expect(row).not.toHaveProperty('status');
    clock.advance(120_000);
    expect((await ask('GET', `${task}/status`)).data).toMatchObject({ status: 'stopped', exitstatus: 'OK' });
    const log = await logOf(task);
    expect(log.filter((line) => /^INFO: +\d+% \(/.test(line)).length).toBeGreaterThan(3);
    expect(log.at(-1)).toBe('TASK OK');
    expect(guest.lock).toBeUndefined();
  });

  it('gives the lock back when it is ended by a signal', async () => {
    await start(1);
    const task = await backUp('nas-backup');
    cluster.control.clock.advance(4000);
    await ask('DELETE', task);
    expect((await ask('GET', `${task}/status`)).data).toMatchObject({ exitstatus: 'interrupted by signal' });
    expect(await logOf(task)).toContain('INFO: aborting backup job');
    expect(guest.lock).toBeUndefined();
  });

  it('fails in the task when the storage is unknown', async () => {
    await start(100);
    const task = await backUp('nosuch');
    await expect
      .poll(async () => (await ask('GET', `${task}/status`)).data)
      .toMatchObject({ status: 'stopped', exitstatus: 'could not get storage information' });
  });
});
