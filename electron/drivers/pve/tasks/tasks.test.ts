import { describe, expect, test } from 'vitest';
import { AppError, isAppError } from '../../../contract/errors.ts';
import { entityId, parseConnectionId } from '../../../contract/ids.ts';
import type { OperationEvent, RemoteOperation } from '../../../core/ports/driver.ts';
import { FakeClock } from '../../../testing/fake-clock.ts';
import type { PveApi } from '../api.ts';
import { describe as nameOf, type PveCommand } from '../commands/request.ts';
import { parseProgress } from '../parse/task-progress.ts';
import { outcomeOf, parseTasks } from '../parse/tasks.ts';
import { parseUpid } from '../parse/upid.ts';
import { PveTaskFacet } from './task-facet.ts';
import { followTask } from './task-operation.ts';

const text = 'UPID:pve1:000009BC:0007E389:6B03C91B:qmigrate:100:root@pam:';
const upid = parseUpid(text)!;
const never = new AbortController().signal;
const lab = parseConnectionId('lab');

/** The part of the server that a task is followed on: what it says now. */
class TaskServer {
  status: unknown = { status: 'running' };
  lines: string[] = [];
  failure: Error | undefined;
  readonly asked: string[] = [];
  readonly #answers: Readonly<Record<string, unknown>>;

  constructor(answers: Readonly<Record<string, unknown>> = {}) {
    this.#answers = answers;
  }

  get api(): PveApi {
    const call = (command: PveCommand): Promise<unknown> => Promise.resolve(this.#answer(command));
    return { call } as unknown as PveApi;
  }

  #answer(command: PveCommand): unknown {
    const name = nameOf(command);
    this.asked.push(name);
    if (this.failure !== undefined) throw this.failure;
    if (name in this.#answers) return this.#answers[name];
    if (name.endsWith('/status')) return this.status;
    if (!name.endsWith('/log')) return null;
    const query = new URLSearchParams(command.path.split('?')[1]);
    const start = Number(query.get('start'));
    const slice = this.lines.slice(start, start + Number(query.get('limit')));
    return slice.map((t, index) => ({ n: start + index + 1, t })).toReversed();
  }
}

const follow = (
  server: TaskServer,
  clock: FakeClock,
  signal = never,
): { operation: RemoteOperation; events: OperationEvent[]; done: Promise<void> } => {
  const operation = followTask({ api: server.api, clock, upid, signal });
  const events: OperationEvent[] = [];
  const done = (async () => {
    for await (const event of operation.events) events.push(event);
  })();
  return { operation, events, done };
};

describe('following a task', () => {
  test('tells every line once, progress, and the end', async () => {
    const server = new TaskServer();
    const clock = new FakeClock();
    const { events, done } = follow(server, clock);
    server.lines.push('starting', 'mirror-scsi0: transferred 16.0 MiB of 1.0 GiB (1.56%) in 1s');
    await clock.advance(1_000);
    server.lines.push('TASK OK');
    server.status = { status: 'stopped', exitstatus: 'OK' };
    await clock.advance(5_000);
    await done;
    expect(events).toEqual([
      { type: 'log', line: 'starting' },
      { type: 'log', line: 'mirror-scsi0: transferred 16.0 MiB of 1.0 GiB (1.56%) in 1s' },
      { type: 'progress', done: 16 * 2 ** 20, total: 2 ** 30, unit: 'bytes' },
      { type: 'log', line: 'TASK OK' },
      { type: 'end', outcome: 'succeeded', text: 'OK' },
    ]);
  });

  test('reads a long log in slices', async () => {
    const server = new TaskServer();
    server.lines = Array.from({ length: 1_234 }, (_, index) => `line ${index}`);
    server.status = { status: 'stopped', exitstatus: 'WARNINGS: 2' };
    const { events, done } = follow(server, new FakeClock());
    await done;
    expect(events).toHaveLength(1_235);
    expect(events.at(-1)).toEqual({ type: 'end', outcome: 'warnings', text: 'WARNINGS: 2' });
  });

  test('asks less often the longer it takes', async () => {
    const server = new TaskServer();
    const clock = new FakeClock();
    const ending = new AbortController();
    const { done } = follow(server, clock, ending.signal);
    await clock.advance(60_000);
    const inFirstMinute = server.asked.filter((name) => name.endsWith('/status')).length;
    await clock.advance(60_000);
    const inSecondMinute = server.asked.filter((name) => name.endsWith('/status')).length - inFirstMinute;
    expect(inFirstMinute).toBeGreaterThan(inSecondMinute);
    expect(inSecondMinute).toBe(20);
    ending.abort();
    await done;
  });

  test('goes on after the node was away for a while', async () => {
    const server = new TaskServer();
    const clock = new FakeClock();
    const { events, done } = follow(server, clock);
    server.failure = new AppError('remote.node-unreachable', 'away', { node: 'pve1', status: 595, text: '' });
    await clock.advance(60_000);
    server.failure = undefined;
    server.status = { status: 'stopped', exitstatus: 'OK' };
    await clock.advance(5_000);
    await done;
    expect(events).toEqual([{ type: 'end', outcome: 'succeeded', text: 'OK' }]);
  });

  test('ends unknown when the node does not come back', async () => {
    const server = new TaskServer();
    const clock = new FakeClock();
    const { events, done } = follow(server, clock);
    server.failure = new AppError('connection.unreachable', 'nobody', { endpoint: 'x', cause: 'EHOSTUNREACH' });
    await clock.advance(400_000);
    await done;
    expect(events).toEqual([{ type: 'end', outcome: 'unknown', text: 'nobody' }]);
  });

  test('ends unknown when the session closes', async () => {
    const ending = new AbortController();
    const clock = new FakeClock();
    const { events, done } = follow(new TaskServer(), clock, ending.signal);
    await clock.advance(1_000);
    ending.abort();
    await done;
    expect(events).toMatchObject([{ type: 'end', outcome: 'unknown' }]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('is cancelled when we stopped it, whatever the dying worker said', async () => {
    const server = new TaskServer();
    const clock = new FakeClock();
    const { operation, events, done } = follow(server, clock);
    await operation.cancel();
    server.status = { status: 'stopped', exitstatus: 'unexpected status' };
    await clock.advance(5_000);
    await done;
    expect(server.asked).toContain(`DELETE /nodes/pve1/tasks/${text}`);
    expect(events).toEqual([{ type: 'end', outcome: 'cancelled', text: 'unexpected status' }]);
  });
});

test.each([
  ['OK', 'succeeded'],
  ['WARNINGS: 1', 'warnings'],
  ['interrupted by signal', 'cancelled'],
  ['received interrupt', 'cancelled'],
  ['job errors', 'failed'],
  ['unexpected status', 'failed'],
  ['VM 300 already running', 'failed'],
])('closing words %j mean %s', (words, outcome) => {
  expect(outcomeOf(words)).toBe(outcome);
});

test.each([
  [
    'INFO:  12% (1.2 GiB of 10.0 GiB) in 3s, read: 400 MiB/s',
    { done: Math.round(1.2 * 2 ** 30), total: 10 * 2 ** 30, unit: 'bytes' },
  ],
  ['progress 55% (read 123 bytes, duration 3 sec)', { done: 55, total: 100, unit: 'steps' }],
  [
    'migration active, transferred 3.0 MiB of 128.0 MiB VM-state, 20.0 MiB/s',
    { done: 3 * 2 ** 20, total: 128 * 2 ** 20, unit: 'bytes' },
  ],
  ['using 5 of 7 things', undefined],
  ['100% wrong', undefined],
])('progress of %j', (line, progress) => {
  expect(parseProgress(line)).toEqual(progress);
});

test.each([
  '',
  'UPID:',
  'UPID:pve1:1:2:3:qmstart:100:root@pam:',
  `${text}x`,
  'UPID:pve/1:000009BC:0007E389:6B03C91B:a:b:c:',
])('%j is no task id', (wrong) => {
  expect(parseUpid(wrong)).toBeUndefined();
});

test('a task id says node, start, type, subject and user, for tokens, too', () => {
  expect(parseUpid('UPID:pve1:00001A32:0008BB71:6B03CB44:imgdel:300@local:bob@pve!desk:')).toMatchObject({
    node: 'pve1',
    startedAtMs: 0x6b03cb44 * 1000,
    type: 'imgdel',
    subject: '300@local',
    user: 'bob@pve!desk',
  });
});

describe('the task list', () => {
  const facetOn = (answers: Readonly<Record<string, unknown>>, clock = new FakeClock()) => {
    const server = new TaskServer(answers);
    const facet = new PveTaskFacet({
      api: server.api,
      connectionId: lab,
      nowMs: () => clock.now(),
      guestIdOf: (vmid) => (vmid === '100' ? entityId(lab, 'guest', 'qemu:100') : undefined),
      onSeen: () => undefined,
    });
    return { server, facet, clock };
  };
  const entry = (change: object = {}) => ({ upid: text, starttime: 1, ...change });

  test('tells running, finished and failed ones', async () => {
    const other = text.replace('000009BC', '000009BD');
    const third = text.replace('000009BC', '000009BE').replace(':100:', ':999:');
    const { facet } = facetOn({
      'GET /cluster/tasks': [
        entry({ status: 'RUNNING' }),
        entry({ upid: other, endtime: '1795411282', status: 'OK', saved: '1' }),
        entry({ upid: third, endtime: 1_795_411_282, status: 'job errors' }),
        entry({ upid: 'UPID:odd' }),
      ],
    });
    const tasks = await facet.list(never);
    expect(tasks.map(({ state, canCancel, subjectId, outcome }) => ({ state, canCancel, subjectId, outcome }))).toEqual(
      [
        { state: 'running', canCancel: true, subjectId: 'lab/guest/qemu:100', outcome: '' },
        { state: 'succeeded', canCancel: false, subjectId: 'lab/guest/qemu:100', outcome: 'OK' },
        { state: 'failed', canCancel: false, subjectId: undefined, outcome: 'job errors' },
      ],
    );
    expect(tasks[0]).toMatchObject({
      id: `lab/task/${text}`,
      taskType: 'qmigrate',
      nodeId: 'lab/node/pve1',
      user: 'root@pam',
    });
    expect(tasks[1]!.endedAtMs).toBe(1_795_411_282_000);
  });

  test('holds what we started until the cluster lists it', async () => {
    const { facet, clock } = facetOn({ 'GET /cluster/tasks': [] });
    facet.started(upid);
    expect(await facet.list(never)).toMatchObject([{ id: `lab/task/${text}`, state: 'running', isOurs: true }]);
    clock.jump(60_000);
    expect(await facet.list(never)).toEqual([]);
  });

  test('reads a log from a line on, and says when nothing follows', async () => {
    const { server, facet } = facetOn({});
    server.lines = ['one', 'two', 'three'];
    const id = entityId(lab, 'task', text);
    expect(await facet.readLog(id, 1, never)).toEqual({ lines: ['two', 'three'], isComplete: false });
    server.status = { status: 'stopped', exitstatus: 'OK' };
    expect(await facet.readLog(id, 3, never)).toEqual({ lines: [], isComplete: true });
  });

  test('does not find what is no task', async () => {
    const { facet } = facetOn({});
    const error: unknown = await facet.readLog(entityId(lab, 'task', 'x'), 0, never).catch((thrown: unknown) => thrown);
    expect(isAppError(error, 'entity.not-found')).toBe(true);
  });

  test('with an endless entry is an error with a type', () => {
    expect(() => parseTasks([{ upid: 5 }], 'GET /cluster/tasks')).toThrow(AppError);
  });
});
