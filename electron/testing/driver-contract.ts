import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capabilityNames, type CapabilityName } from '../contract/capabilities.ts';
import { AppError, isAnyAppError, type ErrorCode } from '../contract/errors.ts';
import { splitEntityId, type EntityId } from '../contract/ids.ts';
import {
  entityDetailsSchema,
  entityHistorySchema,
  entityRecordSchema,
  loadRowSchema,
  taskRecordSchema,
  type EntityRecord,
  type GuestPower,
  type GuestRecord,
} from '../contract/records/index.ts';
import type { GuestPowerAction } from '../contract/rpc/table.ts';
import type { Driver, DriverContext, DriverSession, OperationEvent, RemoteOperation } from '../core/ports/driver.ts';

/** A guest and the verbs to take it through, in order. It is stopped before the first and after the last. */
export interface PowerWalk {
  readonly name: string;
  readonly pick: (records: readonly EntityRecord[]) => GuestRecord | undefined;
  readonly actions: readonly GuestPowerAction[];
}

/** What a driver brings to the suite: a host to talk to, and what may be done with it. */
export interface ContractBench<Link> {
  readonly driver: Driver<Link>;
  /** A context for one more session; called once for each session that the suite opens. */
  context(): Promise<DriverContext<Link>>;
  /** Between them they must use every power verb that the driver declares. */
  readonly walks: readonly PowerWalk[];
  /** The id of a guest that is well formed and does not exist. */
  vanishedGuest(records: readonly EntityRecord[]): EntityId;
  /** Starts something long that can be cancelled; needed when the driver declares `task.cancel`. */
  startLongOperation?(session: DriverSession, records: readonly EntityRecord[]): Promise<RemoteOperation>;
  /** Makes the host unreachable for the session that is given its context, and reachable again. */
  dropLink(): Promise<void>;
  restoreLink(): Promise<void>;
  /** How long the host may take: for a power verb to show in the inventory, and for a dropped link to be noticed. */
  readonly patienceMs: number;
  /** Channels, connections or processes that the driver holds on the host now; 0 after close. */
  leftovers?(): Promise<number>;
  /** Declared capabilities that this host cannot show, each with its reason, printed by the suite. */
  readonly unshowable?: Partial<Record<CapabilityName, string>>;
}

const powerAfter: { readonly [Action in GuestPowerAction]: GuestPower } = {
  start: 'running',
  shutdown: 'stopped',
  stop: 'stopped',
  reboot: 'running',
  reset: 'running',
  suspend: 'paused',
  resume: 'running',
  hibernate: 'suspended',
};

const never = new AbortController().signal;
/** Between two looks at a host that has not finished yet. */
const lookAgainMs = 200;

/** Remembers which capabilities were declared for any entity and which were used. */
class Tally {
  readonly declared = new Set<CapabilityName>();
  readonly used = new Set<CapabilityName>();

  note(session: DriverSession, records: readonly EntityRecord[]): void {
    for (const record of records) {
      for (const name of capabilityNames) {
        if (session.capability(name, record)?.available === true) this.declared.add(name);
      }
    }
  }
}

/** The promises that every driver gives, as one suite. Call it at the top level of a test file. */
export function describeDriverContract<Link>(title: string, bench: ContractBench<Link>): void {
  describe(`${title} keeps the driver contract`, () => {
    const tally = new Tally();
    const opened: DriverSession[] = [];
    let session: DriverSession;
    const open = async (): Promise<DriverSession> => {
      const made = await bench.driver.open(await bench.context(), never);
      opened.push(made);
      return made;
    };
    const list = async (): Promise<readonly EntityRecord[]> => {
      const { records } = await session.listInventory('full', never);
      tally.note(session, records);
      return records;
    };
    beforeAll(async () => {
      session = await open();
    }, bench.patienceMs * 4);
    afterAll(async () => {
      for (const made of opened) await made.close();
    }, bench.patienceMs);

    describeListing(bench, () => session, list);
    describePower(bench, () => session, list, tally);
    describeReading(bench, () => session, list, tally);
    describeEnding(bench, open);

    test('every declared capability has been used, and nothing else', () => {
      const unshowable = bench.unshowable ?? {};
      for (const [name, reason] of Object.entries(unshowable)) process.stdout.write(`not shown: ${name}: ${reason}\n`);
      const untouched = [...tally.declared].filter((name) => !tally.used.has(name) && !(name in unshowable));
      expect(untouched.toSorted()).toEqual([]);
      expect([...tally.used].filter((name) => !tally.declared.has(name)).toSorted()).toEqual([]);
    });
  });
}

function describeListing<Link>(
  bench: ContractBench<Link>,
  session: () => DriverSession,
  list: () => Promise<readonly EntityRecord[]>,
): void {
  test('records and loads fit the contract', { timeout: bench.patienceMs }, async () => {
    const { records, loads } = await session().listInventory('full', never);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) entityRecordSchema.parse(record);
    const ids = new Set<string>(records.map((record) => record.id));
    for (const row of loads) {
      loadRowSchema.parse(row);
      expect(ids.has(row[0])).toBe(true);
    }
  });

  test('ids are unique, belong to the connection and parse back', { timeout: bench.patienceMs }, async () => {
    const records = await list();
    expect(new Set(records.map((record) => record.id)).size).toBe(records.length);
    for (const record of records) {
      const parts = splitEntityId(record.id);
      expect({ connectionId: parts.connectionId, kind: parts.kind }).toEqual({
        connectionId: record.connectionId,
        kind: record.kind,
      });
    }
  });

  test('a listing is stable: the same records, in either pass', { timeout: bench.patienceMs }, async () => {
    const first = byId(await list());
    const second = byId((await session().listInventory('status', never)).records);
    expect([...second.keys()].toSorted()).toEqual([...first.keys()].toSorted());
    for (const [id, record] of second) expect(withoutTime(record)).toEqual(withoutTime(first.get(id)));
  });

  test('the session says who it is', () => {
    const { systemVersion, account, endpoint } = session().facts;
    expect(systemVersion).not.toBe('');
    expect(account).not.toBe('');
    expect(typeof endpoint).toBe('string');
  });

  test('every capability has an answer or makes no sense, without asking the host', async () => {
    for (const record of await list()) {
      for (const name of capabilityNames) {
        const answer = session().capability(name, record);
        expect(['undefined', 'true', 'false']).toContain(String(answer?.available));
      }
    }
  });
}

function describePower<Link>(
  bench: ContractBench<Link>,
  session: () => DriverSession,
  list: () => Promise<readonly EntityRecord[]>,
  tally: Tally,
): void {
  const find = async (walk: PowerWalk): Promise<GuestRecord> => {
    const guest = walk.pick(await list());
    if (guest === undefined) throw new Error(`no guest for: ${walk.name}`);
    return guest;
  };
  const reach = async (guest: EntityId, power: GuestPower): Promise<GuestRecord> => {
    const deadline = Date.now() + bench.patienceMs;
    for (;;) {
      const record = (await list()).find((one): one is GuestRecord => one.id === guest && one.kind === 'guest');
      if (record?.power === power) return record;
      if (Date.now() > deadline) throw new Error(`${guest} is ${record?.power ?? 'gone'} and not ${power}`);
      await lookAgain();
    }
  };

  test.each(bench.walks)('$name', { timeout: bench.patienceMs * 12 }, async (walk) => {
    let guest = await find(walk);
    expect(guest.power).toBe('stopped');
    for (const action of walk.actions) {
      const name: CapabilityName = `guest.${action}`;
      expect({ [name]: session().capability(name, guest) }).toEqual({ [name]: { available: true } });
      const operation = await session().power.perform(action, guest.id, never);
      tally.used.add(name);
      expect(operation.nativeId).not.toBe('');
      if (session().tasks !== undefined) await taskShows(bench, session(), operation.nativeId);
      const end = await drain(operation);
      expect({ action, outcome: end.outcome, text: end.text }).toMatchObject({
        outcome: expect.stringMatching(/^(succeeded|warnings)$/) as string,
      });
      guest = await reach(guest.id, powerAfter[action]);
    }
    expect(guest.power).toBe('stopped');
  });

  test('a verb in the wrong state is refused with the state', { timeout: bench.patienceMs }, async () => {
    for (const walk of bench.walks) {
      const guest = await find(walk);
      expect(session().capability('guest.stop', guest)).toMatchObject({ available: false, reason: 'state-forbids-it' });
      const error = await failure(session().power.perform('stop', guest.id, never));
      expect(error.toShape()).toMatchObject({
        code: 'entity.wrong-state',
        data: { entityId: guest.id, actual: 'stopped' },
      });
    }
  });

  test('a guest that is gone is not found', { timeout: bench.patienceMs }, async () => {
    const gone = bench.vanishedGuest(await list());
    expect((await failure(session().power.perform('start', gone, never))).code).toBe('entity.not-found');
    expect((await failure(session().details.read(gone, never))).code).toBe('entity.not-found');
  });

  test('what runs can be cancelled', { timeout: bench.patienceMs * 4 }, async () => {
    if (bench.startLongOperation === undefined) {
      if (tally.declared.has('task.cancel')) throw new Error('task.cancel is declared, but nothing to cancel is given');
      return;
    }
    const operation = await bench.startLongOperation(session(), await list());
    const [end] = await Promise.all([drain(operation), operation.cancel()]);
    expect(end.outcome).toBe('cancelled');
    tally.used.add('task.cancel');
  });
}

function describeReading<Link>(
  bench: ContractBench<Link>,
  session: () => DriverSession,
  list: () => Promise<readonly EntityRecord[]>,
  tally: Tally,
): void {
  const declaring = async (name: CapabilityName): Promise<readonly EntityRecord[]> => {
    const able = (await list()).filter((record) => session().capability(name, record)?.available === true);
    // One of each kind and sort is as good as all of them.
    const sorts = new Map(
      able.map((record) => [`${record.kind}/${'virtualization' in record ? record.virtualization : ''}`, record]),
    );
    return [...sorts.values()];
  };

  test('details of every kind of entity fit the contract', { timeout: bench.patienceMs * 2 }, async () => {
    for (const kind of ['node', 'guest', 'storage'] as const) {
      const record = (await list()).find((one) => one.kind === kind);
      if (record === undefined) continue;
      const details = entityDetailsSchema.parse(await session().details.read(record.id, never));
      expect(details.id).toBe(record.id);
    }
  });

  test('configuration and addresses are told where they are declared', { timeout: bench.patienceMs * 2 }, async () => {
    for (const record of await declaring('guest.configuration')) {
      const details = await session().details.read(record.id, never);
      expect(details.configuration.length + details.configurationText.length).toBeGreaterThan(0);
      tally.used.add('guest.configuration');
    }
    for (const record of await declaring('guest.addresses')) {
      const details = await session().details.read(record.id, never);
      expect(details.addresses.length > 0 || details.addressesNote !== undefined).toBe(true);
      tally.used.add('guest.addresses');
    }
  });

  test('history has one time axis for all series', { timeout: bench.patienceMs * 2 }, async () => {
    for (const record of await declaring('entity.history')) {
      const history = entityHistorySchema.parse(await session().details.history(record.id, 'hour', never));
      const lengths = Object.values(history)
        .filter((value) => Array.isArray(value))
        .map((series) => series.length);
      expect(new Set(lengths).size).toBe(1);
      expect(history.timesMs).toEqual(history.timesMs.toSorted((a, b) => a - b));
      tally.used.add('entity.history');
    }
  });

  test('tasks and their logs can be read', { timeout: bench.patienceMs * 2 }, async () => {
    const { tasks } = session();
    if (tasks === undefined) {
      if (tally.declared.has('task.list')) throw new Error('task.list is declared without a task facet');
      return;
    }
    const known = await tasks.list(never);
    for (const task of known) taskRecordSchema.parse(task);
    expect(new Set(known.map((task) => task.id)).size).toBe(known.length);
    tally.used.add('task.list');
    const done = known.find((task) => task.endedAtMs !== undefined);
    if (done === undefined) throw new Error('no finished task to read');
    const log = await tasks.readLog(done.id, 0, never);
    expect(log).toMatchObject({ isComplete: true, lines: expect.any(Array) as string[] });
    expect((await tasks.readLog(done.id, log.lines.length, never)).lines).toEqual([]);
    tally.used.add('task.log');
  });
}

function describeEnding<Link>(bench: ContractBench<Link>, open: () => Promise<DriverSession>): void {
  test(
    'a read that is called off ends as cancelled and leaves the session usable',
    { timeout: bench.patienceMs },
    async () => {
      const session = await open();
      const calling = new AbortController();
      const listing = failure(session.listInventory('full', calling.signal));
      calling.abort();
      expect((await listing).code).toBe('operation.cancelled');
      expect((await session.listInventory('status', never)).records.length).toBeGreaterThan(0);
      await session.close();
    },
  );

  test(
    'closing twice is harmless, nothing is left, and nothing works any more',
    { timeout: bench.patienceMs * 2 },
    async () => {
      const before = await bench.leftovers?.();
      const session = await open();
      await session.listInventory('full', never);
      await Promise.all([session.close(), session.close()]);
      await session.close();
      expect(isAnyAppError(await failure(session.listInventory('status', never)))).toBe(true);
      if (bench.leftovers === undefined) return;
      for (const deadline = Date.now() + bench.patienceMs; (await bench.leftovers()) !== before; await lookAgain()) {
        if (Date.now() > deadline) throw new Error(`${await bench.leftovers()} left over, ${before} before`);
      }
    },
  );

  test('a dropped link is noticed in bounded time', { timeout: bench.patienceMs * 3 }, async () => {
    const session = await open();
    await session.listInventory('full', never);
    const codes: readonly ErrorCode[] = ['connection.unreachable', 'connection.lost', 'connection.silent'];
    await bench.dropLink();
    try {
      const startedAtMs = Date.now();
      const error = await failure(session.listInventory('status', never));
      expect(codes).toContain(error.code);
      expect(Date.now() - startedAtMs).toBeLessThan(bench.patienceMs);
    } finally {
      await bench.restoreLink();
      await session.close();
    }
  });
}

/** Reads an operation to its end. */
async function drain(operation: RemoteOperation): Promise<Extract<OperationEvent, { type: 'end' }>> {
  let end: Extract<OperationEvent, { type: 'end' }> | undefined;
  for await (const event of operation.events) {
    if (end !== undefined) throw new Error(`an event after the end: ${event.type}`);
    if (event.type === 'end') end = event;
  }
  if (end === undefined) throw new Error('an operation without an end');
  return end;
}

async function taskShows<Link>(bench: ContractBench<Link>, session: DriverSession, nativeId: string): Promise<void> {
  for (const deadline = Date.now() + bench.patienceMs; ; await lookAgain()) {
    const tasks = (await session.tasks?.list(never)) ?? [];
    if (tasks.some((task) => splitEntityId(task.id).nativeId === nativeId)) return;
    if (Date.now() > deadline) throw new Error(`${nativeId} is not in the task list`);
  }
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof AppError)) throw new Error(`expected an AppError, got ${String(outcome)}`);
  return outcome;
}

function lookAgain(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, lookAgainMs);
  });
}

function byId(records: readonly EntityRecord[]): ReadonlyMap<string, EntityRecord> {
  return new Map(records.map((record) => [record.id, record]));
}

/** Facts that may arrive between two listings: versions are read behind the first one. */
function withoutTime(record: EntityRecord | undefined): unknown {
  if (record?.kind !== 'node') return record;
  const { systemVersion: _later, ...rest } = record;
  return rest;
}
