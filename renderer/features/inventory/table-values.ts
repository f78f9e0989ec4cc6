import { connectionEntityId, type EntityId } from '../../../electron/contract/ids.ts';
import type { GuestRecord, LoadRow } from '../../../electron/contract/records/index.ts';
import { compareValues, naturalSortKey } from '../../lib/natural-sort.ts';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { sortKeyOf } from '../../stores/sort-key.ts';
import type { GridSort } from '../../ui/grid-columns.ts';

/** The columns of the guest table in their order at first. */
export const guestColumnIds = [
  'name',
  'state',
  'node',
  'connection',
  'cpu',
  'memory',
  'memoryShare',
  'uptime',
  'tags',
  'id',
  'type',
  'pool',
  'cpuCount',
  'memoryTotal',
  'disk',
  'netIn',
  'netOut',
  'diskRead',
  'diskWrite',
  'ha',
] as const;
export type GuestColumnId = (typeof guestColumnIds)[number];

/** Hidden until somebody wants them: they are in the details too. */
export const hiddenAtFirst: ReadonlySet<GuestColumnId> = new Set([
  'type',
  'pool',
  'cpuCount',
  'memoryTotal',
  'disk',
  'netIn',
  'netOut',
  'diskRead',
  'diskWrite',
  'ha',
]);

/** Columns whose values move all the time. */
export const movingColumns: ReadonlySet<string> = new Set<GuestColumnId>([
  'cpu',
  'memory',
  'memoryShare',
  'netIn',
  'netOut',
  'diskRead',
  'diskWrite',
]);

export function isGuestColumn(text: string): text is GuestColumnId {
  return (guestColumnIds as readonly string[]).includes(text);
}

/** Where a figure is in a load as it travels. */
export const loadPlaces = { cpu: 1, memory: 2, diskUsed: 3, netIn: 4, netOut: 5, diskRead: 6, diskWrite: 7 } as const;

/** The order of states: what runs first. */
const powerRank = { running: 0, paused: 1, suspended: 2, unknown: 3, stopped: 4 } as const;

function nameOf(inventory: InventoryStore, id: EntityId | undefined): string | null {
  const record = id === undefined ? undefined : inventory.getRecord(id);
  return record === undefined ? null : sortKeyOf(record);
}

type SortValue = string | number | null;
const zeroIsUnknown = (value: number): SortValue => (value === 0 ? null : value);

const sortValues: {
  readonly [Column in GuestColumnId]: (
    guest: GuestRecord,
    load: LoadRow | undefined,
    inventory: InventoryStore,
  ) => SortValue;
} = {
  name: (guest) => sortKeyOf(guest),
  state: (guest) => (guest.isTemplate ? 5 : powerRank[guest.power]),
  node: (guest, _load, inventory) => nameOf(inventory, guest.nodeId),
  connection: (guest, _load, inventory) => nameOf(inventory, connectionEntityId(guest.connectionId)),
  pool: (guest, _load, inventory) => nameOf(inventory, guest.poolId),
  id: (guest) => naturalSortKey(guest.nativeId),
  type: (guest) => guest.virtualization,
  tags: (guest) => (guest.tags.length === 0 ? null : guest.tags.join(' ')),
  uptime: (guest) => (guest.startedAtMs === undefined ? null : -guest.startedAtMs),
  cpuCount: (guest) => zeroIsUnknown(guest.cpuCount),
  memoryTotal: (guest) => zeroIsUnknown(guest.memoryBytes),
  disk: (guest) => zeroIsUnknown(guest.diskBytes),
  ha: (guest) => guest.haState ?? null,
  memoryShare: (guest, load) => memoryShareOf(guest, load),
  cpu: (_guest, load) => load?.[loadPlaces.cpu] ?? null,
  memory: (_guest, load) => load?.[loadPlaces.memory] ?? null,
  netIn: (_guest, load) => load?.[loadPlaces.netIn] ?? null,
  netOut: (_guest, load) => load?.[loadPlaces.netOut] ?? null,
  diskRead: (_guest, load) => load?.[loadPlaces.diskRead] ?? null,
  diskWrite: (_guest, load) => load?.[loadPlaces.diskWrite] ?? null,
};

/** Used memory of the configured maximum; `null` where either is not known. */
export function memoryShareOf(guest: GuestRecord, load: LoadRow | undefined): number | null {
  const used = load?.[loadPlaces.memory] ?? null;
  return used === null || guest.memoryBytes === 0 ? null : used / guest.memoryBytes;
}

/** The value by which a guest is sorted in a column; `null` where it is not known. */
export function sortValueOf(column: GuestColumnId, guest: GuestRecord, inventory: InventoryStore): SortValue {
  return sortValues[column](guest, inventory.getLoad(guest.id), inventory);
}

/** Sorts guests by a column; names decide between equals and unknown values come last either way. */
export function sortGuests(
  guests: readonly GuestRecord[],
  sort: GridSort,
  inventory: InventoryStore,
): readonly EntityId[] {
  const column = isGuestColumn(sort.column) ? sort.column : 'name';
  const keyed = guests.map((guest) => ({
    id: guest.id,
    value: sortValueOf(column, guest, inventory),
    name: column === 'name' ? '' : sortKeyOf(guest),
  }));
  const direction = sort.isDescending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value !== b.value) {
      const order = compareValues(a.value, b.value);
      return a.value === null || b.value === null ? order : order * direction;
    }
    if (a.name !== b.name) return a.name < b.name ? -1 : 1;
    return a.id < b.id ? -1 : 1;
  });
  return keyed.map((each) => each.id);
}
