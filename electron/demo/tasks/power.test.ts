import { afterEach, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster, type SimulatedClusterOptions } from '../simulated-cluster.ts';
import type { SimGuest } from '../state/guest.ts';
import { askNode, signInAs, type WireAnswer } from '../testing/ask.ts';

let cluster: SimulatedCluster | undefined;
let session: Record<string, string>;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** A cluster in which one guest of each kind is prepared as the test needs it. */
async function start(prepare: Partial<SimGuest>, options: SimulatedClusterOptions = {}): Promise<SimGuest[]> {
  cluster = await startSimulatedCluster({ guests: 30, speed: 200, ...options });
  session = await signInAs(cluster.nodes[0]!, 'root@pam', 'demonstration');
  const all = [...cluster.control.state.guests.values()].filter((guest) => !guest.template);
  const chosen = (['qemu', 'lxc'] as const).map((kind) => all.find((guest) => guest.kind === kind)!);
  cluster.control.edit((state) => {
    state.highAvailability.clear();
    for (const guest of chosen) Object.assign(guest, { lock: undefined, paused: false }, prepare);
  });
  return chosen;
}

function ask(method: string, path: string, form?: Record<string, string>): Promise<WireAnswer> {
  return askNode(cluster!.nodes[0]!, method, path, { headers: session, ...(form ? { form } : {}) });
}

function pathOf(guest: SimGuest): string {
  return `/nodes/${guest.node}/${guest.kind}/${guest.vmid}`;
}

/** Waits for the end of the task that a call answered with; its exit status and log. */
async function outcome(guest: SimGuest, answer: WireAnswer): Promise<{ exit: unknown; log: string[] }> {
  const upid = encodeURIComponent(String(answer.data));
  const task = `/nodes/${guest.node}/tasks/${upid}`;
  let status: Record<string, unknown> = {};
  await expect
    .poll(async () => {
      status = (await ask('GET', `${task}/status`)).data as Record<string, unknown>;
      return status['status'];
    })
    .toBe('stopped');
  const log = (await ask('GET', `${task}/log`)).data as { t: string }[];
  return { exit: status['exitstatus'], log: log.map((line) => line.t) };
}

async function act(
  guest: SimGuest,
  verb: string,
  form?: Record<string, string>,
): Promise<{ exit: unknown; log: string[] }> {
  return outcome(guest, await ask('POST', `${pathOf(guest)}/status/${verb}`, form));
}

describe('power of a simulated guest', () => {
  it('starts what is off and stops it again', async () => {
    const guests = await start({ running: false });
    for (const guest of guests) {
      expect(await act(guest, 'start')).toEqual({ exit: 'OK', log: ['TASK OK'] });
      expect(guest.running).toBe(true);
      expect(await act(guest, 'stop')).toEqual({ exit: 'OK', log: ['TASK OK'] });
      expect(guest.running).toBe(false);
    }
  });

  it('lets the start of a running machine fail in its task, that of a container at once', async () => {
    const [machine, container] = await start({ running: true });
    const text = `VM ${machine!.vmid} already running`;
    expect(await act(machine!, 'start')).toEqual({ exit: text, log: [`TASK ERROR: ${text}`] });
    const refused = await ask('POST', `${pathOf(container!)}/status/start`);
    expect(refused).toMatchObject({ status: 500, reason: `CT ${container!.vmid} already running` });
  });

  it('accepts the start of a machine nobody has, and fails in the task', async () => {
    const [machine] = await start({});
    const answer = await ask('POST', '/nodes/node-01/qemu/4711/status/start');
    const { exit } = await outcome({ ...machine!, node: 'node-01' }, answer);
    expect(exit).toBe("Configuration file 'nodes/node-01/qemu-server/4711.conf' does not exist");
  });

  it('takes the stop of what is off as done for machines and refuses it for containers', async () => {
    const [machine, container] = await start({ running: false });
    expect(await act(machine!, 'stop')).toEqual({ exit: 'OK', log: ['TASK OK'] });
    expect(await ask('POST', `${pathOf(container!)}/status/stop`)).toMatchObject({ status: 500 });
  });

  it('fails on a lock in the task', async () => {
    const [machine] = await start({ running: false, lock: 'backup' });
    expect(await act(machine!, 'start')).toMatchObject({ exit: 'VM is locked (backup)' });
  });

  it('gives up on a guest that does not switch itself off, and ends it when told to', async () => {
    const [machine] = await start({ running: true, obeysShutdown: false });
    const deaf = await act(machine!, 'shutdown', { timeout: '4' });
    expect(deaf).toEqual({
      exit: 'VM quit/powerdown failed - got timeout',
      log: ['TASK ERROR: VM quit/powerdown failed - got timeout'],
    });
    const forced = await act(machine!, 'shutdown', { timeout: '4', forceStop: '1' });
    expect(forced.log).toEqual(['VM still running - terminating now with SIGTERM', 'TASK OK']);
    expect(machine!.running).toBe(false);
  });

  it('pauses, resumes and resets; a paused machine counts as running', async () => {
    const [machine] = await start({ running: true });
    expect(await act(machine!, 'suspend')).toMatchObject({ exit: 'OK' });
    const paused = await ask('GET', `${pathOf(machine!)}/status/current`);
    expect(paused.data).toMatchObject({ status: 'running', qmpstatus: 'paused' });
    expect(await act(machine!, 'resume')).toMatchObject({ exit: 'OK' });
    expect(await act(machine!, 'reset')).toMatchObject({ exit: 'OK' });
  });

  it('hibernates to a stopped machine with a lock, which a start resumes', async () => {
    const [machine] = await start({ running: true });
    expect(await act(machine!, 'suspend', { todisk: '1' })).toMatchObject({ exit: 'OK' });
    const asleep = await ask('GET', `${pathOf(machine!)}/status/current`);
    expect(asleep.data).toMatchObject({ status: 'stopped', lock: 'suspended' });
    expect((await act(machine!, 'start')).log).toContain('Resuming suspended VM');
  });

  it('lets a second worker wait for the first', async () => {
    const [machine] = await start({ running: true, obeysShutdown: false }, { speed: 100 });
    const first = await ask('POST', `${pathOf(machine!)}/status/shutdown`, { timeout: '5' });
    const second = await act(machine!, 'shutdown', { timeout: '1' });
    expect(second.log.slice(0, 2)).toEqual(['trying to acquire lock...', ' OK']);
    expect(await outcome(machine!, first)).toMatchObject({ exit: 'VM quit/powerdown failed - got timeout' });
  });

  it('ends a worker by a signal and gives the guest free', async () => {
    const [machine] = await start({ running: true, obeysShutdown: false }, { speed: 1 });
    const running = await ask('POST', `${pathOf(machine!)}/status/shutdown`, { timeout: '600' });
    const task = `/nodes/${machine!.node}/tasks/${encodeURIComponent(String(running.data))}`;
    expect((await ask('GET', `${task}/status`)).data).toMatchObject({ status: 'running' });
    expect((await ask('DELETE', task)).status).toBe(200);
    expect(await outcome(machine!, running)).toMatchObject({ exit: 'interrupted by signal' });
  });

  it('lets a worker die with its host', async () => {
    const [machine] = await start({ running: true, obeysShutdown: false }, { speed: 1 });
    const running = await ask('POST', `${pathOf(machine!)}/status/shutdown`, { timeout: '5' });
    await cluster!.control.powerOff(machine!.node);
    cluster!.control.advance(60_000);
    const task = cluster!.control.state.tasks.get(String(running.data));
    expect(task).toMatchObject({ exitStatus: 'unexpected status', log: [] });
    expect(machine!.running).toBe(true);
  });

  it('gives up on a guest that another worker holds for more than ten seconds', async () => {
    const [machine] = await start({ running: true, obeysShutdown: false }, { speed: 1 });
    const first = await ask('POST', `${pathOf(machine!)}/status/shutdown`, { timeout: '600' });
    cluster!.control.advance(1000);
    const second = await ask('POST', `${pathOf(machine!)}/status/stop`);
    cluster!.control.advance(12_000);
    expect(await outcome(machine!, second)).toMatchObject({
      exit: `can't lock file '/var/lock/qemu-server/lock-${machine!.vmid}.conf' - got timeout`,
    });
    await ask('DELETE', `/nodes/${machine!.node}/tasks/${encodeURIComponent(String(first.data))}`);
    const third = await ask('POST', `${pathOf(machine!)}/status/stop`);
    cluster!.control.advance(2000);
    expect(await outcome(machine!, third)).toMatchObject({ exit: 'OK' });
  });

  it('shows a start in lists from the next round of the collector on, in its own status at once', async () => {
    const [machine] = await start({ running: false }, { speed: 1 });
    const listed = async (): Promise<unknown> => {
      const rows = (await ask('GET', '/cluster/resources?type=vm')).data as { vmid: number; status: string }[];
      return rows.find((row) => row.vmid === machine!.vmid)?.status;
    };
    const clock = cluster!.control.clock;
    clock.advance(10_000 - (clock.now() % 10_000));
    await ask('POST', `${pathOf(machine!)}/status/start`);
    clock.advance(4000);
    expect((await ask('GET', `${pathOf(machine!)}/status/current`)).data).toMatchObject({ status: 'running' });
    expect(await listed()).toBe('stopped');
    clock.advance(10_000);
    expect(await listed()).toBe('running');
  });

  it('reports a log of an unknown task as one line and its status as a parameter error', async () => {
    await start({});
    const task = `/nodes/node-01/tasks/${encodeURIComponent('UPID:node-01:00000001:00000001:6B03C89C:qmstart:100:root@pam:')}`;
    expect((await ask('GET', `${task}/log`)).data).toEqual([
      { n: 1, t: 'unable to open file - No such file or directory' },
    ]);
    expect((await ask('GET', `${task}/status`)).body['errors']).toEqual({ upid: 'no such task' });
    expect((await ask('GET', '/nodes/node-01/tasks/UPID:garbage/log')).body['errors']).toEqual({
      upid: 'unable to parse worker upid',
    });
  });
});
