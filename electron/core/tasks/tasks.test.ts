import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import { entityId, type EntityId } from '../../contract/ids.ts';
import { squashTaskFrames, type TaskFrame } from '../../contract/inventory.ts';
import type { TaskRecord } from '../../contract/records/index.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { aGuest, aListing, aTask, labId } from '../../testing/records.ts';
import { ScriptedOperation } from '../../testing/scripted-host.ts';
import { BULK_PARALLEL, BULK_PARALLEL_PER_NODE } from './bulk.ts';
import { FINISHED_KEPT } from './task-list.ts';
import type { TaskLogFrame } from './task-log.ts';

const guests = Array.from({ length: 30 }, (_, index) =>
  aGuest(index, { nodeId: entityId(labId, 'node', index < 12 ? 'pve0' : `pve${1 + (index % 2)}`) }),
);
const wrongState = (id: EntityId): AppError =>
  new AppError('entity.wrong-state', 'running', { entityId: id, actual: 'running', needed: ['stopped'] });

describe('tasks', () => {
  let rig: CoreRig;
  let frame: TaskFrame;
  const tasks = (): readonly TaskRecord[] => (frame.type === 'snapshot' ? frame.tasks : frame.put);
  const task = (id: EntityId): TaskRecord | undefined => tasks().find((each) => each.id === id);

  beforeEach(async () => {
    rig = new CoreRig();
    rig.look();
    rig.host().listing = aListing(guests);
    rig.host().tasks = [];
    await rig.start(savedLab());
    rig.core.taskList.watch((next) => (frame = next.type === 'snapshot' ? next : squashTaskFrames(frame, next)));
  });
  afterEach(() => rig.close());

  const start = async (id = guests[0]!.id): Promise<EntityId> =>
    (await rig.handlers['guest.power']({ id, action: 'start' }, rig.context())).taskId;

  it('follow a verb from acceptance to its end, and read the host again then', async () => {
    const id = await start();
    expect(task(id)).toMatchObject({
      state: 'running',
      isOurs: true,
      taskType: 'guest.start',
      name: 'guest-0',
      user: 'root@pam',
    });
    const [operation] = rig.host().operations;
    operation!.tell({ type: 'progress', done: 1, total: 4, unit: 'steps' });
    await rig.clock.settle();
    expect(task(id)?.progress).toEqual({ done: 1, total: 4, unit: 'steps' });
    await rig.clock.advance(2_000);
    const reads = rig.host().reads.length;
    operation!.end('succeeded', 'OK');
    await rig.clock.advance(400);
    expect(task(id)).toMatchObject({ state: 'succeeded', outcome: 'OK', canCancel: false, canRetry: false });
    expect(rig.host().reads.length).toBe(reads + 1);
  });

  it('reject a verb that the host refuses, and list nothing', async () => {
    rig.host().onPerform = (_action, guest) => Promise.reject(wrongState(guest));
    await expect(start()).rejects.toMatchObject({ code: 'entity.wrong-state' });
    expect(tasks()).toEqual([]);
  });

  it('are one with the task that the host lists under the same id', async () => {
    const id = await start();
    const nativeId = id.split('/task/')[1]!;
    rig.host().tasks = [
      aTask(nativeId, { state: 'running', startedAtMs: 5, progress: { done: 1, total: 2, unit: 'bytes' } }),
    ];
    await rig.clock.advance(4_000);
    expect(tasks()).toHaveLength(1);
    expect(task(id)).toMatchObject({
      isOurs: true,
      taskType: 'guest.start',
      progress: { done: 1, total: 2, unit: 'bytes' },
    });
    rig.host().operations[0]!.end('failed', 'no space left');
    await rig.clock.settle();
    // The host's list lags behind: it still says running.
    await rig.clock.advance(4_000);
    expect(task(id)).toMatchObject({ state: 'failed', outcome: 'no space left', canRetry: true });
  });

  it('of others appear, end, and are unknown when their host forgets them while they run', async () => {
    rig.host().tasks = [aTask('UPID:a', { startedAtMs: 1 }), aTask('UPID:b', { startedAtMs: 2 })];
    await rig.clock.advance(12_000);
    expect(tasks().map((each) => each.state)).toEqual(['running', 'running']);
    rig.host().tasks = [aTask('UPID:a', { state: 'succeeded', endedAtMs: 9, outcome: 'OK' })];
    await rig.clock.advance(60_000);
    expect(tasks().map((each) => each.state)).toEqual(['succeeded', 'unknown']);
  });

  it('are unknown while their host is away, and known again when it is back', async () => {
    rig.host().tasks = [aTask('UPID:a', { startedAtMs: 1 })];
    await rig.clock.advance(12_000);
    rig.host().onOpen = () =>
      Promise.reject(new AppError('connection.unreachable', 'x', { endpoint: 'x', cause: 'x' }));
    rig.host().breakOff(new AppError('connection.lost', 'x', { endpoint: 'x', cause: 'x' }));
    await rig.clock.advance(5_000);
    expect(tasks().map((each) => each.state)).toEqual(['unknown']);
    rig.host().onOpen = () => Promise.resolve();
    await rig.clock.advance(60_000);
    expect(tasks().map((each) => each.state)).toEqual(['running']);
  });

  it('that finished are kept up to a number, and do not come back from the list of the host', async () => {
    rig.host().tasks = Array.from({ length: FINISHED_KEPT + 50 }, (_, index) =>
      aTask(`UPID:${index}`, { state: 'succeeded', startedAtMs: index + 1, endedAtMs: index + 1 }),
    );
    await rig.clock.advance(12_000);
    expect(tasks()).toHaveLength(FINISHED_KEPT);
    expect(task(entityId(labId, 'task', 'UPID:0'))).toBeUndefined();
    await rig.clock.advance(60_000);
    expect(tasks()).toHaveLength(FINISHED_KEPT);
  });

  it('can be called off, once', async () => {
    const id = await start();
    await rig.handlers['task.cancel']({ id }, rig.context());
    await rig.clock.settle();
    expect(task(id)).toMatchObject({ state: 'cancelled', canRetry: true });
    await expect(rig.handlers['task.cancel']({ id }, rig.context())).rejects.toMatchObject({
      code: 'entity.wrong-state',
    });
  });

  it('can be sent again with the same verb and guest', async () => {
    const id = await start();
    rig.host().operations[0]!.end('failed', 'no');
    await rig.clock.settle();
    rig.host().onPerform = (action, guest) => Promise.resolve(new ScriptedOperation(`again:${action}:${guest}`));
    const again = await rig.handlers['task.retry']({ id }, rig.context());
    expect(again.taskId).toBe(entityId(labId, 'task', `again:start:${guests[0]!.id}`));
    expect(task(again.taskId)?.state).toBe('running');
  });

  it('notify when one of ours ran longer than the preference, and not for short ones or parts of a bulk', async () => {
    const ended: TaskRecord[] = [];
    rig.core.onLongTaskEnded((each) => ended.push(each));
    await start();
    rig.host().operations[0]!.end();
    await rig.clock.settle();
    expect(ended).toEqual([]);
    const id = await start(guests[1]!.id);
    await rig.clock.advance(11_000);
    rig.host().operations[1]!.end('failed', 'no');
    await rig.clock.settle();
    expect(ended.map((each) => each.id)).toEqual([id]);
  });

  it('send the log of the host from where the reader is, until it is complete', async () => {
    const id = await start();
    const frames: TaskLogFrame[] = [];
    rig.host().log = ['one', 'two'];
    const watch = rig.handlers['task.watchLog']({ id }, (next) => frames.push(next), rig.context());
    await rig.clock.settle();
    rig.host().log = ['one', 'two', 'three', 'end'];
    await rig.clock.advance(5_000);
    expect(frames).toEqual([
      { firstLine: 0, lines: ['one', 'two'], isComplete: false },
      { firstLine: 2, lines: ['three', 'end'], isComplete: true },
    ]);
    watch.dispose();
  });
});

describe('a log without a host that keeps one', () => {
  it('is what the operation told, also for whoever looks later', async () => {
    const rig = new CoreRig();
    rig.host().listing = aListing(guests);
    await rig.start(savedLab());
    const { taskId } = await rig.handlers['guest.power']({ id: guests[0]!.id, action: 'start' }, rig.context());
    const [operation] = rig.host().operations;
    operation!.tell({ type: 'log', line: 'one' });
    await rig.clock.settle();
    const frames: TaskLogFrame[] = [];
    const watch = rig.handlers['task.watchLog']({ id: taskId }, (next) => frames.push(next), rig.context());
    await rig.clock.settle();
    operation!.tell({ type: 'log', line: 'x'.repeat(10_000) });
    operation!.end();
    await rig.clock.settle();
    expect(
      frames.map(({ firstLine, lines, isComplete }) => [firstLine, lines.map((line) => line.length), isComplete]),
    ).toEqual([
      [0, [3], false],
      [1, [4_097], false],
      [2, [], true],
    ]);
    watch.dispose();
    await rig.close();
  });
});

describe('a bulk', () => {
  let rig: CoreRig;
  beforeEach(async () => {
    rig = new CoreRig();
    rig.host().listing = aListing(guests);
    await rig.start(savedLab());
  });
  afterEach(() => rig.close());

  const begin = async (): Promise<EntityId> =>
    (await rig.handlers['guest.powerMany']({ ids: guests.map((guest) => guest.id), action: 'start' }, rig.context()))
      .taskId;
  const children = (id: EntityId): readonly TaskRecord[] =>
    rig.core.taskList.all().filter((task) => task.parentId === id);
  const count = (id: EntityId, state: TaskRecord['state']): number =>
    children(id).filter((task) => task.state === state).length;

  it('works on a limited number of guests at a time, and on fewer of one node', async () => {
    const ended = new Set<ScriptedOperation>();
    let most = 0;
    let mostOnOneNode = 0;
    const id = await begin();
    await rig.clock.settle();
    while (count(id, 'running') > 0) {
      const running = children(id).filter((task) => task.state === 'running');
      most = Math.max(most, running.length);
      for (const task of running)
        mostOnOneNode = Math.max(mostOnOneNode, running.filter((other) => other.nodeId === task.nodeId).length);
      rig
        .host()
        .operations.find((operation) => !ended.has(operation) && ended.add(operation))!
        .end();
      await rig.clock.settle();
    }
    expect([most, mostOnOneNode]).toEqual([BULK_PARALLEL, BULK_PARALLEL_PER_NODE]);
    expect(rig.core.taskList.get(id)).toMatchObject({
      state: 'succeeded',
      progress: { done: 30, total: 30, unit: 'steps' },
      canCancel: false,
    });
  });
  it('leaves a failure with its guest, and sends again only what did not succeed', async () => {
    const refused = new Set(guests.slice(0, 3).map((guest) => guest.id));
    rig.host().onPerform = (action, guest) => {
      if (refused.has(guest)) return Promise.reject(wrongState(guest));
      const operation = new ScriptedOperation(`${action}:${guest}`);
      operation.end();
      return Promise.resolve(operation);
    };
    const id = await begin();
    await rig.clock.advance(10);
    expect([count(id, 'succeeded'), count(id, 'failed')]).toEqual([27, 3]);
    expect(rig.core.taskList.get(id)).toMatchObject({ state: 'warnings', canRetry: true });
    expect(children(id).find((task) => task.state === 'failed')?.error).toMatchObject({ code: 'entity.wrong-state' });
    refused.clear();
    const again = await rig.handlers['task.retry']({ id }, rig.context());
    await rig.clock.advance(10);
    expect(children(again.taskId).map((task) => task.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  it('begins nothing more when it is called off, and calls off what runs', async () => {
    const id = await begin();
    await rig.clock.settle();
    await rig.handlers['task.cancel']({ id }, rig.context());
    await rig.clock.settle();
    expect(count(id, 'cancelled')).toBe(30);
    expect(rig.host().operations).toHaveLength(BULK_PARALLEL);
    expect(rig.core.taskList.get(id)).toMatchObject({ state: 'cancelled' });
  });

  it('is one with the tasks that the host lists for its children', async () => {
    rig.host().tasks = [];
    await rig.handlers['connection.reconnect']({ id: labId }, rig.context());
    await rig.clock.settle();
    const id = await begin();
    await rig.clock.settle();
    rig.host().tasks = rig.host().operations.map((operation) => aTask(operation.nativeId, { startedAtMs: 1 }));
    await rig.clock.advance(40_000);
    expect(rig.core.taskList.all()).toHaveLength(31);
    await rig.handlers['task.cancel']({ id }, rig.context());
  });

  it('fails child by child when its connection is not open', async () => {
    await rig.handlers['connection.save'](
      { id: labId, settings: savedLab({ isEnabled: false }).settings },
      rig.context(),
    );
    const id = await begin();
    await rig.clock.settle();
    expect(count(id, 'failed')).toBe(30);
    expect(children(id)[0]?.error).toMatchObject({ code: 'connection.not-ready' });
    expect(rig.core.taskList.get(id)).toMatchObject({ state: 'failed' });
  });
});
