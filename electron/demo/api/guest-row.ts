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

/** One member of a guest's row; a value of undefined leaves it out. */
interface Column {
  readonly key: string;
  readonly of: (guest: SimGuest, figures: GuestFigures, state: ClusterState) => string | number | undefined;
  readonly sinceNine?: boolean;
}

/** What is known of a guest even when its host has not been heard for long. */
const identityColumns: readonly Column[] = [
  { key: 'id', of: (guest) => `${guest.kind}/${guest.vmid}` },
  { key: 'vmid', of: (guest) => guest.vmid },
  { key: 'type', of: (guest) => guest.kind },
  { key: 'node', of: (guest) => guest.node },
  { key: 'tags', of: (guest) => (guest.tags.length > 0 ? guest.tags.join(';') : undefined) },
  { key: 'pool', of: (guest) => guest.pool },
  { key: 'lock', of: (guest) => guest.lock },
  { key: 'hastate', of: (guest, _, state) => highAvailabilityState(state, guest) },
];

/** Keys as recorded on 8.4.1, 9.1.9 and 9.2.11. */
const figureColumns: readonly Column[] = [
  { key: 'name', of: (guest) => guest.name },
  { key: 'status', of: (guest) => (guest.published.running ? 'running' : 'stopped') },
  { key: 'template', of: (guest) => (guest.template ? 1 : 0) },
  { key: 'uptime', of: (_, figures) => figures.uptimeSeconds },
  { key: 'cpu', of: (_, figures) => figures.cpu },
  { key: 'maxcpu', of: (guest) => guest.cpus },
  { key: 'mem', of: (_, figures) => figures.memoryBytes },
  { key: 'maxmem', of: (guest) => guest.memoryBytes },
  { key: 'disk', of: (guest) => (guest.published.running && guest.kind === 'lxc' ? usedDisk(guest) : 0) },
  { key: 'maxdisk', of: (guest) => guest.diskBytes },
  { key: 'netin', of: (_, figures) => figures.netIn },
  { key: 'netout', of: (_, figures) => figures.netOut },
  { key: 'diskread', of: (_, figures) => figures.diskRead },
  { key: 'diskwrite', of: (_, figures) => figures.diskWrite },
  { key: 'memhost', of: (guest, figures) => (guest.kind === 'qemu' ? hostMemory(guest, figures) : 0), sinceNine: true },
];

const unknownStatus: Column = { key: 'status', of: () => 'unknown' };

function columnsOf(state: ClusterState, guest: SimGuest): readonly Column[] {
  const silentSince = state.nodes.get(guest.node)?.silentSinceMs;
  const isForgotten = silentSince !== undefined && state.clock.now() - silentSince > forgottenAfterMs;
  if (isForgotten) return [...identityColumns, unknownStatus];
  return state.release.isNine ? allColumns : columnsOfEight;
}

const allColumns = [...identityColumns, ...figureColumns];
const columnsOfEight = allColumns.filter((column) => !column.sinceNine);

/** One guest of `/cluster/resources` and of a pool's members. */
export function guestResource(state: ClusterState, guest: SimGuest): Record<string, Json> {
  const figures = publishedFigures(state, guest);
  return Object.fromEntries(columnsOf(state, guest).map(({ key, of }) => [key, of(guest, figures, state)]));
}

/**
 * The same row as JSON text, its members in the order of `order` (numbers of columns): written directly, because building
 * and serialising ten thousand objects takes several times as long.
 */
export function guestResourceText(state: ClusterState, guest: SimGuest, order: readonly number[]): string {
  const columns = columnsOf(state, guest);
  const figures = publishedFigures(state, guest);
  let text = '';
  for (const index of order) {
    const column = columns[index];
    const value = column?.of(guest, figures, state);
    if (!column || value === undefined) continue;
    text += `,"${column.key}":${typeof value === 'number' ? value : quoted(value)}`;
  }
  return `{${text.slice(1)}}`;
}

/** How many columns a row can have. */
export const guestColumnCount = allColumns.length;

const plain = /^[\w./;-]*$/;

function quoted(value: string): string {
  return plain.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** Memory that the host spends on a machine: what it uses and what runs around it. */
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

function highAvailabilityState(state: ClusterState, guest: SimGuest): string | undefined {
  const managed = state.highAvailability.get(guest.vmid);
  if (!managed) return undefined;
  return managed.request === 'started' && !guest.published.running ? 'starting' : managed.request;
}
