import type { Rights } from '../access/rights.ts';
import type { Json } from '../json.ts';
import { createRandom, type Random } from '../random.ts';
import type { SimGuest } from '../state/guest.ts';
import { shuffled, shuffleKeys } from '../http/shuffle.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { storageIsOn } from '../state/storage.ts';
import { currentRound, publishIfDue } from '../state/publication.ts';
import { GuestRowWriter, publishedFigures } from './guest-row.ts';
import { guestsByNode, nodeSummary } from './node-row.ts';
import { PreparedAnswer, signedIn, type Call, type Route } from './route.ts';
import { oneOf } from './rules.ts';
import { storageUsage } from './storage-usage.ts';

type Rows = Record<string, Json>[];

interface Kept {
  readonly stamp: string;
  readonly answer: PreparedAnswer;
}

interface Memory {
  readonly answers: Map<string, Kept>;
  readonly writer: GuestRowWriter;
}

const memories = new WeakMap<ClusterState, Memory>();
const keptCallers = 16;

/** `/cluster/resources`: everything that the caller may see, as old as the collector's last round. */
export const resourceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/cluster/resources',
    parameters: { type: oneOf('vm', 'storage', 'node', 'sdn') },
    access: signedIn,
    run: (call) => keptResources(call),
  },
];

/** The answer of the same caller is kept until something changed or the collector ran: polls of it cost nothing. */
function keptResources(call: Call): PreparedAnswer {
  const { state } = call;
  publishIfDue(state);
  const type = call.parameters.optionalText('type');
  const key = `${call.caller.user}!${call.caller.tokenId ?? ''} ${type ?? ''}`;
  const stamp = `${state.revision}/${currentRound(state)}`;
  const order = createRandom(state.revision ^ currentRound(state));
  const memory = memories.get(state) ?? { answers: new Map<string, Kept>(), writer: new GuestRowWriter(state, order) };
  memories.set(state, memory);
  const { answers, writer } = memory;
  const known = answers.get(key);
  if (known?.stamp === stamp) return known.answer;
  if (answers.size > keptCallers) answers.clear();
  const rows = resourceRows(call, type, order, writer);
  const answer = new PreparedAnswer(`{"data":[${shuffled(rows, order).join(',')}]}`);
  answers.set(key, { stamp, answer });
  return answer;
}

/** Every row as JSON text. */
function resourceRows(call: Call, type: string | undefined, order: Random, writer: GuestRowWriter): string[] {
  const { state, rights } = call;
  const wants = (name: string): boolean => type === undefined || type === name;
  const visible = wants('vm')
    ? [...state.guests.values()].filter((guest) => rights.has(`/vms/${guest.vmid}`, 'VM.Audit'))
    : [];
  const others = [
    ...(type === undefined ? poolRows(state, rights, visible) : []),
    ...(wants('node') ? nodeRows(state, rights) : []),
    ...(wants('storage') ? storageRows(state, rights) : []),
    ...(wants('sdn') ? networkRows(state, rights) : []),
  ];
  return [
    ...visible.map((guest) => writer.write(guest)),
    ...others.map((row) => JSON.stringify(shuffleKeys(row, order))),
  ];
}

/** Pools add up their running guests; one without any has no figures. */
function poolRows(state: ClusterState, rights: Rights, guests: readonly SimGuest[]): Rows {
  const rows: Rows = [];
  for (const pool of state.pools.keys()) {
    if (!rights.has(`/pool/${pool}`, 'Pool.Audit')) continue;
    const running = guests.filter((guest) => guest.pool === pool && guest.published.running);
    let [maxcpu, maxmem, mem, used, uptime] = [0, 0, 0, 0, 0];
    for (const guest of running) {
      const figures = publishedFigures(state, guest);
      maxcpu += guest.cpus;
      maxmem += guest.memoryBytes;
      mem += figures.memoryBytes;
      used += figures.cpu * guest.cpus;
      uptime = Math.max(uptime, figures.uptimeSeconds);
    }
    const figures = { maxcpu, maxmem, mem, cpu: used / Math.max(1, maxcpu), uptime };
    rows.push({ id: `/pool/${pool}`, type: 'pool', pool, ...(running.length > 0 ? figures : {}) });
  }
  return rows;
}

function nodeRows(state: ClusterState, rights: Rights): Rows {
  const guests = guestsByNode(state);
  return [...state.nodes.values()].map((node) => {
    const mayAudit = rights.has(`/nodes/${node.name}`, 'Sys.Audit');
    const row = nodeSummary(state, node, guests.get(node.name) ?? [], mayAudit);
    row['cgroup-mode'] = 2;
    if (state.highAvailability.size > 0) row['hastate'] = 'online';
    return row;
  });
}

function storageRows(state: ClusterState, rights: Rights): Rows {
  const rows: Rows = [];
  for (const storage of state.storages.values()) {
    if (!rights.has(`/storage/${storage.id}`, 'Datastore.Audit')) continue;
    for (const node of state.nodes.values()) {
      if (!storage.enabled || !storageIsOn(storage, node.name)) continue;
      const usage = storageUsage(state, storage, node);
      const isReachable = !storage.brokenOn.has(node.name);
      rows.push({
        id: `storage/${node.name}/${storage.id}`,
        type: 'storage',
        storage: storage.id,
        node: node.name,
        plugintype: storage.type,
        content: storage.content.join(','),
        shared: storage.shared ? 1 : 0,
        status: isReachable ? 'available' : 'unknown',
        ...(isReachable ? { disk: usage.used, maxdisk: usage.total } : {}),
      });
    }
  }
  return rows;
}

/** Zones of software-defined networking: `sdn` rows before 9.0, `network` rows since. */
function networkRows(state: ClusterState, rights: Rights): Rows {
  const rows: Rows = [];
  for (const node of state.nodes.values()) {
    const zones = [{ zone: 'localnetwork', type: undefined }, ...state.zones];
    for (const { zone, type } of zones) {
      if (!rights.hasAny(`/sdn/zones/${zone}`, ['SDN.Audit', 'SDN.Use', 'SDN.Allocate'])) continue;
      const status = type === undefined ? 'ok' : 'available';
      if (!state.release.isNine) {
        rows.push({ id: `sdn/${node.name}/${zone}`, type: 'sdn', sdn: zone, node: node.name, status });
        continue;
      }
      const zoneType = type === undefined ? {} : { 'zone-type': type };
      const id = `network/${node.name}/zone/${zone}`;
      const head = { id, type: 'network', network: zone, node: node.name, status };
      rows.push({ ...head, 'network-type': 'zone', ...zoneType });
    }
  }
  return rows;
}
