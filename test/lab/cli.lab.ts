import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, type AppWindow, type RunningApp } from '../e2e/harness.ts';
import { describeLab } from './describe-lab.ts';
import { runOnNode, type NodeOutput } from './lab-nodes.ts';
import { guestIs } from './window-steps.ts';

const command = resolve(import.meta.dirname, '../../build/wheelhouse.mjs');

interface ListedRecord {
  readonly kind: string;
  readonly name: string;
  readonly power?: string;
}

await describeLab('the command line beside a running window', (lab) => {
  const [node] = lab.nodes.filter(({ guests, containers }) => guests !== null && containers !== null);
  const guests = node?.guests ?? null;
  const containers = node?.containers ?? null;
  if (node === undefined || guests === null || containers === null)
    throw new Error('the lab needs a node with libvirt and LXC');
  let home: string;
  let browser: Browser;
  let app: RunningApp;
  let window: AppWindow;

  const wheelhouse = (...words: readonly string[]): Promise<NodeOutput> =>
    new Promise((done, fail) => {
      const args = [command, ...words, '--profile', join(home, 'profile')];
      const env = { ...process.env, HOME: home };
      const child = execFile(process.execPath, args, { env, timeout: 120_000 }, (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number') done({ code, stdout, stderr });
        else fail(new Error(`wheelhouse ${words.join(' ')} did not end: ${stdout}${stderr}`, { cause: error }));
      });
      child.stdin?.end();
    });
  const witness = async (...argv: string[]): Promise<string> => (await runOnNode(node, argv)).stdout.trim();

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'wheelhouse-home-'));
    const profilePath = join(home, 'profile');
    [browser, app] = await Promise.all([launchBrowser(), startApp({ profilePath, env: { HOME: home } })]);
    window = await openWindow(browser, app.url);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await runOnNode(node, ['virsh', 'start', guests.running]);
    await runOnNode(node, ['lxc-start', '-n', containers.running]);
    await rm(home, { recursive: true, force: true });
  });

  it('adds a host whose key was told to it, refuses another key, and the window has the host as well', async () => {
    const key = await witness('ssh-keygen', '-lf', '/etc/ssh/ssh_host_ed25519_key.pub');
    const fingerprint = `ssh-ed25519 ${key.split(' ')[1] ?? ''}`;
    const add = (name: string, identity: string): Promise<NodeOutput> =>
      wheelhouse(
        'connections',
        'add',
        'ssh',
        `root@${node.host}:${node.port}`,
        '--name',
        name,
        '--key',
        node.rootKey,
        '--fingerprint',
        identity,
      );
    const added = await add('north', fingerprint);
    expect(added).toMatchObject({ code: 0 });
    await guestIs(window.page, guests.running, 'running');
    const other = await add('false', `ssh-ed25519 SHA256:${'A'.repeat(43)}`);
    expect(other.code).not.toBe(0);
    expect(other.stderr).toContain(fingerprint);
    await wheelhouse('connections', 'remove', 'false');
  });

  it('lists the guests of the node in JSON as they are', async () => {
    const { code, stdout } = await wheelhouse('inventory', '--json');
    expect(code).toBe(0);
    const { entities } = JSON.parse(stdout) as { readonly entities: readonly ListedRecord[] };
    const powers = entities.filter(({ kind }) => kind === 'guest').map(({ name, power }) => [name, power]);
    expect(Object.fromEntries(powers)).toEqual({
      [guests.running]: 'running',
      [guests.stopped]: 'stopped',
      [containers.running]: 'running',
      [containers.stopped]: 'stopped',
    });
  });

  it('stops and starts a VM and a container, on the node and in the window', async () => {
    expect(await wheelhouse('guest', 'stop', guests.running, containers.running, '--yes')).toMatchObject({ code: 0 });
    expect(await witness('virsh', 'domstate', guests.running)).toBe('shut off');
    expect(await witness('lxc-info', '-s', '-H', '-n', containers.running)).toBe('STOPPED');
    await guestIs(window.page, guests.running, 'stopped');
    await guestIs(window.page, containers.running, 'stopped');
    expect(await wheelhouse('guest', 'start', guests.running, containers.running)).toMatchObject({ code: 0 });
    expect(await witness('virsh', 'domstate', guests.running)).toBe('running');
    expect(await witness('lxc-info', '-s', '-H', '-n', containers.running)).toBe('RUNNING');
    await guestIs(window.page, guests.running, 'running');
    await guestIs(window.page, containers.running, 'running');
  });

  it('says in words and by its code that there is no such guest, and lists tasks without complaint', async () => {
    const missing = await wheelhouse('guest', 'start', 'nobody');
    expect(missing.code).not.toBe(0);
    expect(missing.stderr).toContain('nobody');
    expect(await wheelhouse('tasks')).toMatchObject({ code: 0 });
    expect(window.problems).toEqual([]);
  });
});
