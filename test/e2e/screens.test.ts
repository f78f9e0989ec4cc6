import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, type AppWindow, type RunningApp } from './harness.ts';
import { goTo } from './window-steps.ts';

/** Every screen of the window against the demonstration: what it shows, and that nobody is kept out of it. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeGlobal {
  readonly axe: {
    run(options: object): Promise<{
      readonly violations: readonly {
        readonly id: string;
        readonly impact?: string | null;
        readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
      }[];
    }>;
  };
}

/** What axe-core finds that is serious or critical, in words. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as AxeGlobal;
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
  });
}

let browser: Browser;
let app: RunningApp;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchBrowser(), startApp()]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** Opens the first entity of the tree whose line holds a name. */
async function openInTree(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('treeitem', { name }).first().click();
}

describe('a newcomer', () => {
  it('is welcomed on an empty profile, and is in a living cluster with one click', async () => {
    const window = await openWindow(browser, app.url);
    const { page } = window;
    await page.getByRole('heading', { name: 'Welcome to Wheelhouse' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: /^Look around in a demonstration/ }).click();
    await page
      .getByRole('treeitem', { name: /web-01/ })
      .first()
      .waitFor();
    await page.getByRole('grid').waitFor();
    expect(window.problems).toEqual([]);
    await window.close();
  });
});

describe('the page of a guest', () => {
  it('shows charts with their figures, as curves and as a table, facts, and the configuration with a search', async () => {
    const window = await openWindow(browser, app.url);
    const { page } = window;
    await openInTree(page, /app-02/);
    await page.getByRole('img', { name: /^CPU, Hour: lowest/ }).waitFor();
    expect(await page.getByRole('img', { name: /^(CPU|Memory|Network|Disk), Hour/ }).count()).toBe(4);
    await page.getByRole('button', { name: 'Day', exact: true }).click();
    await page.getByRole('img', { name: /^Memory, Day: lowest/ }).waitFor();
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('columnheader', { name: 'Network, in' }).waitFor();
    await page.getByText('VM ID', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByRole('searchbox', { name: 'Search the configuration' }).fill('scsi0');
    await page.locator('mark', { hasText: 'scsi0' }).first().waitFor();
    expect(await page.getByRole('rowheader', { name: 'memory' }).count()).toBe(0);
    expect(window.problems).toEqual([]);
    await window.close();
  });

  it('starts the guest: a task appears, ends well, and the guest runs', async () => {
    const window = await openWindow(browser, app.url);
    const { page } = window;
    await openInTree(page, /test-vm-02/);
    const header = page.locator('.entity-header');
    await header.getByText('stopped').waitFor();
    await header.getByRole('button', { name: 'Start', exact: true }).click();
    await header.getByText('running').waitFor();
    await page.getByRole('tab', { name: 'Tasks', exact: true }).click();
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: /^Start/ }) })
      .first();
    await row.getByText('done', { exact: true }).waitFor();
    await row.getByRole('link').first().click();
    await page.getByRole('log').getByText('TASK OK').waitFor();
    expect(window.problems).toEqual([]);
    await window.close();
  });
});

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  let window: AppWindow;
  beforeAll(async () => {
    window = await openWindow(browser, app.url, { colorScheme });
    await window.page
      .getByRole('treeitem', { name: /app-02/ })
      .first()
      .waitFor();
  });
  afterAll(() => window?.close());

  const screens: readonly (readonly [name: string, show: (page: Page) => Promise<void>])[] = [
    ['the inventory', (page) => goTo(page, '/inventory').then(() => page.getByRole('grid').waitFor())],
    [
      'a guest',
      async (page) => {
        await openInTree(page, /app-02/);
        await page.getByRole('img', { name: /^CPU/ }).waitFor();
      },
    ],
    [
      'the hardware of a guest',
      async (page) => {
        await page.getByRole('tab', { name: 'Hardware' }).click();
        await page.getByRole('cell', { name: 'net0' }).waitFor();
      },
    ],
    [
      'the configuration of a guest',
      async (page) => {
        await page.getByRole('tab', { name: 'Configuration' }).click();
        await page.getByRole('rowheader', { name: 'memory' }).waitFor();
      },
    ],
    [
      'a node',
      async (page) => {
        await openInTree(page, /^atlas/);
        await page.getByRole('tab', { name: 'Overview' }).click();
        await page.getByText('Load average').waitFor();
      },
    ],
    [
      'the storages of a node',
      async (page) => {
        await page.getByRole('tab', { name: 'Storage' }).click();
        await page.getByRole('columnheader', { name: 'Content' }).waitFor();
      },
    ],
    [
      'a connection',
      async (page) => {
        await openInTree(page, /^Demo north/);
        await page.getByRole('tab', { name: 'Overview' }).click();
        await page.getByRole('button', { name: 'Connect now' }).waitFor();
      },
    ],
    ['the connections', (page) => goTo(page, '/connections').then(() => page.getByRole('table').waitFor())],
    [
      'the wizard',
      (page) => goTo(page, '/connection-new').then(() => page.getByRole('button', { name: 'Look' }).waitFor()),
    ],
    [
      'the tasks with a log',
      async (page) => {
        await goTo(page, '/tasks');
        await page.locator('.task-link').first().click();
        await page.getByRole('region', { name: /^Log of/ }).waitFor();
      },
    ],
    [
      'the settings',
      (page) => goTo(page, '/settings').then(() => page.getByRole('heading', { name: 'About' }).waitFor()),
    ],
    ['the licences', (page) => goTo(page, '/settings/licences').then(() => page.getByText('@base-ui/react').waitFor())],
  ];

  it.each(screens)('%s has nothing serious to report', async (_name, show) => {
    await show(window.page);
    expect(await seriousFindings(window.page)).toEqual([]);
    expect(window.problems).toEqual([]);
  });
});
