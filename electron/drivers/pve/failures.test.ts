import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { AppError, isAnyAppError, type ErrorCode } from '../../contract/errors.ts';
import { entityId, parseConnectionId } from '../../contract/ids.ts';
import type { GuestRecord } from '../../contract/records/index.ts';
import type { DriverSession } from '../../core/ports/driver.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { pveRig, passwordRef, type PveRigOptions } from '../../testing/pve-rig.ts';
import { SmallPve, type SmallAnswer } from '../../testing/small-pve.ts';
import { toApiError } from './api-error.ts';
import { createPveDriver } from './index.ts';
import { parseClusterStatus, parseHaStatus, parsePermissions } from './parse/cluster.ts';
import { parseHistoryRows, parseInterfaces, parseNodeStatus, parsePending } from './parse/details.ts';
import { parseResources } from './parse/resources.ts';
import { parseTicketAnswer } from './parse/sign-in.ts';
import { parseTaskLog, parseTasks } from './parse/tasks.ts';
import { parseEnvelope } from './parse/unintelligible.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
const never = new AbortController().signal;
const vm = {
  type: 'qemu',
  id: 'qemu/100',
  vmid: 100,
  node: 'pve1',
  name: 'web',
  status: 'running',
  cpu: 0.1,
  uptime: 9,
};
const upid = 'UPID:pve1:000009BC:0007E389:6B03C91B:qmstop:100:root@pam:';

const openOn = async (
  options: Partial<PveRigOptions> = {},
): Promise<{ readonly pve: SmallPve; readonly session: DriverSession; readonly guest: GuestRecord }> => {
  const pve = await new SmallPve().start();
  cleanups.push(() => pve.stop());
  pve.on('GET /cluster/resources', () => ({ data: [vm] }));
  pve.on('GET /nodes/pve1/qemu/100/status/current', () => ({ data: { status: 'running', qmpstatus: 'running' } }));
  const endpoints = [{ host: '127.0.0.1', port: pve.port, fingerprint: pve.identity.fingerprint }];
  const session = await createPveDriver().open(pveRig({ endpoints, ...options }).context, never);
  cleanups.push(() => session.close());
  const { records } = await session.listInventory('full', never);
  return { pve, session, guest: records.find((one): one is GuestRecord => one.kind === 'guest')! };
};
const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AppError);
  return outcome as AppError;
};

describe('a power verb', () => {
  test.each<[string, SmallAnswer, ErrorCode, object]>([
    [
      'without the right',
      { status: 403, reason: 'Permission check failed (/vms/100, VM.PowerMgmt)' },
      'access.denied',
      { privilege: 'VM.PowerMgmt', path: '/vms/100' },
    ],
    ['on a locked guest', { status: 500, reason: 'VM is locked (backup)' }, 'entity.locked', { lock: 'backup' }],
    ['without quorum', { status: 500, reason: 'cluster not ready - no quorum?' }, 'remote.no-quorum', {}],
    [
      'without quorum, in the words of the file system',
      {
        status: 500,
        reason: "unable to open file '/etc/pve/nodes/pve1/qemu-server/100.conf.tmp.7' - Permission denied",
      },
      'remote.no-quorum',
      {},
    ],
    [
      'while the node is down',
      { status: 595, reason: 'No route to host' },
      'remote.node-unreachable',
      { node: 'pve1', status: 595, text: 'No route to host' },
    ],
    [
      'while the node hangs',
      { status: 596, reason: 'Connection timed out' },
      'remote.node-unreachable',
      { status: 596 },
    ],
    [
      'that the server refuses in its own words',
      { status: 500, reason: 'short', body: '{"data":null,"message":"a longer text\\n"}' },
      'remote.refused',
      { status: 500, text: 'a longer text', command: 'POST /nodes/pve1/qemu/100/status/stop' },
    ],
    [
      'with a bad parameter',
      { status: 400, reason: 'Parameter verification failed.', body: '{"errors":{"vmid":"too small\\n"}}' },
      'remote.refused',
      { text: 'Parameter verification failed. vmid: too small' },
    ],
    ['answered with nonsense', { data: { not: 'a UPID' } }, 'remote.unintelligible', {}],
    ['whose answer is cut off', { raw: '{"data":"UPID:pv' }, 'remote.unintelligible', { excerpt: '{"data":"UPID:pv' }],
  ])('%s', async (_name, answer, code, data) => {
    const { pve, session, guest } = await openOn();
    pve.on('POST /nodes/pve1/qemu/100/status/stop', () => answer);
    const error = await failure(session.power.perform('stop', guest.id, never));
    expect(error.toShape()).toMatchObject({ code, data });
    expect(pve.count('POST /nodes/pve1/qemu/100/status/stop')).toBe(1);
  });

  test('is not sent when the guest is in another state than the list says', async () => {
    const { pve, session, guest } = await openOn();
    const status = 'GET /nodes/pve1/qemu/100/status/current';
    pve.on(status, () => ({ data: { status: 'stopped' } }));
    expect((await failure(session.power.perform('stop', guest.id, never))).toShape()).toMatchObject({
      code: 'entity.wrong-state',
      data: { actual: 'stopped', needed: ['running', 'paused'] },
    });
    pve.on(status, () => ({ data: { status: 'running', lock: 'migrate' } }));
    expect((await failure(session.power.perform('stop', guest.id, never))).data).toMatchObject({ lock: 'migrate' });
    expect(pve.calls.filter((call) => call.startsWith('POST /nodes'))).toEqual([]);
  });

  test('finds a guest that has moved since the last listing', async () => {
    const { pve, session, guest } = await openOn();
    const gone = "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist";
    pve.on('GET /nodes/pve1/qemu/100/status/current', () => ({ status: 500, reason: gone }));
    pve.on('GET /cluster/resources', () => ({ data: [{ ...vm, node: 'pve2' }] }));
    pve.on('GET /nodes/pve2/qemu/100/status/current', () => ({ data: { status: 'running' } }));
    pve.on('POST /nodes/pve2/qemu/100/status/stop', () => ({ data: upid }));
    expect((await session.power.perform('stop', guest.id, never)).nativeId).toBe(upid);
  });

  test('does not find a guest that was removed since the last listing', async () => {
    const { pve, session, guest } = await openOn();
    const gone = "Configuration file 'nodes/pve1/qemu-server/100.conf' does not exist";
    pve.on('GET /nodes/pve1/qemu/100/status/current', () => ({ status: 500, reason: gone }));
    pve.on('GET /cluster/resources', () => ({ data: [] }));
    expect((await failure(session.power.perform('stop', guest.id, never))).code).toBe('entity.not-found');
  });

  test('that makes no sense for a container is not offered and not sent', async () => {
    const { pve, session } = await openOn();
    pve.on('GET /cluster/resources', () => ({ data: [{ ...vm, type: 'lxc', id: 'lxc/200', vmid: 200 }] }));
    const [container] = (await session.listInventory('status', never)).records;
    expect(session.capability('guest.reset', container!)).toBeUndefined();
    expect(session.capability('guest.suspend', container!)).toMatchObject({ reason: 'host-lacks-it' });
    for (const action of ['reset', 'suspend', 'hibernate'] as const) {
      const error = await failure(session.power.perform(action, container!.id, never));
      expect(error.code).toBe('capability.unavailable');
    }
  });
});

describe('a listing', () => {
  test.each<[string, SmallAnswer, ErrorCode]>([
    ['that is cut off', { raw: '{"data":[{"type":"qemu","id":"qemu/1' }, 'remote.unintelligible'],
    ['without data', { raw: '{}' }, 'remote.unintelligible'],
    ['that is no list', { raw: '{"data":{"a":1}}' }, 'remote.unintelligible'],
    ['with a row that is none', { data: [vm, 'qemu/101'] }, 'remote.unintelligible'],
    ['with a guest without a node', { data: [{ type: 'qemu', id: 'qemu/1', vmid: 1 }] }, 'remote.unintelligible'],
    ['that never comes to an end of the connection', { drop: true }, 'connection.lost'],
    ['that the server fails to make', { status: 500, reason: 'unexpected error' }, 'remote.refused'],
  ])('%s is an error with a type', async (_name, answer, code) => {
    const { pve, session } = await openOn();
    pve.on('GET /cluster/resources', () => answer);
    expect((await failure(session.listInventory('status', never))).code).toBe(code);
    pve.on('GET /cluster/resources', () => ({ data: [vm] }));
    expect((await session.listInventory('status', never)).records).toHaveLength(1);
  });

  test('stands although its minor parts may not be read', async () => {
    const { pve, session } = await openOn();
    for (const path of ['/cluster/status', '/cluster/ha/status/current', '/pools', '/nodes']) {
      pve.on(`GET ${path}`, () => ({ status: 403, reason: 'Permission check failed (/, Sys.Audit)' }));
    }
    expect((await session.listInventory('full', never)).records).toHaveLength(1);
  });

  test('stands although its minor parts have a form that nobody knows', async () => {
    const { pve, session } = await openOn();
    for (const path of ['/cluster/status', '/cluster/ha/status/current', '/pools', '/nodes']) {
      pve.on(`GET ${path}`, () => ({ data: { from: 'the future' } }));
    }
    expect((await session.listInventory('full', never)).records).toHaveLength(1);
  });

  test('that is empty for want of rights says which ones', async () => {
    const { session } = await openOn();
    expect(session.facts.missingRights).toEqual([]);
    const pve = await new SmallPve().start();
    cleanups.push(() => pve.stop());
    pve.on('GET /access/permissions', () => ({ data: { '/vms/100': { 'VM.Audit': 1 } } }));
    const endpoints = [{ host: '127.0.0.1', port: pve.port, fingerprint: pve.identity.fingerprint }];
    const secrets = { [passwordRef]: 'token-secret' };
    const auth = { method: 'token', tokenId: 'bob@pve!x', secret: passwordRef } as const;
    const poor = await createPveDriver().open(pveRig({ endpoints, secrets, auth }).context, never);
    cleanups.push(() => poor.close());
    expect((await poor.listInventory('full', never)).records).toEqual([]);
    expect(poor.facts.missingRights).toEqual([
      'Sys.Audit on /',
      'VM.Audit on /vms',
      'Datastore.Audit on /storage',
      'Pool.Audit on /pool',
    ]);
  });

  test('tells how far the clock of the server is off, and nothing about seconds', async () => {
    const serverMs = Date.parse('2026-11-23T05:00:00Z');
    const pve = await new SmallPve().start();
    cleanups.push(() => pve.stop());
    const headers = { date: new Date(serverMs).toUTCString() };
    pve.on('GET /version', () => ({ data: { version: '9.1.9' }, headers }));
    pve.on('GET /access/domains', () => ({ data: [], headers }));
    pve.on('GET /access/permissions', () => ({ data: {}, headers }));
    pve.on('POST /access/ticket', () => ({ data: { ticket: 'PVE:a', username: 'a@pam' }, headers }));
    const endpoints = [{ host: '127.0.0.1', port: pve.port, fingerprint: pve.identity.fingerprint }];
    const skewOf = async (clock: FakeClock): Promise<number | undefined> => {
      const session = await createPveDriver().open(pveRig({ endpoints, clock }).context, never);
      cleanups.push(() => session.close());
      return session.facts.clockSkewMs;
    };
    expect(await skewOf(new FakeClock(serverMs - 3_600_000))).toBe(3_600_500);
    expect(await skewOf(new FakeClock(serverMs + 900))).toBe(0);
  });
});

describe('no answer whatever is more than a typed error', () => {
  const parsers: Readonly<Record<string, (data: unknown, command: string) => unknown>> = {
    parseClusterStatus,
    parseHaStatus,
    parsePermissions,
    parsePending,
    parseHistoryRows,
    parseInterfaces,
    parseNodeStatus,
    parseTasks,
    parseTaskLog,
    parseTicketAnswer,
  };
  const onlyTyped = (run: () => unknown): void => {
    try {
      run();
    } catch (error) {
      if (!isAnyAppError(error) || error.code !== 'remote.unintelligible') throw error;
      const { excerpt } = error.data as { excerpt: string };
      if (excerpt.length > 201) throw new Error('an excerpt is as long as the answer', { cause: error });
    }
  };

  test.each(Object.entries(parsers))('%s', (_name, parse) => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => onlyTyped(() => parse(value, 'GET /fuzz'))),
      { seed: 20_261_123, numRuns: 300 },
    );
  });

  test('a listing that is cut off anywhere', () => {
    const body = JSON.stringify({ data: [vm, { type: 'node', id: 'node/pve1', node: 'pve1', status: 'online' }] });
    for (let length = 0; length < body.length; length += 1) {
      expect(() => parseResources(body.slice(0, length), 'GET /cluster/resources')).toThrow(AppError);
    }
    expect(parseResources(body, 'GET /cluster/resources')).toHaveLength(2);
  });

  test('a listing with absurd rows', () => {
    const row = fc.record({ type: fc.constantFrom('qemu', 'node', 'storage', 'pool', 'x'), id: fc.string() }, {});
    const absurd = fc.array(
      fc.tuple(row, fc.dictionary(fc.string(), fc.jsonValue())).map(([a, b]) => ({ ...b, ...a })),
    );
    fc.assert(
      fc.property(absurd, (data) =>
        onlyTyped(() => parseResources(JSON.stringify({ data }), 'GET /cluster/resources')),
      ),
      { seed: 20_261_123, numRuns: 300 },
    );
  });

  test('an envelope of any text', () => {
    fc.assert(
      fc.property(fc.string(), (body) => onlyTyped(() => parseEnvelope(body, 'GET /fuzz'))),
      { seed: 20_261_123, numRuns: 300 },
    );
  });

  test('an error answer of any status and text', () => {
    const about = entityId(parseConnectionId('lab'), 'guest', 'qemu:100');
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), fc.string(), fc.string(), (status, reason, body) => {
        const error = toApiError({ method: 'GET', path: '/x' }, { status, reason, headers: {}, body }, about);
        expect(isAnyAppError(error)).toBe(true);
      }),
      { seed: 20_261_123, numRuns: 300 },
    );
  });
});
