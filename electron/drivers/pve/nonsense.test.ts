import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAnyAppError } from '../../contract/errors.ts';
import { entityId, parseConnectionId } from '../../contract/ids.ts';
import type { DriverSession } from '../../core/ports/driver.ts';
import { pveRig } from '../../testing/pve-rig.ts';
import { realClock } from '../../testing/real-clock.ts';
import { SmallPve, type SmallAnswer } from '../../testing/small-pve.ts';
import { createPveDriver } from './index.ts';

const lab = parseConnectionId('lab');
const never = new AbortController().signal;
const routes = [
  'GET /cluster/resources',
  'GET /cluster/status',
  'GET /cluster/ha/status/current',
  'GET /cluster/tasks',
  'GET /nodes',
  'GET /pools',
  'GET /access/permissions',
  'GET /version',
  'POST /nodes',
] as const;

/** Anything a broken proxy, a half-written file or another program could say. 401 is another test's: it costs a sign-in. */
const reason = fc.stringMatching(/^[ -~]{0,60}$/);
const nonsense: fc.Arbitrary<SmallAnswer> = fc.oneof(
  fc.jsonValue().map((data) => ({ data })),
  fc
    .array(fc.dictionary(fc.constantFrom('type', 'id', 'node', 'vmid', 'upid', 'status'), fc.jsonValue()))
    .map((data) => ({ data })),
  fc.string().map((raw) => ({ raw })),
  fc.json().map((raw) => ({ raw: raw.slice(0, Math.ceil(raw.length / 2)) })),
  fc
    .record({ status: fc.integer({ min: 402, max: 599 }), reason, body: fc.string() })
    .map((answer): SmallAnswer => answer),
);

let pve: SmallPve;
let session: DriverSession;
beforeAll(async () => {
  pve = await new SmallPve().start();
  const endpoints = [{ host: '127.0.0.1', port: pve.port, fingerprint: pve.identity.fingerprint }];
  session = await createPveDriver().open(pveRig({ endpoints, clock: realClock }).context, never);
});
afterAll(async () => {
  await session.close();
  await pve.stop();
});

describe('a server that talks nonsense', () => {
  test('never gets more out of the driver than typed errors', { timeout: 60_000 }, async () => {
    const ids = [
      entityId(lab, 'guest', 'qemu:100'),
      entityId(lab, 'guest', 'lxc:0'),
      entityId(lab, 'node', 'a b'),
      entityId(lab, 'storage', 'x/y'),
      entityId(lab, 'task', 'UPID:pve1:000009BC:0007E389:6B03C91B:qmstop:100:root@pam:'),
    ];
    const verbs: readonly (() => Promise<unknown>)[] = [
      () => session.listInventory('full', never),
      () => session.tasks!.list(never),
      () => session.tasks!.readLog(ids[4]!, 0, never),
      () => session.power.perform('start', ids[0]!, never),
      ...ids
        .slice(0, 4)
        .flatMap((id) => [() => session.details.read(id, never), () => session.details.history(id, 'day', never)]),
    ];
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(nonsense, { minLength: routes.length + 1, maxLength: routes.length + 1 }),
        async (answers) => {
          for (const [index, route] of routes.entries()) pve.on(route, () => answers[index]!);
          pve.on('GET /nodes/', () => answers.at(-1)!);
          for (const verb of verbs) {
            await verb().catch((error: unknown) => {
              if (!isAnyAppError(error) || error.code === 'internal.bug') throw error;
              refused += 1;
            });
          }
        },
      ),
      { seed: 20_261_123, numRuns: 40 },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
