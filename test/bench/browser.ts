import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type Page } from 'playwright-core';
import { median } from './figures.ts';
import { residentMib } from './host.ts';

/** Tells this bench's browser from others on the machine. */
const marker = `--wheelhouse-bench=${process.pid}`;

/** Debian's Chromium without a picture. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', marker].concat([
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ]),
  });
}

interface Measured {
  treeAtMs?: number;
  longTasks: number[];
}

/** Navigates and returns the milliseconds from the start of navigation to the first painted rows of the tree. */
export async function openTree(
  browser: Browser,
  url: string,
  rows: number,
): Promise<{ readonly page: Page; readonly ms: number }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript((count) => {
    const scope = globalThis as unknown as Measured;
    scope.longTasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) scope.longTasks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll('[role=treeitem]').length < count) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => (scope.treeAtMs = performance.now())));
    });
    observer.observe(document, { childList: true, subtree: true });
  }, rows);
  await page.goto(url);
  const handle = await page.waitForFunction(() => (globalThis as unknown as Measured).treeAtMs);
  return { page, ms: Number(await handle.jsonValue()) };
}

/** The main thread's tasks over 50 ms since the last call, in milliseconds. */
export function takeLongTasks(page: Page): Promise<number[]> {
  return page.evaluate(() => (globalThis as unknown as Measured).longTasks.splice(0));
}

/** Lets the page finish what it has begun: two frames, and the moment in which long tasks are told. */
export function settle(page: Page): Promise<unknown> {
  return page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)));
      }),
  );
}

/** Milliseconds in which this Chromium opens a page that fetches and parses that text and paints a word. */
export async function fetchAndParse(browser: Browser, text: string): Promise<number> {
  const pageText = `<!doctype html><title>baseline</title><p id="out"></p><script>
    fetch('/json').then((answer) => answer.json()).then(() => {
      document.getElementById('out').textContent = 'done';
      requestAnimationFrame(() => requestAnimationFrame(() => (globalThis.doneAtMs = performance.now())));
    });</script>`;
  const server = createServer((request, response) => {
    const isData = request.url === '/json';
    response.setHeader('content-type', isData ? 'application/json' : 'text/html');
    response.end(isData ? text : pageText);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    const handle = await page.waitForFunction(() => (globalThis as { doneAtMs?: number }).doneAtMs);
    times.push(Number(await handle.jsonValue()));
    await page.close();
  }
  server.closeAllConnections();
  server.close();
  return median(times);
}

/** Resident memory of the largest renderer of this bench's browser in MiB: the one that shows the app. */
export function rendererMib(): number {
  const sizes: number[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (commandLine(entry).includes('--type=renderer') && isOurs(entry)) sizes.push(residentMib(Number(entry)));
    } catch {
      // The process ended while we looked.
    }
  }
  return Math.max(...sizes);
}

const commandLine = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

function isOurs(pid: string): boolean {
  for (let each = pid; Number(each) > 1;) {
    if (commandLine(each).includes(marker)) return true;
    each = /\) \S (\d+)/.exec(readFileSync(`/proc/${each}/stat`, 'utf8'))?.[1] ?? '0';
  }
  return false;
}
