import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectionSettingsSchema } from '../contract/connection-settings.ts';
import { parseConnectionId } from '../contract/ids.ts';
import { guestsOf } from '../testing/guest-records.ts';
import { bundleForNode, startNode, type LineProcess } from '../testing/node-bundle.ts';
import { asUnprivileged, temporaryFolder } from '../testing/temporary-folder.ts';
import { openProfile, type ProfileOptions } from './index.ts';

const lab = parseConnectionId('lab');
const window: ProfileOptions = { role: 'window', vaultKind: 'file' };
const tool: ProfileOptions = { role: 'tool', vaultKind: 'file' };
const local = (id: string) => ({
  id: parseConnectionId(id),
  settings: connectionSettingsSchema.parse({ name: id, access: { kind: 'local' } }),
});

let script = '';
beforeAll(async () => {
  const folder = await bundleForNode({
    'profile-child': 'electron/testing/profile-child.ts',
    'storage/inventory-writer': 'electron/storage/inventory-writer.ts',
  });
  script = join(folder, 'profile-child.js');
}, 60_000);

async function linesOf(child: LineProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let line = await child.nextLine(); line !== undefined; line = await child.nextLine()) lines.push(line);
  await child.ended;
  return lines;
}

describe('a profile folder', () => {
  test('is made for its owner alone, and leaves nothing behind that is not its own', async () => {
    const path = join(temporaryFolder(), 'deep', 'profile');
    const profile = await openProfile(path, window);
    expect(profile.isWritable).toBe(true);
    expect(profile.notices).toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await profile.connections.put(local('one'));
    await profile.inventory.load();
    await profile.close();
    await profile.close();
    const allowed = /^(connections\.json|inventory\.db(-wal|-shm)?|files\.lock|window\.(lock|pid)|wheelhouse\.log)$/;
    expect(readdirSync(path).filter((name) => !allowed.test(name))).toEqual([]);
    expect(statSync(join(path, 'connections.json')).mode & 0o077).toBe(0);
  });

  test('that cannot be made is refused with its path', async () => {
    const file = join(temporaryFolder(), 'a-file');
    writeFileSync(file, '');
    await expect(openProfile(join(file, 'profile'), window)).rejects.toMatchObject({
      code: 'profile.not-writable',
      data: { path: join(file, 'profile'), cause: 'ENOTDIR' },
    });
  });

  test('that is read-only opens with what it holds, a notice, and refuses every change', async () => {
    const path = temporaryFolder();
    const before = await openProfile(path, window);
    await before.connections.put(local('one'));
    await before.preferences.write({ theme: 'dark' });
    const { records, loads } = guestsOf(lab, 3, 1);
    before.inventory.save(lab, { put: records, removed: [], loads }, 5);
    await before.close();
    for (const name of readdirSync(path)) chmodSync(join(path, name), 0o444);
    chmodSync(path, 0o555);

    await asUnprivileged(async () => {
      const profile = await openProfile(path, window);
      expect(profile.isWritable).toBe(false);
      expect(profile.notices.map(({ code }) => code)).toEqual(['profile.not-writable']);
      expect((await profile.connections.list()).map(({ id }) => id)).toEqual(['one']);
      expect(await profile.inventory.load()).toEqual([{ connectionId: lab, records, loads, lastGoodAtMs: 5 }]);
      await expect(profile.connections.put(local('two'))).rejects.toMatchObject({ code: 'profile.not-writable' });
      await expect(profile.preferences.write({ theme: 'light' })).rejects.toMatchObject({
        code: 'profile.not-writable',
      });
      // The choice holds for this run, and what is saved goes nowhere without a word.
      expect((await profile.preferences.read()).theme).toBe('light');
      profile.inventory.save(lab, { put: [], removed: [], loads }, 6);
      await profile.close();
    });
    expect(readdirSync(path).filter((name) => /tmp|probe/.test(name))).toEqual([]);
  });
});

describe('two starts on one profile', () => {
  test('the second window is refused with the process that has it, the command line is not', async () => {
    const path = temporaryFolder();
    const child = startNode(script, ['hold', path]);
    expect(await child.nextLine()).toBe('held');
    await expect(openProfile(path, window)).rejects.toMatchObject({
      code: 'profile.in-use',
      data: { path, pid: child.child.pid },
    });
    const beside = await openProfile(path, tool);
    await beside.connections.put(local('two'));
    await beside.close();
    child.child.stdin?.end();
    expect(await child.ended).toBe(0);
    const after = await openProfile(path, window);
    expect((await after.connections.list()).map(({ id }) => id)).toEqual(['two']);
    await after.close();
  });

  test('within one process, too', async () => {
    const path = temporaryFolder();
    const first = await openProfile(path, window);
    await expect(openProfile(path, window)).rejects.toMatchObject({ code: 'profile.in-use' });
    await first.close();
    await (await openProfile(path, window)).close();
  });

  test('a window that was killed leaves the profile free, whatever process has its number now', async () => {
    const path = temporaryFolder();
    const child = startNode(script, ['hold', path]);
    expect(await child.nextLine()).toBe('held');
    child.child.kill('SIGKILL');
    expect(await child.ended).toBe('SIGKILL');
    // As if the number had been given to a process that runs: ours.
    writeFileSync(join(path, 'window.pid'), `${process.pid}\n`);
    const profile = await openProfile(path, window);
    expect(readFileSync(join(path, 'window.pid'), 'utf8')).toBe(`${process.pid}\n`);
    await profile.close();
  });
});

describe('changes of several processes', () => {
  test('are all kept', async () => {
    const path = temporaryFolder();
    const children = ['a', 'b', 'c'].map((name) => startNode(script, ['add-connections', path, name, '15']));
    const profile = await openProfile(path, window);
    for (let index = 0; index < 15; index += 1) await profile.connections.put(local(`own-${index}`));
    expect(await Promise.all(children.map(linesOf))).toEqual([['added'], ['added'], ['added']]);
    expect(await profile.connections.list()).toHaveLength(60);
    await profile.close();
  });

  test('are told, and our own are not', async () => {
    const path = temporaryFolder();
    const profile = await openProfile(path, window);
    await profile.connections.put(local('own'));
    await new Promise<void>((resolve, reject) => {
      const watch = profile.connections.onDidChangeElsewhere(() => {
        profile.connections.list().then((list) => {
          watch.dispose();
          expect(list.map(({ id }) => id)).toEqual(['own', 'own2', 'x-0']);
          resolve();
        }, reject);
      });
      void profile.connections
        .put(local('own2'))
        .then(() => linesOf(startNode(script, ['add-connections', path, 'x', '1'])));
    });
    await profile.close();
  });
});

describe('a file that cannot be read', () => {
  test.each(['connections.json', 'preferences.json'])('%s is kept aside and its backup taken', async (name) => {
    const path = temporaryFolder();
    const before = await openProfile(path, window);
    await before.connections.put(local('one'));
    await before.connections.put(local('two'));
    await before.preferences.write({ theme: 'dark' });
    await before.preferences.write({ theme: 'dark', notifyAfterMs: 5 });
    await before.close();
    writeFileSync(join(path, name), '{"format": "wheel');

    const profile = await openProfile(path, window);
    expect(profile.notices).toMatchObject([{ code: 'profile.corrupt', data: { path: join(path, name) } }]);
    const keptAs = (profile.notices[0]!.data as { keptAs: string }).keptAs;
    expect(readFileSync(keptAs, 'utf8')).toBe('{"format": "wheel');
    expect((await profile.connections.list()).map(({ id }) => id)).toContain('one');
    expect((await profile.preferences.read()).theme).toBe('dark');
    await profile.close();
    const again = await openProfile(path, window);
    expect(again.notices).toEqual([]);
    await again.close();
  });

  test('costs no more than the entry that is wrong, and that one stays in the file', async () => {
    const path = temporaryFolder();
    const future = { id: 'future', settings: { name: 'x', access: { kind: 'teleport' } } };
    writeFileSync(
      join(path, 'connections.json'),
      JSON.stringify({ format: 'wheelhouse-profile-connections', version: 1, connections: [future, local('one')] }),
    );
    const profile = await openProfile(path, window);
    expect(profile.notices.map(({ code }) => code)).toEqual(['profile.corrupt']);
    await profile.connections.put(local('two'));
    await profile.connections.remove(parseConnectionId('one'));
    expect((await profile.connections.list()).map(({ id }) => id)).toEqual(['two']);
    const text = readFileSync(join(path, 'connections.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ connections: [future, { id: 'two' }] });
    await profile.close();
  });

  test('preferences that do not fit fall back one by one', async () => {
    const path = temporaryFolder();
    const preferences = { theme: 'purple', notifyAfterMs: 3, later: { anything: 1 } };
    writeFileSync(
      join(path, 'preferences.json'),
      JSON.stringify({ format: 'wheelhouse-preferences', version: 1, preferences }),
    );
    const profile = await openProfile(path, window);
    expect(await profile.preferences.read()).toMatchObject({ theme: 'system', notifyAfterMs: 3 });
    await profile.preferences.write({ treeView: 'tag' });
    expect(JSON.parse(readFileSync(join(path, 'preferences.json'), 'utf8'))).toMatchObject({
      preferences: { ...preferences, treeView: 'tag' },
    });
    await profile.close();
  });

  test.each([
    ['no database', 'this is not a database, although it is long enough to be looked at as if it were one'.repeat(20)],
    ['cut off', 'SQLite format 3\0'],
  ])('an inventory that is %s is kept aside and a new one begun', async (_what, text) => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'inventory.db'), text);
    const problems: string[] = [];
    const profile = await openProfile(path, { ...window, onProblem: ({ code }) => problems.push(code) });
    expect(await profile.inventory.load()).toEqual([]);
    const { records, loads } = guestsOf(lab, 2, 1);
    profile.inventory.save(lab, { put: records, removed: [], loads }, 1);
    await profile.close();
    expect(problems).toEqual(['profile.corrupt']);
    const aside = readdirSync(path).find((name) => name.startsWith('inventory.db.corrupt-'))!;
    expect(readFileSync(join(path, aside), 'utf8')).toBe(text);
    const again = await openProfile(path, window);
    expect((await again.inventory.load())[0]?.records).toEqual(records);
    await again.close();
  });

  test('the command line leaves the inventory of a running window where it is', async () => {
    const path = temporaryFolder();
    const owner = await openProfile(path, window);
    writeFileSync(join(path, 'inventory.db'), 'not a database either'.repeat(99));
    const problems: string[] = [];
    const beside = await openProfile(path, { ...tool, onProblem: ({ code }) => problems.push(code) });
    expect(await beside.inventory.load()).toEqual([]);
    expect(problems).toEqual(['profile.not-writable']);
    expect(readdirSync(path).filter((name) => name.includes('corrupt'))).toEqual([]);
    await beside.close();
    await owner.close();
  });
});

describe('kill -9 while the inventory is written', () => {
  test('never tears it and costs nothing that was on disk', async () => {
    const path = temporaryFolder();
    const rounds = 8;
    const count = 400;
    for (let round = 0; round < rounds; round += 1) {
      const child = startNode(script, ['write-generations', path, String(count)]);
      let acknowledged = 0;
      // Between the first and the fifth generation, and at another moment of writing it each time.
      for (let line = 0; line <= round % 5; line += 1) acknowledged = Number(await child.nextLine());
      for (let turn = 0; turn < round * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      child.child.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');

      const profile = await openProfile(path, window);
      const [known] = await profile.inventory.load();
      const generation = known?.lastGoodAtMs ?? 0;
      expect(generation).toBeGreaterThanOrEqual(acknowledged);
      const expected = guestsOf(parseConnectionId('child'), count, generation);
      expect(known?.records).toEqual(expected.records);
      expect(known?.loads).toEqual(expected.loads);
      expect(profile.notices).toEqual([]);
      profile.inventory.forget(parseConnectionId('child'));
      await profile.close();
    }
  }, 120_000);
});

describe('a disk that is full', () => {
  test('is told once; the app goes on, and what was on disk is still there', async () => {
    const path = temporaryFolder();
    const before = await openProfile(path, window);
    const { records, loads } = guestsOf(parseConnectionId('child'), 50, 1);
    before.inventory.save(parseConnectionId('child'), { put: records, removed: [], loads }, 1);
    await before.preferences.write({ layout: { text: 'short' } });
    await before.close();

    // No file may become larger than 64 KiB (the unit of `ulimit -f` is 512 bytes): the errors of a full disk, for anybody.
    const lines = await linesOf(
      startNode(script, ['fill-disk', path, '5000', '300000'], { shellPrefix: 'ulimit -f 128;' }),
    );
    const told = lines.filter((line) => line.startsWith('problem'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('profile.not-writable');
    expect(lines.find((line) => line.startsWith('refused'))).toContain('profile.not-writable');
    expect(lines.at(-1)).toBe('remembers 300000');

    const after = await openProfile(path, window);
    expect((await after.inventory.load())[0]).toMatchObject({ lastGoodAtMs: 1, records });
    expect((await after.preferences.read()).layout).toEqual({ text: 'short' });
    expect(readdirSync(path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await after.close();
  }, 60_000);

  test('at the start opens the profile with a notice, for reading at least', async () => {
    const path = temporaryFolder();
    const before = await openProfile(path, window);
    await before.connections.put(local('one'));
    await before.close();
    const lines = await linesOf(startNode(script, ['hold-nothing', path], { shellPrefix: 'ulimit -f 0;' }));
    expect(lines[0]).toContain('notice profile.not-writable');
    expect(lines.filter((line) => /^(crash|error)/.test(line))).toEqual([]);
    expect(existsSync(join(path, 'connections.json'))).toBe(true);
  });
});

test('a folder that another user may write is used as it is', async () => {
  const path = join(temporaryFolder(), 'shared');
  mkdirSync(path, { mode: 0o775 });
  chmodSync(path, 0o775);
  const profile = await openProfile(path, window);
  await profile.close();
  expect(statSync(path).mode & 0o777).toBe(0o775);
});
