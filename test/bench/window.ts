import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { connectionSettingsSchema } from '../../electron/contract/connection-settings.ts';
import type { ConnectionId } from '../../electron/contract/ids.ts';
import { startCluster, type BenchCluster } from './cluster.ts';
import { median, percentile, report } from './figures.ts';
import { cpuMs, residentMib, startHost, type BenchHost } from './host.ts';
import { openSecondWindow } from './second-window.ts';
import { searchBaseline, typeAndMeasure } from './search.ts';

const nodes = 100;
const guests = 10_000;

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat([
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ]),
  });
}

/** Navigates and returns the milliseconds from the start of navigation to the first painted rows of the tree. */
async function openTree(browser: Browser, url: string): Promise<{ readonly page: Page; readonly ms: number }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    const scope = globalThis as unknown as { treeAtMs?: number; longTasks: number[] };
    scope.longTasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) scope.longTasks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll('[role=treeitem]').length < 5) return;
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => (scope.treeAtMs = performance.now())));
    });
    observer.observe(document, { childList: true, subtree: true });
  });
  await page.goto(url);
  const handle = await page.waitForFunction(() => (globalThis as unknown as { treeAtMs?: number }).treeAtMs);
  return { page, ms: Number(await handle.jsonValue()) };
}

const longTasks = (page: Page): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));

/**
 * Connects to the cluster as a window would and waits until every guest is there. The secret is not kept: a keyring is no part
 * of this bench, so each start that is to be live is told it again.
 */
async function connectTo(url: string, cluster: BenchCluster, known?: ConnectionId): Promise<ConnectionId> {
  const window = openSecondWindow(url);
  const { ref } = await window.request('credentials.store', { secret: cluster.secret, keep: 'once' });
  const settings = connectionSettingsSchema.parse(cluster.settings(ref));
  const { id } = await window.request('connection.save', { settings, ...(known === undefined ? {} : { id: known }) });
  await new Promise<void>((done) => {
    let isLive = false;
    let count = 0;
    window.stream('inventory.watch', {}, (frame) => {
      const records = frame.type === 'snapshot' ? frame.records : frame.put;
      for (const record of records) {
        if (record.kind === 'connection') isLive = record.state === 'live';
        else if (record.kind === 'guest') count += 1;
      }
      if (isLive && count >= guests) done();
    });
  });
  window.dispose();
  return id;
}

/** Milliseconds that this Chromium needs to fetch and parse as many bytes as the snapshot has. */
async function fetchAndParse(page: Page): Promise<number> {
  return page.evaluate(async (count) => {
    const record = {
      id: 'bench/guest/qemu:100',
      kind: 'guest',
      name: 'web-01',
      tags: ['a', 'b'],
      power: 'running',
      memoryBytes: 2 ** 31,
    };
    const text = JSON.stringify(
      Array.from({ length: count }, (_, index) => ({ ...record, index, more: 'x'.repeat(200) })),
    );
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const start = performance.now();
    await (await fetch(url)).json();
    return performance.now() - start;
  }, guests);
}

/** The renderer process with the most memory: the one that shows the app. */
function rendererPid(): number {
  let best = { pid: 0, mib: 0 };
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      const mib = residentMib(Number(entry));
      if (mib > best.mib) best = { pid: Number(entry), mib };
    } catch {
      // The process ended while we looked.
    }
  }
  return best.pid;
}

/** (b) cold start, (c) polls, (d) search, (f) memory: the whole app in Chromium at 10,000 guests. */
export async function benchWindow(): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'wheelhouse-bench-'));
  const cluster = await startCluster(nodes, guests);
  const browser = await launch();
  try {
    let host = await startHost(profile);
    const connection = await connectTo(host.url, cluster);
    await host.stop();

    const starts: number[] = [];
    const hostStarts: number[] = [];
    let open: { page: Page; ms: number } | undefined;
    for (let round = 0; round < 5; round += 1) {
      await open?.page.close();
      if (round > 0) await host.stop();
      host = await startHost(profile);
      hostStarts.push(host.startMs);
      open = await openTree(browser, host.url);
      starts.push(open.ms);
    }
    if (open === undefined) return;
    const { page } = open;
    const parse = await fetchAndParse(page);
    report({
      bench: 'b',
      what: 'cold start from the store to a usable tree, 10,000 guests',
      treeMs: median(starts),
      hostStartMs: median(hostStarts),
      totalMs: median(starts.map((ms, index) => ms + (hostStarts[index] ?? 0))),
      longestTaskMs: Math.max(0, ...(await longTasks(page))),
      baselineMs: parse,
      baseline: 'fetch + JSON.parse of as many bytes in the same Chromium',
      ratio: median(starts) / parse,
      targetMs: 1000,
    });
    await connectTo(host.url, cluster, connection);
    await benchPolls(page, host, cluster);
    await benchSearch(browser, page);
    await benchMemory(page, host);
    await host.stop();
  } finally {
    await browser.close();
    await cluster.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Lets the page finish what it has begun: two frames, and the moment in which long tasks are told. */
const settle = (page: Page): Promise<unknown> =>
  page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)));
      }),
  );

async function benchPolls(page: Page, host: BenchHost, cluster: BenchCluster): Promise<void> {
  const second = openSecondWindow(host.url);
  let onDelta: () => void = () => undefined;
  second.stream('inventory.watch', {}, (frame) => {
    if (frame.type === 'delta' && frame.put.length + frame.loads.length > 50) onDelta();
  });
  for (const [what, command] of [
    ['1 % of the guests changed', 'change 100'],
    ['the load of every running guest changed', 'tick'],
  ] as const) {
    const tasks: number[] = [];
    const cpus: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      await longTasks(page);
      const changed = new Promise<void>((done) => (onDelta = done));
      const before = cpuMs(host.pid);
      await cluster.tell(command);
      await second.request('inventory.refresh', {});
      await changed;
      cpus.push(cpuMs(host.pid) - before);
      await settle(page);
      tasks.push(Math.max(0, ...(await longTasks(page))));
    }
    const parse = await fetchAndParse(page);
    report({
      bench: 'c',
      what: `one poll in which ${what}`,
      coreCpuMs: median(cpus),
      longestTaskMs: Math.max(...tasks),
      baselineMs: parse,
      baseline: 'fetch + JSON.parse of as many bytes in Chromium',
      ratio: median(cpus) / parse,
      targetTaskMs: 50,
    });
  }
  second.dispose();
}

async function benchSearch(browser: Browser, page: Page): Promise<void> {
  const times = await typeAndMeasure(page);
  const baseline = await searchBaseline(browser);
  report({
    bench: 'd',
    what: 'search: key to painted result, 10,000 guests',
    medianMs: median(times),
    p95Ms: percentile(times, 0.95),
    keys: times.length,
    baselineMs: median(baseline),
    baseline: 'key to painted text in an empty page of the same Chromium',
    ratio: median(times) / median(baseline),
    targetP95Ms: 50,
  });
}

async function benchMemory(page: Page, host: BenchHost): Promise<void> {
  await page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), 60_000);
  const blank = process.memoryUsage.rss() / 1024 / 1024;
  report({
    bench: 'f',
    what: 'resident memory after 60 s, 10,000 guests',
    coreMib: residentMib(host.pid),
    rendererMib: residentMib(rendererPid()),
    baselineMib: blank,
    baseline: 'this bench process',
    ratio: residentMib(host.pid) / blank,
    targetCoreMib: 200,
    targetRendererMib: 300,
  });
}
