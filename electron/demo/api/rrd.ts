import type { Json } from '../json.ts';
import { nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import { guestFigures, nodeFigures } from '../state/load.ts';
import { ApiError } from './errors.ts';
import { guestOf } from './guest-lookup.ts';
import { hostMemory, pressure, usedDisk } from './guest-row.ts';
import { holders, holdersOfAny, type Call, type Route } from './route.ts';
import { frameTimes, rrdFrame } from './rrd-frames.ts';
import { anyText, onGuest, onNode, oneOf, required } from './rules.ts';
import { storageUsage } from './storage-usage.ts';

type Row = Record<string, Json>;

const history = { timeframe: required(anyText), cf: oneOf('AVERAGE', 'MAX') };
/** How much a maximum stands above an average. */
const peak = 1.25;
/** A host that boots writes nothing for this long before. */
const bootGapMs = 240_000;

/** Histories. A moment without figures is a row with only `time`. */
export const rrdRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/rrddata',
    parameters: { ...onNode, ...history },
    access: holders('/nodes/{node}', 'Sys.Audit'),
    run: (call) => nodeHistory(call),
  },
  ...(['qemu', 'lxc'] as const).map((kind): Route => ({
    method: 'GET',
    path: `/nodes/{node}/${kind}/{vmid}/rrddata`,
    parameters: { ...onGuest, ...history },
    access: holders('/vms/{vmid}', 'VM.Audit'),
    run: (call) => guestHistory(call, guestOf(call, kind)),
  })),
  {
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/rrddata',
    parameters: { ...onNode, storage: required(anyText), ...history },
    access: holdersOfAny('/storage/{storage}', 'Datastore.Audit', 'Datastore.AllocateSpace'),
    run: (call) => storageHistory(call),
  },
];

function rows(call: Call, rowAt: (atMs: number) => Row): Json {
  const frame = rrdFrame(call.state.release, call.parameters.text('timeframe'));
  return frameTimes(frame, nowSeconds(call.state)).map((time) => ({ time, ...rowAt(time * 1000) }));
}

function factorOf(call: Call): number {
  return call.parameters.optionalText('cf') === 'MAX' ? peak : 1;
}

function nodeHistory(call: Call): Json {
  const { state, node } = call;
  const guests = [...state.guests.values()].filter((guest) => guest.node === node.name);
  const factor = factorOf(call);
  const begin = clusterBeginMs(state);
  return rows(call, (atMs) => {
    const isBooting = atMs > node.bootedAtMs - bootGapMs && atMs < node.bootedAtMs;
    if (atMs < begin || isBooting) return {};
    const figures = nodeFigures(node, guests, atMs);
    const row: Row = {
      cpu: Math.min(1, figures.cpu * factor),
      iowait: figures.ioWait * factor,
      loadavg: figures.loadAverage * factor,
      maxcpu: node.cpus,
      memtotal: node.memoryBytes,
      memused: figures.memoryBytes,
      netin: figures.netIn * factor,
      netout: figures.netOut * factor,
      roottotal: node.rootDiskBytes,
      rootused: figures.rootDiskUsedBytes,
      swaptotal: 8_589_930_496,
      swapused: 1_310_720,
    };
    if (!state.release.isNine) return row;
    return {
      ...row,
      arcsize: 0,
      memavailable: node.memoryBytes - figures.memoryBytes,
      pressurecpusome: figures.cpu * 12 * factor,
      pressureiosome: figures.ioWait * 60 * factor,
      pressureiofull: figures.ioWait * 45 * factor,
      pressurememorysome: 0,
      pressurememoryfull: 0,
    };
  });
}

function guestHistory(call: Call, guest: SimGuest): Json {
  const factor = factorOf(call);
  return rows(call, (atMs) => {
    if (atMs < guest.createdAtMs) return {};
    const fixed = { maxcpu: guest.cpus, maxmem: guest.memoryBytes, maxdisk: guest.diskBytes, disk: 0 };
    if (!wasRunning(guest, atMs)) return fixed;
    const figures = guestFigures(guest, atMs, atMs - 3_600_000);
    const seconds = 3600 / factor;
    const row: Row = {
      ...fixed,
      disk: guest.kind === 'lxc' ? usedDisk(guest) : 0,
      cpu: Math.min(1, figures.cpu * factor),
      mem: figures.memoryBytes,
      netin: figures.netIn / seconds,
      netout: figures.netOut / seconds,
      diskread: figures.diskRead / seconds,
      diskwrite: figures.diskWrite / seconds,
    };
    if (!call.state.release.isNine) return row;
    const memory = guest.kind === 'qemu' ? { memhost: hostMemory(guest, figures) } : {};
    return { ...row, ...memory, ...pressure(guest, figures) };
  });
}

/** Off since its stop, or for ten minutes before its latest start; on otherwise. */
function wasRunning(guest: SimGuest, atMs: number): boolean {
  if (guest.template) return false;
  if (!guest.running && atMs >= guest.stoppedAtMs) return false;
  return atMs >= guest.startedAtMs || atMs < guest.startedAtMs - 600_000;
}

function storageHistory(call: Call): Json {
  const { state, node } = call;
  const name = call.parameters.text('storage');
  const storage = state.storages.get(name);
  if (!storage) throw new ApiError(500, `storage '${name}' does not exist`);
  const begin = clusterBeginMs(state);
  return rows(call, (atMs) => {
    if (atMs < begin) return {};
    const { total, used } = storageUsage(state, storage, node, atMs);
    return { total, used };
  });
}

/** The cluster was built 400 days before its hosts' latest boot; before that there is no history. */
function clusterBeginMs(state: ClusterState): number {
  const boots = [...state.nodes.values()].map((node) => node.bootedAtMs);
  return Math.min(...boots) - 400 * 86_400_000;
}
