import { DatabaseSync } from '@photostructure/sqlite';
import * as fc from 'fast-check';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AppError } from '../../contract/errors.ts';
import { entityId, parseConnectionId, type ConnectionId, type EntityId } from '../../contract/ids.ts';
import { noLoad, toLoadRow, type EntityRecord, type LoadRow } from '../../contract/records/index.ts';
import { silentLog } from '../../core/ports/log.ts';
import type { KnownInventory } from '../../core/ports/store.ts';
import { bundleForNode } from '../../testing/node-bundle.ts';
import { guestRecord, guestsOf } from '../../testing/guest-records.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { applicationId, migrations } from './schema.ts';
import { SqliteInventoryStore, type SqliteInventoryStoreOptions } from './store.ts';
import { InlineWriter, ThreadWriter, type WriterHost } from './writer-host.ts';
import type { WriterReply, WriterRequest } from './writer.ts';

const [alpha, beta] = [parseConnectionId('alpha'), parseConnectionId('beta')];

/** Time that moves when told. */
class HandClock {
  #nowMs = 1_800_000_000_000;
  readonly #due: { atMs: number; callback: () => void }[] = [];
  now = (): number => this.#nowMs;
  after = (ms: number, callback: () => void) => {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#due.push(timer);
    return { dispose: () => void this.#due.splice(this.#due.indexOf(timer), this.#due.includes(timer) ? 1 : 0) };
  };
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const timer of this.#due.filter(({ atMs }) => atMs <= this.#nowMs)) {
      this.#due.splice(this.#due.indexOf(timer), 1);
      timer.callback();
    }
  }
}

/** A writer whose disk can fail. */
class FailingWriter implements WriterHost {
  readonly #inner: WriterHost;
  /** The answers to the next batches instead of writing them. */
  readonly failures: Extract<WriterReply, { type: 'failed' }>[] = [];
  batches = 0;
  constructor(path: string) {
    this.#inner = new InlineWriter(path);
  }
  #listener: (reply: WriterReply) => void = () => undefined;
  post(request: WriterRequest): void {
    if (request.type === 'write' && this.failures.length > 0) {
      if (!request.isLast) return;
      this.batches += 1;
      const failure = this.failures.shift()!;
      setImmediate(() => this.#listener(failure));
      return;
    }
    if (request.type === 'write' && request.isLast) this.batches += 1;
    this.#inner.post(request);
  }
  onReply(listener: (reply: WriterReply) => void): void {
    this.#listener = listener;
    this.#inner.onReply(listener);
  }
}

function storeAt(path: string, more: Partial<SqliteInventoryStoreOptions> = {}) {
  const problems: AppError[] = [];
  const clock = new HandClock();
  const writer = new FailingWriter(path);
  const store = new SqliteInventoryStore({
    path,
    isWritable: true,
    mayReplace: () => true,
    clock,
    log: silentLog,
    onProblem: (problem) => problems.push(problem),
    startWriter: () => writer,
    ...more,
  });
  return { store, problems, clock, writer };
}

async function contentOf(path: string): Promise<readonly KnownInventory[]> {
  const { store, problems } = storeAt(path);
  const known = await store.load();
  expect(problems).toEqual([]);
  return known.toSorted((a, b) => a.connectionId.localeCompare(b.connectionId));
}

const newPath = (): string => join(temporaryFolder(), 'inventory.db');

describe('the inventory store', () => {
  test('is empty on a new profile', async () => {
    expect(await contentOf(newPath())).toEqual([]);
  });

  test('remembers every kind of record as it is, whatever the names', async () => {
    const path = newPath();
    const { store } = storeAt(path);
    const base = (kind: 'connection', id: ConnectionId) => ({ kind, id: entityId(id, kind, id), connectionId: id });
    const records: readonly EntityRecord[] = [
      {
        ...base('connection', alpha),
        name: `<b>"O'Brien" 🚀 \u0000\u2028${'x'.repeat(250)}`,
        connectionKind: 'pve',
        group: '',
        endpoint: '',
        state: 'offline',
        sinceMs: 1,
        error: { code: 'connection.silent', message: 'm', data: { endpoint: 'e', afterMs: 3 } },
        systemVersion: '',
        account: '',
        isDemonstration: false,
        missingRights: ['Sys.Audit'],
      },
      guestRecord(alpha, '1', { lock: 'backup', tags: [] }),
    ];
    store.save(alpha, { put: records, removed: [], loads: [] }, 77);
    await store.close();
    const [known] = await contentOf(path);
    expect(known?.lastGoodAtMs).toBe(77);
    expect(new Map(known?.records.map((record) => [record.id, record]))).toEqual(
      new Map(records.map((record) => [record.id, record])),
    );
  });

  test('holds after any sequence of changes and flushes what a map would hold', async () => {
    const id = fc.constantFrom('1', '2', '3', '4');
    const step = fc.record({
      connection: fc.constantFrom(alpha, beta),
      action: fc.constantFrom('put', 'remove', 'load', 'forget', 'flush'),
      ids: fc.uniqueArray(id, { minLength: 1 }),
      mark: fc.nat(1000),
      fails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const path = newPath();
        const { store, writer } = storeAt(path);
        const model = new Map<ConnectionId, { records: Map<EntityId, EntityRecord>; loads: Map<EntityId, LoadRow> }>();
        for (const { connection, action, ids, mark, fails } of steps) {
          if (action === 'flush') {
            if (fails) writer.failures.push({ type: 'failed', fault: 'full', cause: 'test' });
            await store.flush();
            continue;
          }
          if (action === 'forget') {
            store.forget(connection);
            model.delete(connection);
            continue;
          }
          const known = model.get(connection) ?? { records: new Map(), loads: new Map() };
          model.set(connection, known);
          const guests = ids.map((nativeId) => guestRecord(connection, nativeId, { name: String(mark) }));
          const removed = action === 'remove' ? guests.map((guest) => guest.id) : [];
          const put = action === 'put' ? guests : [];
          const loads =
            action === 'load' ? guests.map((guest) => toLoadRow(guest.id, { ...noLoad, cpuRatio: mark })) : [];
          for (const gone of removed) {
            known.records.delete(gone);
            known.loads.delete(gone);
          }
          for (const record of put) known.records.set(record.id, record);
          for (const row of loads) known.loads.set(row[0], row);
          store.save(connection, { put, removed, loads }, mark);
        }
        writer.failures.length = 0;
        await store.close();
        const stored = await contentOf(path);
        const asMaps = stored.map(({ connectionId, records, loads }) => [
          connectionId,
          {
            records: new Map(records.map((record) => [record.id, record])),
            loads: new Map(loads.map((row) => [row[0], row])),
          },
        ]);
        expect(new Map(asMaps as [ConnectionId, unknown][])).toEqual(model);
      }),
      { seed: 11, numRuns: 60 },
    );
  }, 60_000);

  test('writes records soon, loads alone now and then, and nothing without a change', async () => {
    const path = newPath();
    const { store, clock, writer } = storeAt(path);
    const { records, loads } = guestsOf(alpha, 3, 1);
    store.save(alpha, { put: records, removed: [], loads }, 1);
    expect(writer.batches).toBe(0);
    clock.advance(300);
    await expect.poll(() => writer.batches).toBe(1);
    expect((await contentOf(path))[0]).toMatchObject({ records, loads: [] });
    clock.advance(10_000);
    await expect.poll(() => writer.batches).toBe(2);
    await expect.poll(async () => (await contentOf(path))[0]?.loads).toEqual(loads);
    clock.advance(100_000);
    await store.close();
    expect(writer.batches).toBe(2);
  });

  test('tells of a full disk once, goes on, and writes everything when there is room', async () => {
    const path = newPath();
    const { store, clock, writer, problems } = storeAt(path);
    const { records } = guestsOf(alpha, 600, 1);
    const full = { type: 'failed', fault: 'full', cause: 'database or disk is full' } as const;
    writer.failures.push(full, full, full);
    store.save(alpha, { put: records, removed: [], loads: [] }, 1);
    await store.flush();
    const newer = guestRecord(alpha, '100', { name: 'newer' });
    store.save(alpha, { put: [newer], removed: [records[1]!.id], loads: [] }, 2);
    clock.advance(5000);
    await store.flush();
    expect(problems.map(({ code, data }) => [code, data])).toEqual([
      ['profile.not-writable', { path, cause: 'database or disk is full' }],
    ]);
    expect(writer.batches).toBe(2);
    clock.advance(30_000);
    await expect.poll(() => writer.batches).toBe(3);
    store.save(alpha, { put: [], removed: [], loads: [] }, 3);
    clock.advance(30_000);
    await expect.poll(() => writer.batches).toBe(4);
    const [known] = await contentOf(path);
    expect(known?.records).toHaveLength(599);
    expect(known?.records.find(({ id }) => id === newer.id)).toEqual(newer);
    // It has recovered, so the next time is news again.
    writer.failures.push(full);
    store.forget(alpha);
    await store.flush();
    expect(problems).toHaveLength(2);
    await store.close();
    expect(await contentOf(path)).toEqual([]);
  });

  test('waits for another process that is writing without making it a problem', async () => {
    const path = newPath();
    const { store, clock, writer, problems } = storeAt(path);
    writer.failures.push({ type: 'failed', fault: 'busy', cause: 'database is locked' });
    store.save(alpha, { put: [guestRecord(alpha, '1')], removed: [], loads: [] }, 1);
    await store.flush();
    clock.advance(1000);
    await expect.poll(() => writer.batches).toBe(2);
    await store.close();
    expect(problems).toEqual([]);
    expect((await contentOf(path))[0]?.records).toHaveLength(1);
  });

  test('moves a file away that turns out unreadable while it is written, and starts anew', async () => {
    const path = newPath();
    await storeAt(path).store.load();
    const { store, problems } = storeAt(path);
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    writeFileSync(path, 'overwritten by something else'.repeat(400));
    store.save(alpha, { put: [guestRecord(alpha, '1')], removed: [], loads: [] }, 1);
    await store.close();
    expect(problems.map(({ code }) => code)).toEqual(['profile.corrupt']);
    expect((await contentOf(path))[0]?.records).toHaveLength(1);
  });

  test('leaves out what it cannot read and keeps the rest', async () => {
    const path = newPath();
    const { store } = storeAt(path);
    const { records, loads } = guestsOf(alpha, 3, 1);
    store.save(alpha, { put: records, removed: [], loads }, 1);
    await store.close();
    const database = new DatabaseSync(path);
    database.exec(`UPDATE record SET json = '{"kind":"gu' WHERE id LIKE '%100'`);
    database.exec(`UPDATE record SET json = '{"kind":"teapot"}' WHERE id LIKE '%101'`);
    database.exec(`UPDATE load SET json = '[1]' WHERE id LIKE '%102'`);
    database.close();
    const [known] = await contentOf(path);
    expect(known?.records).toEqual([records[2]]);
    expect(known?.loads).toEqual(loads.slice(0, 2));
  });
});

describe('the schema', () => {
  test('of every older version is brought to the present one with what it holds', async () => {
    for (let version = 1; version <= migrations.length; version += 1) {
      const path = newPath();
      const record = guestRecord(alpha, '1');
      const database = new DatabaseSync(path);
      database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version}`);
      database.exec('CREATE TABLE migration (version INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL) STRICT');
      for (const step of migrations.slice(0, version)) database.exec(step);
      database.prepare('INSERT INTO connection VALUES (?, ?)').run(alpha, 5);
      database.prepare('INSERT INTO record VALUES (?, ?, ?)').run(record.id, alpha, JSON.stringify(record));
      database.close();
      expect(await contentOf(path)).toEqual([{ connectionId: alpha, records: [record], loads: [], lastGoodAtMs: 5 }]);
    }
  });

  test.each([
    ['a newer version of the app', `PRAGMA application_id = ${applicationId}; PRAGMA user_version = 999`],
    ['another program', 'CREATE TABLE recipe (name TEXT)'],
  ])('of %s is kept aside', async (_whose, sql) => {
    const path = newPath();
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
    const { store, problems } = storeAt(path);
    expect(await store.load()).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['profile.corrupt']);
    await store.close();
  });
});

describe("the writer's thread", () => {
  test('writes, ends, and is replaced when it dies', async () => {
    const folder = await bundleForNode({ 'inventory-writer': 'electron/storage/inventory-writer.ts' });
    const path = newPath();
    const { records, loads } = guestsOf(alpha, 1000, 1);
    let entry = join(folder, 'no-such-file.js');
    const { store, problems, clock } = storeAt(path, { startWriter: (file) => new ThreadWriter(file, () => entry) });
    store.save(alpha, { put: records, removed: [], loads }, 1);
    await store.flush();
    expect(problems.map(({ code }) => code)).toEqual(['profile.not-writable']);
    entry = join(folder, 'inventory-writer.js');
    clock.advance(30_000);
    await store.close();
    expect(await contentOf(path)).toEqual([{ connectionId: alpha, records, loads, lastGoodAtMs: 1 }]);
  });
});
