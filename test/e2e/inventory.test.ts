import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWindow, startApp, type RunningApp } from './harness.ts';

/** The inventory in a real browser, over the real host, driver and protocol, on the demonstration's two clusters. */
let browser: Browser;
let app: RunningApp;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchBrowser(), startApp({ args: ['--demo'] })]);
});
afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** What axe finds that keeps somebody from using the screen. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 200)}`));
}

async function openInventory(options: Parameters<typeof openWindow>[2] = {}) {
  const window = await openWindow(browser, app.url, options);
  const tree = window.page.getByRole('tree');
  await tree.getByRole('treeitem').nth(10).waitFor();
  return { page: window.page, problems: window.problems, tree, close: () => window.close() };
}

/** Guests come with the first poll of each cluster. */
async function waitForGuests(page: Page, atLeast: number): Promise<void> {
  await page.waitForFunction(
    (count) => Number(document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount')) > count,
    atLeast,
  );
}

describe('the inventory', () => {
  it('shows the guests of both clusters live, and finds one by a few keys', async () => {
    const { page, problems, close } = await openInventory();
    await waitForGuests(page, 75);
    expect(await page.getByRole('contentinfo').textContent()).toMatch(/2 connections/);
    const name = (await page.getByRole('rowheader').first().textContent()) ?? '';
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Command palette' }).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(problems).toEqual([]);
    await close();
  });

  it('goes back and forward through what was opened', async () => {
    const { page, tree, close } = await openInventory();
    await waitForGuests(page, 75);
    const nodes = tree.getByRole('treeitem', { name: /\d+% \d+%|pve/i });
    const first = page.getByRole('rowheader').nth(2);
    const name = (await first.textContent()) ?? '';
    await first.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.goBack();
    await page.getByRole('grid').waitFor();
    await page.goForward();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    expect(await nodes.count()).toBeGreaterThan(0);
    await close();
  });

  it.each(['light', 'dark'] as const)('has nothing serious for axe in the %s theme', async (colorScheme) => {
    const { page, problems, close } = await openInventory({ colorScheme });
    await waitForGuests(page, 75);
    expect(await seriousFindings(page)).toEqual([]);
    const first = page.getByRole('row').nth(1);
    await first.click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('listbox').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('rowheader').first().getByRole('link').click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
    await close();
  });

  it('keeps the tree in a drawer in a narrow window', async () => {
    const window = await openWindow(browser, app.url, { viewport: { width: 1024, height: 768 } });
    const { page } = window;
    await waitForGuests(page, 75);
    expect(await page.getByRole('tree').count()).toBe(0);
    await page.keyboard.press('Control+b');
    await page.getByRole('tree').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('tree').waitFor({ state: 'detached' });
    await window.close();
  });
});
