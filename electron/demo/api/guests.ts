import type { Json } from '../json.ts';
import type { SimGuest } from '../state/guest.ts';
import { guestConfig, type GuestOptions } from '../state/guest-config.ts';
import { hostMemory, presentFigures, pressure, usedDisk } from './guest-row.ts';
import { guestOf } from './guest-lookup.ts';
import { subdirectories } from './cluster.ts';
import { blockStatistics, proxmoxSupport } from './machine-statistics.ts';
import { holders, signedIn, type Call, type Route } from './route.ts';
import { anyFlag, anyText, onGuest, onNode } from './rules.ts';

type Kind = SimGuest['kind'];

const machineLevel = ['config', 'pending', 'status', 'rrddata', 'agent', 'snapshot'];
const containerLevel = ['config', 'pending', 'status', 'rrddata', 'snapshot', 'interfaces'];
const machineVerbs = ['current', 'start', 'stop', 'reset', 'shutdown', 'suspend', 'reboot'];
const containerVerbs = ['current', 'start', 'stop', 'shutdown', 'reboot', 'migrate'];
const audit = holders('/vms/{vmid}', 'VM.Audit');

/** Guests of a host and everything that reading one of them offers. */
export const guestRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/qemu',
    parameters: { ...onNode, full: anyFlag },
    access: signedIn,
    run: list('qemu'),
  },
  { method: 'GET', path: '/nodes/{node}/lxc', parameters: onNode, access: signedIn, run: list('lxc') },
  ...(['qemu', 'lxc'] as const).flatMap((kind) => readingRoutes(kind)),
];

function readingRoutes(kind: Kind): Route[] {
  const path = `/nodes/{node}/${kind}/{vmid}`;
  const get = (below: string, run: Route['run'], more: Route['parameters'] = {}): Route => ({
    method: 'GET',
    path: `${path}${below}`,
    parameters: { ...onGuest, ...more },
    access: audit,
    run,
  });
  return [
    { ...get('', () => subdirectories(kind === 'qemu' ? machineLevel : containerLevel)), access: signedIn },
    { ...get('/status', () => subdirectories(kind === 'qemu' ? machineVerbs : containerVerbs)), access: signedIn },
    get('/status/current', (call) => currentStatus(call, guestOf(call, kind))),
    get('/config', (call) => config(call, guestOf(call, kind)), { current: anyFlag, snapshot: anyText }),
    get('/pending', (call) => pending(call, guestOf(call, kind))),
    get('/snapshot', (call) => snapshots(call, guestOf(call, kind))),
  ];
}

function list(kind: Kind): (call: Call) => Json {
  return (call) =>
    [...call.state.guests.values()]
      .filter((guest) => guest.kind === kind && guest.node === call.node.name)
      .filter((guest) => call.rights.has(`/vms/${guest.vmid}`, 'VM.Audit'))
      .map((guest) => listedStatus(call, guest));
}

/** What a list and a status page have in common. */
function listedStatus(call: Call, guest: SimGuest): Record<string, Json> {
  const { state } = call;
  const figures = presentFigures(state, guest);
  const row: Record<string, Json> = {
    vmid: guest.vmid,
    name: guest.name,
    status: guest.running ? 'running' : 'stopped',
    cpus: guest.cpus,
    cpu: figures.cpu,
    mem: figures.memoryBytes,
    maxmem: guest.memoryBytes,
    disk: guest.kind === 'lxc' && guest.running ? usedDisk(guest) : 0,
    maxdisk: guest.diskBytes,
    netin: figures.netIn,
    netout: figures.netOut,
    uptime: figures.uptimeSeconds,
    tags: guest.tags.length > 0 ? guest.tags.join(';') : undefined,
    lock: guest.lock,
    template: guest.template ? 1 : undefined,
    pid: guest.running ? guest.pid : undefined,
  };
  if (guest.kind === 'lxc') {
    const swap = { type: 'lxc', swap: 0, maxswap: 536_870_912 };
    Object.assign(row, swap, { diskread: figures.diskRead, diskwrite: figures.diskWrite });
  } else {
    if (state.release.isNine) row['memhost'] = hostMemory(guest, figures);
    else if (guest.running) Object.assign(row, { diskread: figures.diskRead, diskwrite: figures.diskWrite });
  }
  if (guest.running && state.release.isNine) Object.assign(row, pressureOf(guest, pressure(guest, figures)));
  return row;
}

/** Recorded: numbers for machines, text with two digits for containers. */
function pressureOf(guest: SimGuest, values: Readonly<Record<string, number>>): Record<string, Json> {
  if (guest.kind === 'qemu') return values;
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.toFixed(2)]));
}

function currentStatus(call: Call, guest: SimGuest): Json {
  const high = call.state.highAvailability.get(guest.vmid);
  const ha = high ? { managed: 1, state: high.request } : { managed: 0 };
  const row = { ...listedStatus(call, guest), ha };
  if (guest.kind === 'lxc') return row;
  const figures = presentFigures(call.state, guest);
  const stopped = { ...row, qmpstatus: guest.running ? (guest.paused ? 'paused' : 'running') : 'stopped' };
  const agent = guest.agent === 'absent' ? {} : { agent: 1 };
  if (!guest.running) return { ...stopped, ...agent };
  return {
    ...stopped,
    ...agent,
    balloon: guest.memoryBytes,
    ballooninfo: { actual: guest.memoryBytes, max_mem: guest.memoryBytes },
    blockstat: { scsi0: blockStatistics(figures) },
    clipboard: null,
    diskread: figures.diskRead,
    diskwrite: figures.diskWrite,
    nics: { [`tap${guest.vmid}i0`]: { netin: figures.netIn, netout: figures.netOut } },
    'proxmox-support': proxmoxSupport,
    'running-machine': call.state.release.machine,
    'running-qemu': call.state.release.qemu,
  };
}

/** Recorded: without `current` the values that wait for the next start are shown as if they were in force. */
function config(call: Call, guest: SimGuest): Json {
  return guestConfig(call.state, guest, !call.parameters.flag('current'));
}

function pending(call: Call, guest: SimGuest): Json {
  const current: GuestOptions = guestConfig(call.state, guest, false);
  const keys = new Set([...Object.keys(current), ...guest.pending.keys()]);
  return [...keys].map((key) => {
    const waiting = guest.pending.get(key);
    return { key, value: current[key], pending: waiting ?? undefined, delete: waiting === null ? 1 : undefined };
  });
}

/** Recorded: the list ends in the pseudo entry `current`. */
function snapshots(call: Call, guest: SimGuest): Json {
  const taken = guest.snapshots.map((snapshot) => ({
    name: snapshot.name,
    description: snapshot.description,
    parent: snapshot.parent,
    snaptime: snapshot.takenAt,
    vmstate: guest.kind === 'qemu' ? (snapshot.withMemory ? 1 : 0) : undefined,
  }));
  const current = {
    name: 'current',
    description: 'You are here!',
    parent: guest.snapshots.at(-1)?.name,
    running: guest.running ? 1 : 0,
    digest: guestConfig(call.state, guest, false)['digest'],
  };
  return [...taken, current];
}
