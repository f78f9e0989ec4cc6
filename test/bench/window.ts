import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { connectionSettingsSchema } from '../../electron/contract/connection-settings.ts';
import type { ConnectionId } from '../../electron/contract/ids.ts';
import type { InventoryFrame } from '../../electron/contract/inventory.ts';
import { fetchAndParse, launchBrowser, openTree, rendererMib, settle, takeLongTasks } from './browser.ts';
import { within } from './children.ts';
import { startCluster, type BenchCluster } from './cluster.ts';
import { median, percentile, report } from './figures.ts';
import { cpuMs, residentMib, startHost, type BenchHost } from './host.ts';
import { openSecondWindow } from './second-window.ts';
import { searchBaseline, typeAndMeasure } from './search.ts';

const nodes = 100;
const guests = 10_000;
/** As many rows as the pane of 900 pixels shows at once, so that the tree counts as there only when it is full. */
const visibleRows = 20;
const waitMs = 60_000;

/**
 * Connects to the cluster as a window would and waits until every guest is there. The secret is not kept: a keyring is no part
 * of this bench, so each start that is to be live is told it again.
 */
async function connectTo(url: string, cluster: BenchCluster, known?: ConnectionId): Promise<ConnectionId> {
  const window = openSecondWindow(url);
  const { ref } = await within(
    waitMs,
    'a secret is stored',
    window.request('credentials.store', { secret: cluster.secret, keep: 'once' }),
  );
  const settings = connectionSettingsSchema.parse(cluster.settings(ref));
  const saved = window.request('connection.save', { settings, ...(known === undefined ? {} : { id: known }) });
  const { id } = await within(waitMs, 'the connection is saved', saved);
  const live = new Promise<void>((done) => {
    let isLive = false;
    let count = 0;
    window.stream('inventory.watch', {}, (frame) => {
      for (const record of frame.type === 'snapshot' ? frame.records : frame.put) {
        if (record.kind === 'connection') isLive = record.state === 'live';
        else if (record.kind === 'guest') count += 1;
      }
      if (isLive && count >= guests) done();
    });
  });
  await within(waitMs, 'the connection is live with all guests', live);
  window.dispose();
  return id;
}

/** The text of the frame with which a window begins. */
async function snapshotText(url: string): Promise<string> {
  const window = openSecondWindow(url);
  const frame = new Promise<InventoryFrame>((done) => window.stream('inventory.watch', {}, done));
  const text = JSON.stringify(await within(waitMs, 'the snapshot', frame));
  window.dispose();
  return text;
}

/** (b) cold start, (c) polls, (d) search, (f) memory: the whole app in Chromium at 10,000 guests. */
export async function benchWindow(): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'wheelhouse-bench-'));
  const cluster = await startCluster(nodes, guests);
  const browser = await launchBrowser();
  let host = await startHost(profile);
  try {
    const connection = await connectTo(host.url, cluster);
    const { page, restarted } = await benchStart(browser, host, profile);
    host = restarted;
    const baselineMs = await fetchAndParse(browser, await snapshotText(host.url));
    await takeLongTasks(page);
    await connectTo(host.url, cluster, connection);
    await benchPolls(page, host, cluster, baselineMs);
    await benchSearch(browser, page);
    await benchMemory(page, host);
  } finally {
    await browser.close();
    await host.stop();
    await cluster.stop();
    await rm(profile, { recursive: true, force: true });
  }
}

/** Starts the app several times on what the store holds; returns the last window and its host. */
async function benchStart(
  browser: Browser,
  first: BenchHost,
  profile: string,
): Promise<{ readonly page: Page; readonly restarted: BenchHost }> {
  await first.stop();
  const starts: number[] = [];
  const hostStarts: number[] = [];
  const tasks: number[] = [];
  for (let round = 0; ; round += 1) {
    const host = await startHost(profile);
    hostStarts.push(host.startMs);
    const { page, ms } = await openTree(browser, host.url, visibleRows);
    starts.push(ms);
    await settle(page);
    tasks.push(Math.max(0, ...(await takeLongTasks(page))));
    if (round < 4) {
      await page.close();
      await host.stop();
      continue;
    }
    const baselineMs = await fetchAndParse(browser, await snapshotText(host.url));
    report({
      bench: 'b',
      what: 'cold start from the store to a usable tree, 10,000 guests on 100 nodes',
      treeMs: median(starts),
      hostStartMs: median(hostStarts),
      totalMs: median(starts.map((each, index) => each + (hostStarts[index] ?? 0))),
      longestTaskMs: median(tasks),
      baselineMs,
      baseline: 'a page in the same Chromium that fetches and parses the same bytes',
      ratio: median(starts) / baselineMs,
      targetMs: 1000,
    });
    return { page, restarted: host };
  }
}

const changes = [
  ['1 % of the guests changed', 'change 100'],
  ['the load of every running guest changed', 'tick'],
] as const;

async function benchPolls(page: Page, host: BenchHost, cluster: BenchCluster, baselineMs: number): Promise<void> {
  const second = openSecondWindow(host.url);
  let onDelta: () => void = () => undefined;
  second.stream('inventory.watch', {}, (frame) => {
    if (frame.type === 'delta' && frame.put.length + frame.loads.length > 50) onDelta();
  });
  for (const [what, command] of changes) {
    const tasks: number[] = [];
    const cpus: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      await takeLongTasks(page);
      const changed = new Promise<void>((done) => (onDelta = done));
      await within(waitMs, 'the cluster changes', cluster.tell(command));
      const before = cpuMs(host.pid);
      await within(waitMs, 'a poll', second.request('inventory.refresh', {}));
      await within(waitMs, 'the change arrives', changed);
      await settle(page);
      cpus.push(cpuMs(host.pid) - before);
      tasks.push(Math.max(0, ...(await takeLongTasks(page))));
    }
    report({
      bench: 'c',
      what: `one poll of 10,000 guests in which ${what}, two windows`,
      coreCpuMs: median(cpus),
      longestTaskMs: Math.max(...tasks),
      longestTaskMedianMs: median(tasks),
      baselineMs,
      baseline: 'a page in the same Chromium that fetches and parses the whole inventory',
      ratio: median(cpus) / baselineMs,
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
    baselineP95Ms: percentile(baseline, 0.95),
    ratio: median(times) / median(baseline),
    targetP95Ms: 50,
  });
}

async function benchMemory(page: Page, host: BenchHost): Promise<void> {
  await page.evaluate((ms) => new Promise((done) => setTimeout(done, ms)), 60_000);
  const bareMib = process.memoryUsage.rss() / 1024 / 1024;
  report({
    bench: 'f',
    what: 'resident memory after 60 s, 10,000 guests',
    coreMib: residentMib(host.pid),
    rendererMib: rendererMib(),
    baselineMib: bareMib,
    baseline: 'this bench process',
    ratio: residentMib(host.pid) / bareMib,
    targetCoreMib: 200,
    targetRendererMib: 300,
  });
}
