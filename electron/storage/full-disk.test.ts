import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConnectionId } from '../contract/ids.ts';
import { guestsOf } from '../testing/guest-records.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openProfile } from './index.ts';

const lab = parseConnectionId('lab');

/** A disk of its own, a megabyte large; undefined where none can be mounted. */
function smallDisk(): string | undefined {
  const folder = temporaryFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  if (status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

test('a profile on a disk without room opens with what it holds, goes on, and writes again when there is room', async (context) => {
  const disk = smallDisk();
  if (disk === undefined) return context.skip('mounting a small disk needs root');
  const path = join(disk, 'profile');
  const { records, loads } = guestsOf(lab, 20, 1);
  const before = await openProfile(path, { role: 'window', vaultKind: 'file' });
  before.inventory.save(lab, { put: records, removed: [], loads }, 1);
  await before.preferences.write({ theme: 'dark' });
  await before.close();
  // Fills what is left; writing fails at the end, and that is what it is for.
  expect(() => writeFileSync(join(disk, 'ballast'), Buffer.alloc(2 * 1024 * 1024))).toThrow(/ENOSPC/);

  const problems: string[] = [];
  const profile = await openProfile(path, {
    role: 'window',
    vaultKind: 'file',
    onProblem: ({ code }) => problems.push(code),
  });
  expect(profile.notices.map(({ code }) => code)).toContain('profile.not-writable');
  expect((await profile.inventory.load())[0]?.records).toEqual(records);
  expect((await profile.preferences.read()).theme).toBe('dark');
  const newer = guestsOf(lab, 20, 2);
  profile.inventory.save(lab, { put: newer.records, removed: [], loads: newer.loads }, 2);
  await profile.inventory.flush();
  await profile.inventory.flush();
  await expect(profile.preferences.write({ theme: 'light' })).rejects.toMatchObject({ code: 'profile.not-writable' });
  expect((await profile.preferences.read()).theme).toBe('light');
  expect(problems).toEqual(['profile.not-writable']);

  rmSync(join(disk, 'ballast'));
  await profile.preferences.write({ treeView: 'tag' });
  await profile.close();
  const after = await openProfile(path, { role: 'window', vaultKind: 'file' });
  expect(after.notices).toEqual([]);
  expect((await after.inventory.load())[0]).toMatchObject({ lastGoodAtMs: 2, records: newer.records });
  expect(await after.preferences.read()).toMatchObject({ theme: 'light', treeView: 'tag' });
  await after.close();
});
