import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, type AppWindow, type RunningApp } from '../e2e/harness.ts';
import { describeLab } from './describe-lab.ts';
import { labCommand, runOnNode, type Lab, type LabNode } from './lab-nodes.ts';
import {
  answerPassphrase,
  guestIs,
  lookAt,
  openFromTree,
  powerFromTree,
  signInAndSave,
  treeLine,
} from './window-steps.ts';

type FullNode = LabNode & {
  readonly guests: NonNullable<LabNode['guests']>;
  readonly containers: NonNullable<LabNode['containers']>;
};

/** What a command prints on the node, by OpenSSH: a witness that knows nothing of the product. */
async function witness(node: LabNode, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await runOnNode(node, argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} on ${node.name} ended with ${code}: ${stderr}`);
  return stdout.trim();
}

const domainState = (node: FullNode, name: string) => witness(node, 'virsh', 'domstate', name);
const containerState = (node: FullNode, name: string) => witness(node, 'lxc-info', '-s', '-H', '-n', name);
const seen = { timeout: 60_000, interval: 500 };

async function fingerprintOf(node: LabNode, algorithm: string): Promise<string> {
  const name = algorithm.replace(/^ssh-/, '').replace(/^ecdsa-.*/, 'ecdsa');
  return (await witness(node, 'ssh-keygen', '-lf', `/etc/ssh/ssh_host_${name}_key.pub`)).split(' ')[1] ?? '';
}

/** The fingerprints of all host keys that a node has. */
async function hostKeys(node: LabNode): Promise<readonly string[]> {
  const listing = await witness(
    node,
    'sh',
    '-c',
    'for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$key"; done',
  );
  return listing.split('\n').map((line) => line.split(' ')[1] ?? '');
}

/** Leaves the four guests of a node as the lab has made them. */
async function putBack(node: FullNode): Promise<void> {
  const { guests, containers } = node;
  await runOnNode(node, ['virsh', 'start', guests.running]);
  await runOnNode(node, ['virsh', 'destroy', guests.stopped]);
  await runOnNode(node, ['lxc-start', '-n', containers.running]);
  await runOnNode(node, ['lxc-stop', '-k', '-n', containers.stopped]);
}

await describeLab('real nodes in the window', (lab: Lab) => {
  const [first, second] = lab.nodes.filter(
    (node): node is FullNode => node.guests !== null && node.containers !== null,
  );
  if (first === undefined || second === undefined) throw new Error('the lab needs two nodes with libvirt and LXC');
  let home: string;
  let browser: Browser;
  let app: RunningApp;
  let window: AppWindow;
  const start = (): Promise<RunningApp> => startApp({ profilePath: join(home, 'profile'), env: { HOME: home } });

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'wheelhouse-home-'));
    [browser, app] = await Promise.all([launchBrowser(), start()]);
    window = await openWindow(browser, app.url);
    window.page.setDefaultTimeout(15_000);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await Promise.all([putBack(first), putBack(second)]);
    await rm(home, { recursive: true, force: true });
  });

  describe('adding a host', () => {
    it('shows the identity that the node itself says it has, and then its guests as they are', async () => {
      const { page } = window;
      const shown = await lookAt(page, first.port);
      const algorithm = (await page.locator('.wizard-facts dd').nth(1).textContent()) ?? '';
      expect(shown).toBe(await fingerprintOf(first, algorithm));
      const stages = await signInAndSave(page, {
        name: 'north',
        port: first.port,
        user: 'root',
        keyPath: lab.keys.plain,
      });
      expect(stages.map((stage) => stage.split(' passed')[0])).toEqual([
        'Reach the host',
        'Identity',
        'Sign in',
        'Rights',
        'Tools on the host',
        'Read the inventory',
      ]);
      await guestIs(page, first.guests.running, 'running');
      await guestIs(page, first.guests.stopped, 'stopped');
      await guestIs(page, first.containers.running, 'running');
      await guestIs(page, first.containers.stopped, 'stopped');
      expect(window.problems).toEqual([]);
    });

    it('asks for the passphrase of a key that has one, and signs in with it', async () => {
      const { page } = window;
      await page.goto(`${app.origin}/#/connections`);
      await lookAt(page, second.port);
      const done = signInAndSave(page, {
        name: 'south',
        port: second.port,
        user: 'admin',
        keyPath: lab.keys.encrypted,
      });
      await answerPassphrase(page, lab.keys.passphrase, false);
      await done;
      await answerPassphrase(page, lab.keys.passphrase, false);
      await guestIs(page, second.guests.running, 'running');
      await guestIs(page, second.containers.stopped, 'stopped');
      expect(window.problems).toEqual([]);
    });
  });

  describe('a guest', () => {
    it('is stopped and started in the window, and virsh says the same', async () => {
      const { page } = window;
      const name = first.guests.running;
      await powerFromTree(page, name, 'Stop', true);
      await expect.poll(() => domainState(first, name), seen).toBe('shut off');
      await guestIs(page, name, 'stopped');
      await powerFromTree(page, name, 'Start', false);
      await expect.poll(() => domainState(first, name), seen).toBe('running');
      await guestIs(page, name, 'running');
    });

    it('shows the address that it leased, and the configuration that the node has', async () => {
      const { page } = window;
      // The guest has just been started: its lease comes a little later.
      const leaseOf = async () =>
        /(\d+\.\d+\.\d+\.\d+)\//.exec(await witness(first, 'virsh', 'domifaddr', first.guests.running))?.[1];
      await expect.poll(leaseOf, { ...seen, timeout: 120_000 }).toBeDefined();
      const address = (await leaseOf()) ?? '';
      await openFromTree(page, first.guests.running);
      await page.getByRole('rowheader', { name: address }).waitFor();
      await page.getByRole('tab', { name: 'Configuration' }).click();
      const uuid = await witness(first, 'virsh', 'domuuid', first.guests.running);
      await page.getByRole('tabpanel').getByText(uuid).first().waitFor();
    });

    it('in a container is shut down and started in the window, and lxc-info says the same', async () => {
      const { page } = window;
      const name = second.containers.running;
      await powerFromTree(page, name, 'Shut down', true);
      await expect.poll(() => containerState(second, name), seen).toBe('STOPPED');
      await guestIs(page, name, 'stopped');
      await powerFromTree(page, name, 'Start', false);
      await expect.poll(() => containerState(second, name), seen).toBe('RUNNING');
      await guestIs(page, name, 'running');
    });

    it('and another one are stopped together after a question that names both', async () => {
      const { page } = window;
      const names = [first.containers.running, second.guests.running];
      await page.getByRole('link', { name: 'Inventory' }).first().click();
      for (const name of names) {
        const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
        await row.getByRole('checkbox').click();
      }
      await page.getByRole('toolbar').getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Stop', exact: true }).click();
      const question = page.getByRole('alertdialog');
      const asked = (await question.getByRole('listitem').allInnerTexts()).map((text) => text.split(/\s+/));
      // Each line names the guest, then where it is.
      expect(asked.map(([name]) => name ?? '').toSorted()).toEqual(names.toSorted());
      await question.getByRole('button', { name: 'Stop 2 guests' }).click();
      await expect.poll(() => containerState(first, names[0]!), seen).toBe('STOPPED');
      await expect.poll(() => domainState(second, names[1]!), seen).toBe('shut off');
      await page.getByText('2 of 2 done').waitFor();
      for (const name of names) await guestIs(page, name, 'stopped');
    });

    it('that somebody starts or destroys by hand changes in the window by itself', async () => {
      const { page } = window;
      await witness(second, 'virsh', 'start', second.guests.running);
      await guestIs(page, second.guests.running, 'running', 8_000);
      await witness(second, 'virsh', 'destroy', second.guests.running);
      await guestIs(page, second.guests.running, 'stopped', 8_000);
      await putBack(second);
      await guestIs(page, second.guests.running, 'running');
      expect(window.problems).toEqual([]);
    });
  });

  describe('a host that is cut off', () => {
    it('says so with its age while its guests stay, dimmed, and is live again when it is back', async () => {
      const { page } = window;
      await labCommand('partition', second.name);
      try {
        await treeLine(page, 'south')
          .getByText(/^(stale|offline) \d/)
          .waitFor({ timeout: 90_000 });
        const glyph = treeLine(page, second.guests.running).getByRole('img', { name: 'running' });
        expect(await glyph.getAttribute('data-dim')).toBe('true');
        await guestIs(page, first.guests.running, 'running');
        expect(
          await treeLine(page, first.guests.running).getByRole('img', { name: 'running' }).getAttribute('data-dim'),
        ).toBeNull();
      } finally {
        await labCommand('heal', second.name);
      }
      await treeLine(page, 'south')
        .getByText(/^(stale|offline|connecting)/)
        .waitFor({ state: 'detached', timeout: 120_000 });
      await page
        .getByRole('treeitem')
        .filter({ has: page.getByText(second.guests.running, { exact: true }) })
        .locator('svg:not([data-dim])')
        .first()
        .waitFor();
    });

    it('with another host key is blocked with both fingerprints until the new one is trusted', async () => {
      const { page } = window;
      const before = await hostKeys(first);
      await labCommand('rekey', first.name);
      const after = await hostKeys(first);
      await page.getByRole('link', { name: 'Connections' }).first().click();
      await page.getByRole('button', { name: /north/ }).click();
      await page.getByRole('menuitem', { name: 'Connect now' }).click();
      const question = page.getByRole('dialog', { name: /north/ });
      await question.waitFor();
      const [expected = '', presented = ''] = await question.locator('dd').allInnerTexts();
      expect(before).toContain(expected.split(' ')[1]);
      expect(after).toContain(presented.split(' ')[1]);
      expect(before).not.toContain(presented.split(' ')[1]);
      await question.getByRole('button', { name: /^Trust the new identity/ }).click();
      await guestIs(page, first.guests.running, 'running');
      await treeLine(page, 'north').locator('.line-note').waitFor({ state: 'detached' });
    });
  });

  describe('the next start', () => {
    it('shows the last known state before any host has answered', async () => {
      await window.close();
      expect(await app.stop()).toBe(0);
      await labCommand('partition', second.name);
      try {
        app = await start();
        window = await openWindow(browser, app.url);
        const { page } = window;
        await guestIs(page, second.guests.running, 'running', 10_000);
        const glyph = treeLine(page, second.guests.running).getByRole('img', { name: 'running' });
        expect(await glyph.getAttribute('data-dim')).toBe('true');
        await guestIs(page, first.guests.running, 'running');
      } finally {
        await labCommand('heal', second.name);
      }
    });
  });
});
