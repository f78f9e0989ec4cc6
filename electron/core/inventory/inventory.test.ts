import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { parseConnectionId, type EntityId } from '../../contract/ids.ts';
import { squashInventoryFrames, type InventoryFrame } from '../../contract/inventory.ts';
import { noLoad, toLoadRow, type EntityRecord, type LoadRow } from '../../contract/records/index.ts';
import { aConnection, aGuest, aListing, aLoad, aNode, labId } from '../../testing/records.ts';
import { Inventory } from './inventory.ts';
import { isSameRecord } from './record-equality.ts';

const otherId = parseConnectionId('other');

describe('Inventory', () => {
  it('says nothing when a listing brings equal records in new objects', () => {
    const inventory = new Inventory();
    const listing = () => aListing([aNode('pve1'), aGuest(1, { tags: ['web'] })], [aLoad(aGuest(1), 0.5)]);
    expect(inventory.reconcile(labId, listing())?.put).toHaveLength(2);
    expect(inventory.reconcile(labId, listing())).toBeUndefined();
    expect(inventory.revision).toBe(1);
  });

  it('puts only what changed, and rows whose figures moved', () => {
    const inventory = new Inventory();
    inventory.reconcile(labId, aListing([aGuest(1), aGuest(2)], [aLoad(aGuest(1), 0.5), aLoad(aGuest(2), 0.5)]));
    const changed = aGuest(2, { tags: ['db'] });
    const delta = inventory.reconcile(
      labId,
      aListing([aGuest(1), changed], [aLoad(aGuest(1), 0.6), aLoad(aGuest(2), 0.5)]),
    );
    expect(delta).toEqual({ from: 1, revision: 2, put: [changed], removed: [], loads: [aLoad(aGuest(1), 0.6)] });
  });

  it('never lets the listing of one connection touch another, or the record of a connection', () => {
    const inventory = new Inventory();
    const elsewhere = aGuest(1, { connectionId: otherId });
    inventory.putConnection(aConnection());
    inventory.reconcile(otherId, aListing([elsewhere]));
    inventory.reconcile(labId, aListing([aGuest(1)]));
    expect(inventory.reconcile(labId, aListing([]))?.removed).toEqual([aGuest(1).id]);
    expect([...inventory.records()].map((record) => record.id)).toEqual(['lab/connection/lab', elsewhere.id]);
    expect(() => inventory.reconcile(labId, aListing([elsewhere]))).toThrow(RangeError);
  });

  it('empties the row of a guest whose load is no longer told', () => {
    const inventory = new Inventory();
    inventory.reconcile(labId, aListing([aGuest(1)], [aLoad(aGuest(1), 0.5)]));
    const delta = inventory.reconcile(labId, aListing([aGuest(1)]));
    expect(delta?.loads).toEqual([[aGuest(1).id, null, null, null, null, null, null, null]]);
    expect(inventory.reconcile(labId, aListing([aGuest(1)]))).toBeUndefined();
  });

  it('hands the same delta object to every window, so that it can be made into bytes once', () => {
    const inventory = new Inventory();
    const first: InventoryFrame[] = [];
    const second: InventoryFrame[] = [];
    inventory.watch((frame) => first.push(frame));
    const ended = inventory.watch((frame) => second.push(frame));
    inventory.reconcile(labId, aListing([aGuest(1)]));
    ended.dispose();
    inventory.reconcile(labId, aListing([]));
    expect(first).toHaveLength(3);
    expect(second).toHaveLength(2);
    expect(second[0]).toBe(first[0]);
    expect(second[1]).toBe(first[1]);
  });

  it('tells records apart by any key, list or nested object, whatever the order of keys', () => {
    const record = aConnection({ error: { code: 'internal.bug', message: 'm', data: { where: 'x' } } });
    const shuffled = Object.fromEntries(Object.entries(record).reverse()) as unknown as EntityRecord;
    expect(isSameRecord(record, shuffled)).toBe(true);
    expect(isSameRecord(record, { ...record, missingRights: ['VM.Audit on /vms'] })).toBe(false);
    expect(isSameRecord(record, { ...record, clockSkewMs: 0 })).toBe(false);
    expect(
      isSameRecord(record, { ...record, error: { code: 'internal.bug', message: 'm', data: { where: 'y' } } }),
    ).toBe(false);
  });
});

/** What a window keeps: a snapshot, then deltas, and nothing repaired by guessing. */
class Replica {
  revision = -1;
  readonly records = new Map<EntityId, EntityRecord>();
  readonly loads = new Map<EntityId, LoadRow>();

  accept(frame: InventoryFrame): void {
    if (frame.type === 'snapshot') {
      this.records.clear();
      this.loads.clear();
      for (const record of frame.records) this.records.set(record.id, record);
    } else {
      if (frame.from !== this.revision) throw new RangeError(`gap between ${this.revision} and ${frame.from}`);
      for (const id of frame.removed) {
        this.records.delete(id);
        this.loads.delete(id);
      }
      for (const record of frame.put) this.records.set(record.id, record);
    }
    for (const row of frame.loads) this.loads.set(row[0], row);
    this.revision = frame.revision;
  }
}

const guestListing = fc
  .uniqueArray(
    fc.record({ number: fc.nat(11), tag: fc.constantFrom('a', 'b'), cpu: fc.constantFrom(undefined, 0.1, 0.9) }),
    {
      selector: (guest) => guest.number,
    },
  )
  .map((guests) => (connectionId: typeof labId) => {
    const records = guests.map((guest) => aGuest(guest.number, { connectionId, tags: [guest.tag] }));
    const loads = guests.flatMap((guest, index) =>
      guest.cpu === undefined ? [] : [aLoad(records[index]!, guest.cpu)],
    );
    return aListing(records, loads);
  });

const step = fc.oneof(
  fc.record({ type: fc.constant('list' as const), connectionId: fc.constantFrom(labId, otherId), make: guestListing }),
  fc.record({ type: fc.constant('connection' as const), name: fc.constantFrom('A', 'B') }),
  fc.record({ type: fc.constant('remove' as const), connectionId: fc.constantFrom(labId, otherId) }),
  fc.record({ type: fc.constant('flush' as const) }),
  fc.record({ type: fc.constant('resubscribe' as const) }),
);

describe('a replica behind a slow link', () => {
  it('equals the authority after any listings and any flushes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const inventory = new Inventory();
        const replica = new Replica();
        let unsent: InventoryFrame | undefined;
        const queue = (frame: InventoryFrame): void => {
          unsent = unsent === undefined ? frame : squashInventoryFrames(unsent, frame);
        };
        let subscription = inventory.watch(queue);
        const flush = (): void => {
          if (unsent !== undefined) replica.accept(unsent);
          unsent = undefined;
        };
        for (const todo of steps) {
          if (todo.type === 'list') inventory.reconcile(todo.connectionId, todo.make(todo.connectionId));
          else if (todo.type === 'connection') inventory.putConnection(aConnection({ name: todo.name }));
          else if (todo.type === 'remove') inventory.removeConnection(todo.connectionId);
          else if (todo.type === 'flush') flush();
          else {
            subscription.dispose();
            subscription = inventory.watch(queue);
          }
        }
        flush();
        const truth = new Map([...inventory.records()].map((record) => [record.id, record]));
        expect(replica.records).toEqual(truth);
        const figures = (id: EntityId, row: LoadRow | undefined): LoadRow => row ?? toLoadRow(id, noLoad);
        for (const id of truth.keys())
          expect(figures(id, replica.loads.get(id))).toEqual(figures(id, inventory.load(id)));
        for (const id of replica.loads.keys()) expect(truth.has(id)).toBe(true);
      }),
      { seed: 20_261_123, numRuns: 400 },
    );
  });

  it('keeps guests that the host could not tell, in an unknown state and without figures, until it tells again', () => {
    const inventory = new Inventory();
    const machine = aGuest(1);
    const container = aGuest(2, { virtualization: 'container' });
    inventory.reconcile(labId, aListing([aNode('n'), machine, container], [aLoad(machine, 0.5)]));
    inventory.reconcile(labId, { ...aListing([aNode('n')]), unread: ['vm'] });
    expect(inventory.get(machine.id)).toMatchObject({ name: machine.name, power: 'unknown' });
    expect(inventory.load(machine.id)?.[1]).toBeNull();
    expect(inventory.get(container.id)).toBeUndefined();
    expect(inventory.reconcile(labId, { ...aListing([aNode('n')]), unread: ['vm'] })).toBeUndefined();
    inventory.reconcile(labId, aListing([aNode('n'), machine]));
    expect(inventory.get(machine.id)).toEqual(machine);
    inventory.reconcile(labId, aListing([aNode('n')]));
    expect(inventory.get(machine.id)).toBeUndefined();
  });
});
