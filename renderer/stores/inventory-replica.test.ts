import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entityId, parseConnectionId } from '../../electron/contract/ids.ts';
import { squashInventoryFrames, type InventoryFrame } from '../../electron/contract/inventory.ts';
import type { EntityRecord, GuestRecord, LoadRow } from '../../electron/contract/records/index.ts';
import { generateEstate } from '../../electron/testing/fixture-estate.ts';
import { naturalSortKey } from '../lib/natural-sort.ts';
import { InventoryReplica } from './inventory-replica.ts';

const connectionId = parseConnectionId('lab');
const nodeIds = ['a', 'b'].map((name) => entityId(connectionId, 'node', name));

const guestArbitrary = fc
  .record({
    number: fc.integer({ min: 1, max: 12 }),
    name: fc.constantFrom('web-1', 'web-2', 'web-10', 'DB', 'db', 'Äpfel'),
    node: fc.nat({ max: 1 }),
    power: fc.constantFrom('running' as const, 'stopped' as const),
    tags: fc.subarray(['prod', 'test', 'web']),
  })
  .map(({ number, name, node, power, tags }): GuestRecord => ({
    kind: 'guest',
    id: entityId(connectionId, 'guest', `qemu:${number}`),
    connectionId,
    name,
    virtualization: 'vm',
    nativeId: String(number),
    nodeId: nodeIds[node]!,
    power,
    isTemplate: false,
    cpuCount: 1,
    memoryBytes: 1024,
    diskBytes: 0,
    tags,
  }));
const listingArbitrary = fc.uniqueArray(guestArbitrary, { selector: (guest) => guest.id, maxLength: 12 });
const loadOf = (guest: GuestRecord, cpu: number): LoadRow => [guest.id, cpu, null, null, null, null, null, null];

/** The authority as plain as can be: the last listing. */
function framesBetween(listings: readonly (readonly GuestRecord[])[]): InventoryFrame[] {
  const frames: InventoryFrame[] = [{ type: 'snapshot', revision: 0, records: listings[0] ?? [], loads: [] }];
  for (const [index, listing] of listings.entries()) {
    const before = listings[index - 1];
    if (before === undefined) continue;
    const kept = new Set(listing.map((guest) => guest.id));
    frames.push({
      type: 'delta',
      from: index - 1,
      revision: index,
      put: listing.filter(
        (guest) => JSON.stringify(before.find((each) => each.id === guest.id)) !== JSON.stringify(guest),
      ),
      removed: before.filter((guest) => !kept.has(guest.id)).map((guest) => guest.id),
      loads: listing.map((guest) => loadOf(guest, index)),
    });
  }
  return frames;
}

/** Joins frames at random places, as a slow link does. */
function squashed(frames: readonly InventoryFrame[], joins: readonly boolean[]): readonly InventoryFrame[] {
  const result: InventoryFrame[] = [];
  for (const [index, frame] of frames.entries()) {
    const last = result.at(-1);
    if (last !== undefined && joins[index] === true) result[result.length - 1] = squashInventoryFrames(last, frame);
    else result.push(frame);
  }
  return result;
}

function groupsByBruteForce(records: Iterable<EntityRecord>, groupsOf: (guest: GuestRecord) => readonly string[]) {
  const groups = new Map<string, GuestRecord[]>();
  for (const record of records) {
    if (record.kind !== 'guest') continue;
    for (const group of groupsOf(record)) groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  const sorted = [...groups].map(([group, guests]) => [group, byName(guests)] as const);
  return Object.fromEntries(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
}
function byName(guests: readonly GuestRecord[]): readonly string[] {
  const key = (guest: GuestRecord): string => `${naturalSortKey(guest.name)}\u0000${guest.id}`;
  return [...guests].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map((guest) => guest.id);
}

describe('the replica of the inventory', () => {
  it('equals the authority after any listings, however the frames were joined on the way', () => {
    fc.assert(
      fc.property(
        fc.array(listingArbitrary, { minLength: 1, maxLength: 8 }),
        fc.array(fc.boolean()),
        (listings, joins) => {
          const replica = new InventoryReplica();
          for (const frame of squashed(framesBetween(listings), joins)) expect(replica.apply(frame)).not.toBe('gap');
          const last = listings.at(-1) ?? [];
          expect(replica.records).toEqual(new Map(last.map((guest) => [guest.id, guest])));
          expect(new Set(replica.loads.keys())).toEqual(
            new Set(listings.length > 1 ? last.map((guest) => guest.id) : []),
          );
        },
      ),
      { seed: 20_261, numRuns: 300 },
    );
  });

  it('keeps its groupings equal to a fresh grouping of all records', () => {
    fc.assert(
      fc.property(fc.array(listingArbitrary, { minLength: 1, maxLength: 8 }), (listings) => {
        const replica = new InventoryReplica();
        for (const frame of framesBetween(listings)) {
          replica.apply(frame);
          // Made at the first question and kept up to date from then on.
          for (const index of Object.values(replica.index)) index.groups();
          // Asking after each frame fills the caches that the next frame must spoil.
          for (const group of replica.index.guestsByTag.groups()) replica.index.guestsByTag.sorted(group);
        }
        for (const [index, groupsOf] of [
          [replica.index.guestsByTag, (guest: GuestRecord) => guest.tags],
          [replica.index.guestsByNode, (guest: GuestRecord) => [guest.nodeId]],
        ] as const) {
          const found = [...index.groups()].sort().map((group) => [group, index.sorted(group)]);
          expect(Object.fromEntries(found)).toEqual(groupsByBruteForce(replica.records.values(), groupsOf));
        }
      }),
      { seed: 20_262, numRuns: 300 },
    );
  });

  it('reports a gap and changes nothing', () => {
    const replica = new InventoryReplica();
    const { records, loads } = generateEstate({ guestCount: 5, nowMs: 0 });
    replica.apply({ type: 'snapshot', revision: 4, records, loads });
    const before = new Map(replica.records);
    expect(replica.apply({ type: 'delta', from: 5, revision: 6, put: [], removed: [records[0]!.id], loads: [] })).toBe(
      'gap',
    );
    expect(replica.records).toEqual(before);
    expect(replica.revision).toBe(4);
  });

  it('keeps the sorted list of a group that a change did not touch', () => {
    const replica = new InventoryReplica();
    const { records, loads } = generateEstate({ guestCount: 40, nowMs: 0 });
    replica.apply({ type: 'snapshot', revision: 1, records, loads });
    const guest = records.find((record) => record.kind === 'guest')!;
    const other = [...replica.index.guestsByNode.groups()].find((group) => group !== guest.nodeId)!;
    const [own, untouched] = [
      replica.index.guestsByNode.sorted(guest.nodeId),
      replica.index.guestsByNode.sorted(other),
    ];
    const put = [{ ...guest, name: 'zzz' }];
    replica.apply({ type: 'delta', from: 1, revision: 2, put, removed: [], loads: [] });
    expect(replica.index.guestsByNode.sorted(other)).toBe(untouched);
    expect(replica.index.guestsByNode.sorted(guest.nodeId)).not.toBe(own);
    expect(replica.index.guestsByNode.sorted(guest.nodeId).at(-1)).toBe(guest.id);
  });

  it('counts for lists what moves a record, and not the times of a connection', () => {
    const { records } = generateEstate({ guestCount: 20, nowMs: 0 });
    const replica = new InventoryReplica();
    replica.apply({ type: 'snapshot', revision: 0, records: [...records], loads: [] });
    const connection = records.find((record) => record.kind === 'connection')!;
    const guest = records.find((record) => record.kind === 'guest')!;
    const movesLists = (put: EntityRecord): boolean => {
      const { listVersion: before, revision: from } = replica;
      replica.apply({ type: 'delta', from, revision: from + 1, put: [put], removed: [], loads: [] });
      return replica.listVersion > before;
    };
    expect(movesLists({ ...connection, lastGoodAtMs: 5 })).toBe(false);
    expect(movesLists({ ...connection, state: 'offline' })).toBe(true);
    expect(movesLists({ ...connection, state: 'offline', name: 'another' })).toBe(true);
    expect(movesLists({ ...guest, power: 'paused' })).toBe(true);
  });
});
