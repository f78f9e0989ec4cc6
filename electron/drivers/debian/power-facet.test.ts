import { describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { parseConnectionId, type EntityId } from '../../contract/ids.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';
import type { OperationEvent, RemoteOperation } from '../../core/ports/driver.ts';
import type { RunResult } from '../../core/ports/host-link.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { batchOutput, ReplayedHost, type SeenCommand } from '../../testing/replayed-host.ts';
import { HostShell } from './host/host-shell.ts';
import { buildContainerCommand, buildDomainCommand, DebianPowerFacet } from './power-facet.ts';

const never = new AbortController().signal;
const uuid = '95a4d217-8948-4ce7-b17a-74fe67afade5';
const vm = `lab/guest/qemu:${uuid}` as EntityId;
const ct = `lab/guest/lxc:a b'<i>` as EntityId;
const ok: RunResult = { code: 0, signal: null, stdout: '', stderr: '' };

/** A host with one guest whose state the test holds. */
function bench(
  state: string,
  onCommand: (words: readonly string[], set: (to: string) => void) => RunResult = () => ok,
) {
  let now = state;
  const answer = (command: SeenCommand): string | RunResult => {
    if (command.script === undefined) return onCommand(command.words, (to) => (now = to));
    const failed = now.startsWith('error:') ? { code: 1, stderr: now } : `${now}\n`;
    return batchOutput({ state: failed, saved: '' });
  };
  const host = new ReplayedHost(answer);
  const clock = new FakeClock();
  const changes: string[] = [];
  const facet = new DebianPowerFacet({
    connectionId: parseConnectionId('lab'),
    shell: new HostShell(host, clock, false),
    clock,
    shutdownTimeoutMs: 20_000,
    onChanged: (because) => changes.push(because),
  });
  const commands = () => host.seen.filter((command) => command.script === undefined).map((command) => command.words);
  return { facet, clock, commands, changes, set: (to: string) => (now = to) };
}

function collect(operation: RemoteOperation): { events: OperationEvent[]; done: Promise<void> } {
  const events: OperationEvent[] = [];
  const done = (async () => {
    for await (const event of operation.events) events.push(event);
  })();
  return { events, done };
}

describe('a verb on a guest', () => {
  it('runs its command, waits for the state and logs both', async () => {
    const { facet, clock, commands, changes } = bench('shut off (shutdown)', (_words, set) => {
      set('running (booted)');
      return { ...ok, stdout: 'Domain started\n' };
    });
    const { events, done } = collect(await facet.perform('start', vm, never));
    await clock.advance(2_000);
    await done;
    expect(commands()).toEqual([['virsh', '-q', '-c', 'qemu:///system', 'start', uuid]]);
    expect(events).toEqual([
      { type: 'log', line: `$ virsh -q -c qemu:///system start ${uuid}` },
      { type: 'log', line: 'Domain started' },
      { type: 'end', outcome: 'succeeded', text: 'OK' },
    ]);
    expect(changes).toEqual(['start ended']);
  });

  it('fails in words when the guest does not react to a shut down', async () => {
    const { facet, clock } = bench('running (booted)');
    const { events, done } = collect(await facet.perform('shutdown', vm, never));
    await clock.advance(19_000);
    expect(events.filter((event) => event.type === 'end')).toEqual([]);
    await clock.advance(3_000);
    await done;
    expect(events.at(-1)).toEqual({
      type: 'end',
      outcome: 'failed',
      text: 'the guest did not react within 20 s',
    });
  });

  it("says so as well when lxc-stop's own time is over", async () => {
    const { facet, clock, commands } = bench('RUNNING', () => ({ ...ok, code: 1 }));
    const { events, done } = collect(await facet.perform('shutdown', ct, never));
    await clock.settle();
    await done;
    expect(commands()).toEqual([['lxc-stop', '-n', `a b'<i>`, '--nokill', '-t', '20']]);
    expect(events.at(-1)).toMatchObject({ outcome: 'failed', text: 'the guest did not react within 20 s' });
  });

  it('fails with the words of the host', async () => {
    const { facet, clock } = bench('shut off (shutdown)', () => ({
      ...ok,
      code: 1,
      stderr: 'error: Cannot access storage file: No such file or directory',
    }));
    const { events, done } = collect(await facet.perform('start', vm, never));
    await clock.settle();
    await done;
    expect(events.at(-1)).toMatchObject({
      outcome: 'failed',
      text: expect.stringContaining('Cannot access storage file') as string,
    });
  });

  it('counts as done when the guest got there another way', async () => {
    const { facet, clock } = bench('running (booted)', (_words, set) => {
      set('shut off (destroyed)');
      return { ...ok, code: 1, stderr: 'error: Requested operation is not valid: domain is not running' };
    });
    const { events, done } = collect(await facet.perform('stop', vm, never));
    await clock.settle();
    await done;
    expect(events.at(-1)).toMatchObject({ outcome: 'succeeded' });
  });

  it('ends as unknown when the host went away meanwhile', async () => {
    const { facet, clock } = bench('running (booted)', () => {
      throw new AppError('connection.lost', 'gone', { endpoint: 'n1:22', cause: 'gone' });
    });
    const { events, done } = collect(await facet.perform('stop', vm, never));
    await clock.settle();
    await done;
    expect(events.at(-1)).toEqual({ type: 'end', outcome: 'unknown', text: 'gone' });
  });

  it('ends when it is called off', async () => {
    const { facet, clock, commands } = bench('running (booted)');
    const operation = await facet.perform('hibernate', vm, never);
    const { events, done } = collect(operation);
    await clock.advance(1_000);
    await operation.cancel();
    await done;
    expect(commands().map((words) => words[4])).toEqual(['managedsave', 'domjobabort']);
    expect(events.at(-1)).toMatchObject({ type: 'end', outcome: 'cancelled' });
  });

  it.each([
    ['start', 'running (booted)', vm, 'running'],
    ['resume', 'running (booted)', vm, 'running'],
    ['stop', 'shut off (unknown)', vm, 'stopped'],
    ['suspend', 'FROZEN', ct, 'paused'],
  ] as const)('%s is refused while the guest is %s', async (action, state, guest, actual) => {
    const { facet, commands } = bench(state);
    await expect(facet.perform(action, guest, never)).rejects.toMatchObject({
      code: 'entity.wrong-state',
      data: { entityId: guest, actual },
    });
    expect(commands()).toEqual([]);
  });

  it.each([
    [vm, "error: failed to get domain '95a4d217-8948-4ce7-b17a-74fe67afade5'", 'entity.not-found'],
    [ct, "error: a b'<i> doesn't exist", 'entity.not-found'],
    [vm, 'error: authentication unavailable: no polkit agent available', 'access.denied'],
    [vm, 'error: failed to connect to the hypervisor', 'remote.refused'],
  ] as const)('on %s with "%s" is %s', async (guest, said, code) => {
    await expect(bench(said).facet.perform('start', guest, never)).rejects.toMatchObject({ code });
  });

  it('is not found for ids that no host of this kind gave', async () => {
    const ids = ['lab/guest/qemu:104', 'lab/guest/qemu:$(id)', 'lab/guest/lxc:../x', 'lab/guest/lxc:..', 'lab/node/x'];
    for (const id of ids) {
      await expect(bench('RUNNING').facet.perform('stop', id as EntityId, never)).rejects.toMatchObject({
        code: 'entity.not-found',
      });
    }
  });

  it('is unavailable where containers do not have it', async () => {
    await expect(bench('RUNNING').facet.perform('reset', ct, never)).rejects.toMatchObject({
      code: 'capability.unavailable',
    });
  });
});

describe('the commands of the verbs', () => {
  const verbs: readonly GuestPowerAction[] = [
    'start',
    'shutdown',
    'stop',
    'reboot',
    'reset',
    'suspend',
    'resume',
    'hibernate',
  ];

  it('are virsh with the UUID for domains', () => {
    expect(verbs.map((verb) => buildDomainCommand(verb, uuid, false)[4])).toEqual([
      'start',
      'shutdown',
      'destroy',
      'reboot',
      'reset',
      'suspend',
      'resume',
      'managedsave',
    ]);
    expect(buildDomainCommand('resume', uuid, true)[4]).toBe('dompmwakeup');
  });

  it('are lxc-* with the name for containers', () => {
    expect(verbs.map((verb) => buildContainerCommand(verb, '-x', 60_000)?.join(' '))).toEqual([
      'lxc-start -n -x',
      'lxc-stop -n -x --nokill -t 60',
      'lxc-stop -n -x -k',
      'lxc-stop -n -x -r',
      undefined,
      'lxc-freeze -n -x',
      'lxc-unfreeze -n -x',
      undefined,
    ]);
  });
});
