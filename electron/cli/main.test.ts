import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundleForNode, startNode } from '../testing/node-bundle.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { connectionSettingsSchema } from '../contract/connection-settings.ts';
import { parseConnectionId } from '../contract/ids.ts';
import { openProfile } from '../storage/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let bundle = '';
beforeAll(async () => {
  bundle = await bundleForNode({
    'dist/cli/main': 'electron/cli/main.ts',
    'dist/storage/inventory-writer': 'electron/storage/inventory-writer.ts',
    'profile-child': 'electron/testing/profile-child.ts',
  });
  // As it lies when it is installed: the launcher beside the built files.
  mkdirSync(join(bundle, 'build'), { recursive: true });
  cpSync(join(root, 'build/wheelhouse.mjs'), join(bundle, 'build/wheelhouse.mjs'));
  writeFileSync(join(bundle, 'package.json'), JSON.stringify({ type: 'module', version: '9.8.7' }));
}, 60_000);

/** Runs the command as a shell would: by a link in the path. */
async function wheelhouse(
  args: readonly string[],
  onStart: (child: ReturnType<typeof spawn>) => void = () => undefined,
): Promise<{ code: number | null; out: string; err: string }> {
  const link = join(temporaryFolder(), 'wheelhouse');
  symlinkSync(join(bundle, 'build/wheelhouse.mjs'), link);
  const child = spawn(process.execPath, [link, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  onStart(child);
  const [out, err] = await Promise.all([
    // A reader that goes away reads nothing.
    text(child.stdout).catch(() => ''),
    text(child.stderr),
  ]);
  return { code: await ended, out, err };
}

describe('the command wheelhouse', () => {
  test('tells its version, and what is wrong on standard error', async () => {
    expect(await wheelhouse(['--version'])).toEqual({ code: 0, out: 'wheelhouse 9.8.7\n', err: '' });
    expect(await wheelhouse(['nonsense'])).toMatchObject({ code: 2, out: '' });
  });

  test('works on a profile that a window has open', async () => {
    const folder = temporaryFolder();
    const profile = await openProfile(folder, { role: 'tool', vaultKind: 'file' });
    const settings = connectionSettingsSchema.parse({ name: 'Here', isEnabled: false, access: { kind: 'local' } });
    await profile.connections.put({ id: parseConnectionId('here'), settings });
    await profile.close();
    const window = startNode(join(bundle, 'profile-child.js'), ['hold', folder]);
    expect(await window.nextLine()).toBe('held');
    const { code, out } = await wheelhouse(['connections', '--profile', folder]);
    expect(code).toBe(0);
    expect(out).toMatch(/^here +Here +local +disabled +never/m);
    window.child.stdin?.end();
    expect(await window.ended).toBe(0);
  });

  test('shows the demonstration from end to end', async () => {
    const args = ['inventory', '--demo', '--json', '--filter', 'type:node', '--profile', temporaryFolder()];
    const { code, out, err } = await wheelhouse(args);
    expect(err).toBe('');
    expect(code).toBe(0);
    const { entities } = JSON.parse(out) as { entities: unknown[] };
    expect(entities).toHaveLength(5);
  }, 60_000);

  test('stops following on Ctrl+C, in order', async () => {
    const args = ['tasks', '--follow', '--demo', '--profile', temporaryFolder()];
    const { code, err } = await wheelhouse(args, (child) => {
      child.stdout?.once('data', () => child.kill('SIGINT'));
    });
    expect(err).toBe('');
    expect(code).toBe(0);
  }, 60_000);

  test('ends quietly when nobody reads on', async () => {
    const args = ['inventory', '--demo', '--json', '--profile', temporaryFolder()];
    const { code, err } = await wheelhouse(args, (child) => {
      child.stdout?.once('data', () => child.stdout?.destroy());
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  }, 60_000);

  test('says how to build it when it has not been built', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'build'));
    cpSync(join(root, 'build/wheelhouse.mjs'), join(folder, 'build/wheelhouse.mjs'));
    const child = spawn(process.execPath, [join(folder, 'build/wheelhouse.mjs')]);
    const ended = new Promise((resolve) => child.on('close', resolve));
    expect(await text(child.stderr)).toContain('node build/build.mjs');
    expect(await ended).toBe(1);
    rmSync(folder, { recursive: true });
  });
});
