import type { Json } from '../json.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { shuffled } from '../http/shuffle.ts';
import { noise, type Random } from '../random.ts';
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
  /** Moves with every round of the collector while the guest runs. */
  readonly moves?: boolean;
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
  { key: 'uptime', of: (_, figures) => figures.uptimeSeconds, moves: true },
  { key: 'cpu', of: (_, figures) => figures.cpu, moves: true },
  { key: 'maxcpu', of: (guest) => guest.cpus },
  { key: 'mem', of: (_, figures) => figures.memoryBytes, moves: true },
  { key: 'maxmem', of: (guest) => guest.memoryBytes },
  { key: 'disk', of: (guest) => (guest.published.running && guest.kind === 'lxc' ? usedDisk(guest) : 0) },
  { key: 'maxdisk', of: (guest) => guest.diskBytes },
  { key: 'netin', of: (_, figures) => figures.netIn, moves: true },
  { key: 'netout', of: (_, figures) => figures.netOut, moves: true },
  { key: 'diskread', of: (_, figures) => figures.diskRead, moves: true },
  { key: 'diskwrite', of: (_, figures) => figures.diskWrite, moves: true },
  {
    key: 'memhost',
    of: (guest, figures) => (guest.kind === 'qemu' ? hostMemory(guest, figures) : 0),
    sinceNine: true,
    moves: true,
  },
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

/** The order of a row's members in one answer, and what of the rows can be kept between answers. */
export class GuestRowWriter {
  readonly #state: ClusterState;
  readonly #order: readonly number[];
  readonly #kept = new WeakMap<SimGuest, { revision: number; shape: number; text: string }>();

  constructor(state: ClusterState, random: Random) {
    this.#state = state;
    this.#order = shuffled([...allColumns.keys()], random);
  }

  /**
   * The row as JSON text. Written directly, with the part that does not move kept from answer to answer: building and
   * serialising ten thousand objects takes many times as long.
   */
  write(guest: SimGuest): string {
    const columns = columnsOf(this.#state, guest);
    const isRunning = guest.published.running && columns.length > identityColumns.length + 1;
    const shape = columns.length * 2 + (isRunning ? 1 : 0);
    const kept = this.#kept.get(guest);
    const revision = this.#state.guestRevision;
    const isFresh = kept?.revision === revision && kept.shape === shape;
    const text = isFresh ? kept.text : this.#members(guest, columns, (column) => !isRunning || !column.moves);
    if (!isFresh) this.#kept.set(guest, { revision, shape, text });
    const moving = isRunning ? this.#members(guest, columns, (column) => column.moves ?? false) : '';
    return guest.vmid % 2 === 0 ? `{${text.slice(1)}${moving}}` : `{${(moving + text).slice(1)}}`;
  }

  #members(guest: SimGuest, columns: readonly Column[], isWanted: (column: Column) => boolean): string {
    const figures = publishedFigures(this.#state, guest);
    let text = '';
    for (const index of this.#order) {
      const column = columns[index];
      if (!column || !isWanted(column)) continue;
      const value = column.of(guest, figures, this.#state);
      if (value !== undefined) text += `,"${column.key}":${typeof value === 'number' ? value : quoted(value)}`;
    }
    return text;
  }
}

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
