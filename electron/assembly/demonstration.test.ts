import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InventoryFrame } from '../contract/inventory.ts';
import type { ConnectionRecord, EntityRecord, GuestRecord, TaskRecord } from '../contract/records/index.ts';
import type { CallContext } from '../contract/rpc/ports.ts';
import { createApp, type App } from './create-app.ts';

const context: CallContext = { signal: new AbortController().signal, rendererId: 'window-1' };

describe('the demonstration inside the app', { timeout: 60_000 }, () => {
  let profilePath: string;
  let app: App;
  const records = new Map<string, EntityRecord>();
  const changed = new Set<() => void>();
  let watching: { dispose(): void };

  const accept = (frame: InventoryFrame): void => {
    for (const record of frame.type === 'snapshot' ? frame.records : frame.put) records.set(record.id, record);
    if (frame.type === 'delta') for (const id of frame.removed) records.delete(id);
    for (const listener of changed) listener();
  };
  /** Settles when the records say so; the test's own time limit is the only clock. */
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        changed.delete(look);
        resolve(found);
      };
      changed.add(look);
      look();
    });
  const ofKind = <Kind extends EntityRecord['kind']>(kind: Kind): Extract<EntityRecord, { kind: Kind }>[] =>
    [...records.values()].filter((record): record is Extract<EntityRecord, { kind: Kind }> => record.kind === kind);

  beforeEach(async () => {
    profilePath = await mkdtemp(join(tmpdir(), 'wheelhouse-demo-'));
    app = await createApp({ profilePath, host: 'loopback', version: '0.0.0', openDemonstration: true });
    watching = app.handlers['inventory.watch']({}, accept, context);
  });
  afterEach(async () => {
    watching.dispose();
    await app.close();
    await rm(profilePath, { recursive: true, force: true });
    records.clear();
  });

  const bothLive = (): Promise<readonly ConnectionRecord[]> =>
    until(() => {
      const live = ofKind('connection').filter((record) => record.state === 'live');
      return live.length === 2 ? live : undefined;
    });

  it('shows both clusters with all their guests, marked as what they are', async () => {
    const connections = await bothLive();
    expect(connections.map((record) => record.isDemonstration)).toEqual([true, true]);
    expect(ofKind('node')).toHaveLength(5);
    expect(ofKind('guest')).toHaveLength(80);
    expect(ofKind('cluster').map((record) => record.isQuorate)).toEqual([true, true]);
  });

  it('starts a stopped guest, and the task and the new state are seen', async () => {
    await bothLive();
    const guest = ofKind('guest').find(
      (each) => each.power === 'stopped' && !each.isTemplate && each.lock === undefined,
    );
    expect(guest).toBeDefined();
    const { taskId } = await app.handlers['guest.power']({ id: guest!.id, action: 'start' }, context);
    const ended = await new Promise<TaskRecord>((resolve) => {
      const tasks = app.handlers['task.watch'](
        {},
        (frame) => {
          const all = frame.type === 'snapshot' ? frame.tasks : frame.put;
          const own = all.find((task) => task.id === taskId && task.endedAtMs !== undefined);
          if (own !== undefined) resolve(own);
        },
        context,
      );
      void tasks;
    });
    // PVE lists guests in any order, and some containers start with a warning.
    expect(['succeeded', 'warnings']).toContain(ended.state);
    expect(ended).toMatchObject({ isOurs: true, subjectId: guest!.id, taskType: 'guest.start' });
    const running = await until(() => {
      const now = records.get(guest!.id) as GuestRecord | undefined;
      return now?.power === 'running' ? now : undefined;
    });
    expect(running.name).toBe(guest!.name);
  });

  it('leaves nothing in the profile and goes away when it is closed', async () => {
    await bothLive();
    await app.handlers['demonstration.close']({}, context);
    await until(() => (records.size === 0 ? true : undefined));
    const { ids } = await app.handlers['demonstration.open']({}, context);
    expect(ids).toHaveLength(2);
    await app.close();
    app = await createApp({ profilePath, host: 'loopback', version: '0.0.0' });
    const frames: InventoryFrame[] = [];
    app.handlers['inventory.watch']({}, (frame) => frames.push(frame), context).dispose();
    expect(frames).toMatchObject([{ records: [], loads: [] }]);
  });
});
