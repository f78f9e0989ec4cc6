import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browserCommand, openBrowser } from './open-browser.ts';
import { createStartToken } from './start-token.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelhouse-open-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('opening the browser', () => {
  it('keeps the token out of the arguments, in a file that only this user can read', async () => {
    const url = `http://127.0.0.1:1/#${createStartToken()}`;
    // Stands for the browser: writes its arguments down, by renaming so that a half-written file is never seen.
    const browser = join(folder, 'browser');
    await writeFile(browser, `#!/bin/sh\necho "$*" > "${folder}/part" && mv "${folder}/part" "${folder}/arguments"\n`);
    await chmod(browser, 0o755);
    const remove = await openBrowser(url, folder, [browser, '--new']);
    await expect.poll(() => readdir(folder)).toContain('arguments');
    const words = (await readFile(join(folder, 'arguments'), 'utf8')).trim().split(' ');
    expect(words).toEqual(['--new', expect.stringMatching(/^file:.*\/open-[0-9a-f-]{36}\.html$/)]);
    const landing = fileURLToPath(words[1] ?? '');
    expect((await stat(landing)).mode & 0o777).toBe(0o600);
    expect(await readFile(landing, 'utf8')).toContain(`content="0;url=${url}"`);
    await remove();
    await expect(stat(landing)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('survives a browser that is not there', async () => {
    const remove = await openBrowser('http://127.0.0.1:1/#x', folder, [join(folder, 'nothing-here')]);
    await remove();
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ['linux', { DISPLAY: ':0' }, ['xdg-open']],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open']],
    ['linux', { DISPLAY: '' }, undefined],
    ['linux', {}, undefined],
    ['darwin', {}, ['open']],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler']],
  ] as const)('knows what opens an address on %s with %j', (platform, environment, command) => {
    expect(browserCommand(platform, environment)).toEqual(command);
  });
});
