import { Agent, request } from 'undici';
import { createSessionOpener } from '../../electron/assembly/session-opener.ts';
import { nodeClock } from '../../electron/assembly/node-clock.ts';
import { connectionSettingsSchema, type CredentialRef } from '../../electron/contract/connection-settings.ts';
import { parseConnectionId } from '../../electron/contract/ids.ts';
import type { DriverSession } from '../../electron/core/ports/driver.ts';
import { silentLog } from '../../electron/core/ports/log.ts';
import { Inventory } from '../../electron/core/inventory/inventory.ts';
import { startCluster, type BenchCluster } from './cluster.ts';
import { median, paired, report, timed } from './figures.ts';

const never = new AbortController().signal;
const id = parseConnectionId('bench');

function openSession(cluster: BenchCluster): Promise<DriverSession> {
  const settings = connectionSettingsSchema.parse(cluster.settings('cred_benchbenchbench1' as CredentialRef));
  return createSessionOpener({ clock: nodeClock, log: silentLog })(
    {
      saved: { id, settings },
      secrets: { get: () => Promise.resolve(cluster.secret) },
      prompter: { ask: () => Promise.reject(new Error('nobody is there')) },
      onAccessLearned: () => undefined,
    },
    never,
  );
}

/** (a) 10,000 guests on 100 nodes: from request to complete inventory, against fetch + JSON.parse of the same bytes. */
export async function benchInventoryRead(): Promise<void> {
  const cluster = await startCluster(100, 10_000);
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  const headers = { authorization: `PVEAPIToken=${cluster.tokenId}=${cluster.secret}`, 'accept-encoding': 'gzip' };
  const url = `https://${cluster.host}:${cluster.port}/api2/json/cluster/resources`;
  let bytes = 0;
  const fetchAndParse = async (): Promise<void> => {
    const answer = await request(url, { dispatcher: agent, headers });
    const { gunzipSync } = await import('node:zlib');
    const body = Buffer.from(await answer.body.arrayBuffer());
    const text = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString() : body.toString();
    bytes = text.length;
    JSON.parse(text);
  };
  // A first read maps every record anew, as after a start; later ones find what they know.
  const firstReads: number[] = [];
  const session = await openSession(cluster);
  const inventory = new Inventory();
  const again = async (): Promise<number> =>
    timed(async () => inventory.reconcile(id, await session.listInventory('status', never)));
  const first = async (): Promise<number> => {
    const fresh = await openSession(cluster);
    const empty = new Inventory();
    const ms = await timed(async () => empty.reconcile(id, await fresh.listInventory('status', never)));
    await fresh.close();
    firstReads.push(ms);
    return ms;
  };
  const baseline = (): Promise<number> => timed(fetchAndParse);
  for (let warm = 0; warm < 3; warm += 1) {
    await baseline();
    await first();
    await again();
  }
  const firstPair = await paired(9, first, baseline);
  const againPair = await paired(9, again, baseline);
  report({
    bench: 'a',
    what: 'request to complete inventory, 10,000 guests on 100 nodes',
    firstMs: median(firstPair.a),
    againMs: median(againPair.a),
    baselineMs: median(firstPair.b),
    baseline: 'fetch + JSON.parse of the same bytes',
    bytes,
    ratio: firstPair.ratio,
    ratioAgain: againPair.ratio,
    target: 2,
  });
  await session.close();
  await agent.close();
  await cluster.stop();
}
