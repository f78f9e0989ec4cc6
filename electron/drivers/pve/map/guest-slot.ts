import { entityId, type ConnectionId, type EntityId } from '../../../contract/ids.ts';
import { guestLocks, type GuestLock, type GuestPower, type GuestRecord } from '../../../contract/records/guest.ts';
import type { LoadRow } from '../../../contract/records/load.ts';
import type { PveResource } from '../parse/resources.ts';
import { noRates, RateMeter, type Rates } from './rates.ts';
import { holdStartedAt } from './started-at.ts';

/** What a guest's row does not say itself. */
export interface GuestSurroundings {
  readonly connectionId: ConnectionId;
  readonly nowMs: number;
  readonly nodeIds: ReadonlyMap<string, EntityId>;
  readonly offlineNodes: ReadonlySet<string>;
  /** Row ids (`qemu/104`) of VMs that run but do not execute; only a VM's own status tells. */
  readonly pausedGuests: ReadonlySet<string>;
  /** HA states by `vm:104`, for versions that leave them out of the rows. */
  readonly haStates: ReadonlyMap<string, string>;
}

interface MovingParts {
  readonly name: string;
  readonly nodeId: EntityId;
  readonly power: GuestPower;
  readonly lock: GuestLock | undefined;
  readonly startedAtMs: number | undefined;
  readonly haState: string | undefined;
}

function isStill(known: GuestRecord, moving: MovingParts): boolean {
  return (
    known.power === moving.power &&
    known.nodeId === moving.nodeId &&
    known.name === moving.name &&
    known.lock === moving.lock &&
    known.startedAtMs === moving.startedAtMs &&
    known.haState === moving.haState
  );
}

const knownLocks: ReadonlySet<string> = new Set(guestLocks);

/**
 * One guest from poll to poll: holds its record and hands out the same object while nothing changed, so that nobody
 * after us has to compare. All comparisons are against the raw row, before anything is built.
 */
export class GuestSlot {
  readonly id: EntityId;
  readonly rowId: string;
  /** The sweep that saw it last. */
  sweep = 0;
  #record: GuestRecord | undefined;
  #load: LoadRow | undefined;
  #tagText: string | undefined;
  #tags: readonly string[] = [];
  #pool: string | undefined;
  #poolId: EntityId | undefined;
  readonly #rates = new RateMeter();

  constructor(connectionId: ConnectionId, row: PveResource) {
    this.rowId = row.id;
    this.id = entityId(connectionId, 'guest', `${row.type === 'qemu' ? 'qemu' : 'lxc'}:${row.vmid}`);
  }

  record(row: PveResource, around: GuestSurroundings): GuestRecord {
    const known = this.#record;
    const moving = this.#movingParts(row, around, known?.startedAtMs);
    if (known !== undefined && isStill(known, moving) && this.#isShapeKept(known, row)) return known;
    this.#readTexts(row, around.connectionId);
    const { name, nodeId, power, lock, startedAtMs, haState } = moving;
    this.#record = {
      kind: 'guest',
      id: this.id,
      connectionId: around.connectionId,
      name,
      virtualization: row.type === 'qemu' ? 'vm' : 'container',
      nativeId: String(row.vmid),
      nodeId,
      power,
      ...(lock !== undefined && { lock }),
      isTemplate: row.template === 1,
      cpuCount: row.maxcpu ?? 0,
      memoryBytes: row.maxmem ?? 0,
      diskBytes: row.maxdisk ?? 0,
      ...(startedAtMs !== undefined && { startedAtMs }),
      tags: this.#tags,
      ...(this.#poolId !== undefined && { poolId: this.#poolId }),
      ...(haState !== undefined && { haState }),
    };
    return this.#record;
  }

  #movingParts(row: PveResource, around: GuestSurroundings, knownStartMs: number | undefined): MovingParts {
    const power = powerOf(row, around);
    const isOn = power === 'running' || power === 'paused';
    return {
      name: row.name !== undefined && row.name !== '' ? row.name : String(row.vmid),
      nodeId: around.nodeIds.get(row.node ?? '') ?? entityId(around.connectionId, 'node', row.node ?? ''),
      power,
      lock: lockOf(row.lock),
      startedAtMs: isOn ? holdStartedAt(knownStartMs, around.nowMs, row.uptime ?? 0) : undefined,
      haState: this.#haState(row, around),
    };
  }

  /** The figures that move. A guest that does not run has none. */
  load(row: PveResource, power: GuestPower): LoadRow {
    const isOn = power === 'running' || power === 'paused';
    const rates = isOn ? this.#rates.update(row) : this.#rates.reset();
    const cpu = isOn ? (row.cpu ?? null) : null;
    const memory = isOn ? (row.mem ?? null) : null;
    // A VM's row has disk 0: PVE does not look inside. A container's file system is known.
    const disk = row.type === 'qemu' ? null : (row.disk ?? null);
    const known = this.#load;
    if (known !== undefined && known[1] === cpu && known[2] === memory && known[3] === disk && isSame(known, rates)) {
      return known;
    }
    this.#load = [this.id, cpu, memory, disk, rates.netIn, rates.netOut, rates.diskRead, rates.diskWrite];
    return this.#load;
  }

  #isShapeKept(known: GuestRecord, row: PveResource): boolean {
    return (
      this.#tagText === row.tags &&
      this.#pool === row.pool &&
      known.cpuCount === (row.maxcpu ?? 0) &&
      known.memoryBytes === (row.maxmem ?? 0) &&
      known.diskBytes === (row.maxdisk ?? 0) &&
      known.isTemplate === (row.template === 1)
    );
  }

  #readTexts(row: PveResource, connectionId: ConnectionId): void {
    if (this.#tagText !== row.tags) {
      this.#tagText = row.tags;
      this.#tags = splitTags(row.tags);
    }
    if (this.#pool !== row.pool) {
      this.#pool = row.pool;
      this.#poolId = row.pool !== undefined && row.pool !== '' ? entityId(connectionId, 'pool', row.pool) : undefined;
    }
  }

  #haState(row: PveResource, around: GuestSurroundings): string | undefined {
    if (row.hastate !== undefined && row.hastate !== '') return row.hastate;
    if (around.haStates.size === 0) return undefined;
    return around.haStates.get(`${row.type === 'qemu' ? 'vm' : 'ct'}:${row.vmid}`);
  }
}

/** PVE separates tags by `;`; older entries and the API also accept `,` and spaces. */
export function splitTags(text: string | undefined): readonly string[] {
  return text !== undefined && text !== '' ? text.split(/[;,\s]+/).filter((tag) => tag !== '') : [];
}

/** A hibernated VM is `stopped` with the lock `suspended`; the guests of a dead node keep their last status for ever. */
function powerOf(row: PveResource, around: GuestSurroundings): GuestPower {
  if (around.offlineNodes.has(row.node ?? '')) return 'unknown';
  if (row.status === 'running') return around.pausedGuests.has(row.id) ? 'paused' : 'running';
  if (row.status === 'stopped') return row.lock === 'suspended' ? 'suspended' : 'stopped';
  return row.status === 'paused' ? 'paused' : 'unknown';
}

function lockOf(lock: string | undefined): GuestLock | undefined {
  if (lock === undefined || lock === '') return undefined;
  return knownLocks.has(lock) ? (lock as GuestLock) : 'other';
}

function isSame(row: LoadRow, rates: Rates): boolean {
  if (rates === noRates) return row[4] === null && row[5] === null && row[6] === null && row[7] === null;
  return row[4] === rates.netIn && row[5] === rates.netOut && row[6] === rates.diskRead && row[7] === rates.diskWrite;
}
