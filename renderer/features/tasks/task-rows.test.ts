import { describe, expect, it } from 'vitest';
import { entityId, parseConnectionId, type EntityId } from '../../../electron/contract/ids.ts';
import type { TaskRecord } from '../../../electron/contract/records/index.ts';
import { applyLogFrame } from './task-log-lines.ts';
import { endedTasks } from './task-notifications.ts';
import { countTasks, holdOrder, matchesTaskFilter, partsByBulk, withParts } from './task-rows.ts';

const connection = parseConnectionId('site');
const idOf = (name: string): EntityId => entityId(connection, 'task', name);

function task(name: string, change: Partial<TaskRecord> = {}): TaskRecord {
  return {
    kind: 'task',
    id: idOf(name),
    connectionId: connection,
    name,
    taskType: 'qmstart',
    user: 'root@pam',
    state: 'succeeded',
    startedAtMs: 1000,
    outcome: 'OK',
    isOurs: false,
    canCancel: false,
    canRetry: false,
    ...change,
  };
}

const asMap = (...tasks: readonly TaskRecord[]) => new Map(tasks.map((each) => [each.id, each]));

describe('the list of tasks', () => {
  it('hides consoles until they are asked for', () => {
    const console = task('a', { taskType: 'vncproxy' });
    expect(matchesTaskFilter(console, 'all', false)).toBe(false);
    expect(matchesTaskFilter(console, 'all', true)).toBe(true);
  });

  it('counts a task with warnings among those in trouble, and a waiting one among the running', () => {
    expect(matchesTaskFilter(task('a', { state: 'warnings' }), 'failed', false)).toBe(true);
    expect(matchesTaskFilter(task('a', { state: 'waiting' }), 'running', false)).toBe(true);
    expect(matchesTaskFilter(task('a', { isOurs: true }), 'mine', false)).toBe(true);
    expect(matchesTaskFilter(task('a'), 'mine', false)).toBe(false);
  });

  it('shows the parts of an opened bulk under it, failed ones first', () => {
    const bulk = task('bulk', { taskType: 'bulk.start' });
    const good = task('good', { parentId: bulk.id });
    const bad = task('bad', { parentId: bulk.id, state: 'failed' });
    const parts = partsByBulk([bulk, good, bad]);
    expect(withParts([bulk, task('z')], parts, new Set([bulk.id]))).toEqual([bulk.id, bad.id, good.id, idOf('z')]);
    expect(withParts([bulk, task('z')], parts, new Set())).toEqual([bulk.id, idOf('z')]);
  });

  it('never moves a row under the pointer: what stands stays, what is new comes last, what is gone leaves', () => {
    expect(holdOrder(['a', 'b', 'c'], ['new', 'c', 'a'])).toEqual(['a', 'c', 'new']);
  });

  it('counts what runs, and what ended within a day, without consoles', () => {
    const day = 24 * 3_600_000;
    const running = task('running', { state: 'running' });
    const counts = countTasks(
      [
        running,
        task('console', { state: 'running', taskType: 'vncproxy' }),
        task('done', { endedAtMs: day }),
        task('failed', { state: 'failed', endedAtMs: day }),
        task('old', { state: 'failed', endedAtMs: 0 }),
      ],
      day + 1000,
    );
    expect(counts).toEqual({ running: 1, done: 1, failed: 1, latest: running });
  });
});

describe('desktop notifications', () => {
  const before = asMap(
    task('ours', { state: 'running', isOurs: true }),
    task('theirs', { state: 'running' }),
    task('part', { state: 'running', isOurs: true, parentId: idOf('bulk') }),
  );
  const after = asMap(
    task('ours', { isOurs: true, endedAtMs: 11_000 }),
    task('theirs', { endedAtMs: 11_000 }),
    task('part', { isOurs: true, parentId: idOf('bulk'), endedAtMs: 11_000 }),
    task('seen-ended-only', { isOurs: true, endedAtMs: 90_000 }),
  );

  it('tell of our own tasks that ended after long enough, and never of the parts of a bulk', () => {
    expect(endedTasks(before, after, 10_000).map((each) => each.id)).toEqual([idOf('ours')]);
    expect(endedTasks(before, after, 10_001)).toEqual([]);
  });

  it('are off at 0', () => {
    expect(endedTasks(before, after, 0)).toEqual([]);
  });
});

describe('a log', () => {
  it('grows by frames, and begins again where a frame says so', () => {
    const empty = { lines: [], isComplete: false, error: undefined };
    const first = applyLogFrame(empty, { firstLine: 0, lines: ['a', 'b'], isComplete: false });
    const second = applyLogFrame(first, { firstLine: 2, lines: ['c'], isComplete: true });
    expect(second).toEqual({ lines: ['a', 'b', 'c'], isComplete: true, error: undefined });
    expect(applyLogFrame(second, { firstLine: 0, lines: ['x'], isComplete: false }).lines).toEqual(['x']);
  });
});
