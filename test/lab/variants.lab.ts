import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, type AppWindow, type RunningApp } from '../e2e/harness.ts';
import { describeLab } from './describe-lab.ts';
import { guestIs, lookAt, signInAndSave, treeLine } from './window-steps.ts';

const libvirtMissing = 'libvirt is not installed: virtual machines cannot be shown.';
const lxcMissing = 'LXC is not installed: containers cannot be shown.';

/** What the window says on each kind of node that lacks something. */
const notices = {
  'lxc-only': [libvirtMissing],
  'libvirt-only': [lxcMissing],
  bare: [libvirtMissing, lxcMissing],
} as const;

await describeLab('hosts without libvirt, without LXC, without either', (lab) => {
  const variants = lab.nodes.flatMap((node) => (node.variant === 'full' ? [] : [{ ...node, variant: node.variant }]));
  let home: string;
  let browser: Browser;
  let app: RunningApp;
  let window: AppWindow;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'wheelhouse-home-'));
    const profilePath = join(home, 'profile');
    [browser, app] = await Promise.all([launchBrowser(), startApp({ profilePath, env: { HOME: home } })]);
    window = await openWindow(browser, app.url);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await rm(home, { recursive: true, force: true });
  });

  it.runIf(variants.length === 0)('are not in this lab', (context) => {
    const reason = 'every node has everything (npm run lab -- up 5 --variant n3=lxc-only ...)';
    process.stderr.write(`skipped: ${reason}\n`);
    context.skip(reason);
  });

  it.each(variants)('$variant: shows what there is, and says how to install the rest', async (node) => {
    const { page } = window;
    await page.goto(`${app.origin}/#/connections`);
    await lookAt(page, node.port);
    const stages = await signInAndSave(page, {
      name: node.variant,
      port: node.port,
      user: 'root',
      keyPath: lab.keys.plain,
    });
    expect(stages.join('\n')).toMatch(/Tools on the host warning/);
    const pair = node.guests ?? node.containers;
    if (pair !== null) {
      await guestIs(page, pair.running, 'running');
      await guestIs(page, pair.stopped, 'stopped');
    }
    const items = page.locator('.notice');
    const saysWhatIsMissing = async (): Promise<void> => {
      await page.getByRole('tab', { name: 'Overview' }).click();
      for (const text of notices[node.variant]) await items.getByText(text).waitFor();
      expect(await items.count()).toBe(notices[node.variant].length);
      for (const command of await items.locator('code').allInnerTexts()) expect(command).toMatch(/apt(-get)? install/);
    };
    // The page of the connection, where the wizard has led, and that of its one host, where its line in the tree leads.
    await saysWhatIsMissing();
    await treeLine(page, node.variant).click();
    await page.getByRole('heading', { level: 1, name: node.name, exact: true }).waitFor();
    await saysWhatIsMissing();
    expect(window.problems).toEqual([]);
  });
});
