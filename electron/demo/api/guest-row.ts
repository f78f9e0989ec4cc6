import type { Json } from '../json.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { noise } from '../random.ts';
import { guestFigures, type GuestFigures } from '../state/load.ts';
import type { SimGuest } from '../state/guest.ts';
import { roundStartMs } from '../state/publication.ts';

/** After this long without figures a guest's state is no longer known (from the collector's five-minute memory). */
const forgottenAfterMs = 300_000;

/** The moment whose figures a list shows for a node: the collector's last round, or the node's last sign of life. */
export function figuresAtMs(state: ClusterState, nodeName: string): number {
  const silentSince = state.nodes.get(nodeName)?.silentSinceMs;
  const round = roundStartMs(state);
  return silentSince === undefined ? round : Math.min(round, silentSince);
}

/** Figures of a guest as lists show them. */
export function publishedFigures(state: ClusterState, guest: SimGuest): GuestFigures {
  const { running, startedAtMs } = guest.published;
  return guestFigures(guest, figuresAtMs(state, guest.node), running ? startedAtMs : undefined);
}

/** Figures of a guest at this very moment. */
export function presentFigures(state: ClusterState, guest: SimGuest): GuestFigures {
  return guestFigures(guest, state.clock.now(), guest.running ? guest.startedAtMs : undefined);
}

/** One guest of `/cluster/resources`, keys as recorded on 8.4.1 and 9.1.9. */
export function guestResource(state: ClusterState, guest: SimGuest): Record<string, Json> {
  const silentSince = state.nodes.get(guest.node)?.silentSinceMs;
  const head = { id: `${guest.kind}/${guest.vmid}`, vmid: guest.vmid, type: guest.kind, node: guest.node };
  if (silentSince !== undefined && state.clock.now() - silentSince > forgottenAfterMs) {
    return withMarks(state, guest, { ...head, status: 'unknown' });
  }
  const figures = publishedFigures(state, guest);
  const isOn = guest.published.running;
  const row: Record<string, Json> = {
    ...head,
    name: guest.name,
    status: isOn ? 'running' : 'stopped',
    template: guest.template ? 1 : 0,
    uptime: figures.uptimeSeconds,
    cpu: figures.cpu,
    maxcpu: guest.cpus,
    mem: figures.memoryBytes,
    maxmem: guest.memoryBytes,
    disk: isOn && guest.kind === 'lxc' ? usedDisk(guest) : 0,
    maxdisk: guest.diskBytes,
    netin: figures.netIn,
    netout: figures.netOut,
    diskread: figures.diskRead,
    diskwrite: figures.diskWrite,
  };
  if (state.release.isNine) row['memhost'] = guest.kind === 'qemu' ? hostMemory(guest, figures) : 0;
  return withMarks(state, guest, row);
}

/** Memory that the host spends on a guest: what it uses and what the machine around it costs. */
export function hostMemory(guest: SimGuest, figures: GuestFigures): number {
  return figures.memoryBytes === 0 ? 0 : Math.floor(figures.memoryBytes + guest.memoryBytes * 0.02);
}

/** Used bytes of a container's root disk. */
export function usedDisk(guest: SimGuest): number {
  return Math.floor(guest.diskBytes * (0.15 + 0.6 * noise(guest.vmid, 3)));
}

/** Pressure figures: percent of time that something waited. */
export function pressure(guest: SimGuest, figures: GuestFigures): Record<string, number> {
  const share = (factor: number): number => Math.round(figures.cpu * factor * 100) / 100;
  return {
    pressurecpusome: share(9),
    pressurecpufull: share(8.4),
    pressureiosome: share(2.1),
    pressureiofull: share(1.7),
    pressurememorysome: guest.load.memoryShare > 0.9 ? 1.25 : 0,
    pressurememoryfull: guest.load.memoryShare > 0.9 ? 0.5 : 0,
  };
}

function withMarks(state: ClusterState, guest: SimGuest, row: Record<string, Json>): Record<string, Json> {
  if (guest.tags.length > 0) row['tags'] = guest.tags.join(';');
  if (guest.pool !== undefined) row['pool'] = guest.pool;
  if (guest.lock !== undefined) row['lock'] = guest.lock;
  const high = state.highAvailability.get(guest.vmid);
  if (high) row['hastate'] = high.request === 'started' && !guest.published.running ? 'starting' : high.request;
  return row;
}
