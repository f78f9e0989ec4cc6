import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAnyAppError, type AppError } from '../../contract/errors.ts';
import type { PveSettings } from '../../contract/connection-settings.ts';
import type { GuestRecord } from '../../contract/records/index.ts';
import type { PromptReply } from '../../core/ports/prompter.ts';
import { startSimulatedCluster, totpCode, type SimulatedCluster } from '../../demo/index.ts';
import { passwordRef, pveRig, typed } from '../../testing/pve-rig.ts';
import { realClock } from '../../testing/real-clock.ts';
import { createPveDriver } from './index.ts';
import type { PveSession } from './session.ts';

let cluster: SimulatedCluster;
beforeAll(async () => {
  cluster = await startSimulatedCluster({ guests: 12, nodes: 2, speed: 100, subnet: 61 });
});
afterAll(() => cluster.close());
const never = new AbortController().signal;

interface Account {
  readonly auth: PveSettings['auth'];
  readonly secret: string;
  readonly replies?: readonly PromptReply[];
}

/** Signs in, lets the test look, and signs off whatever happens. */
async function as<T>({ auth, secret, replies = [] }: Account, look: (session: PveSession) => Promise<T>): Promise<T> {
  const { host, port, fingerprint } = cluster.nodes[0]!;
  const endpoints = [{ host, port, fingerprint }];
  const rig = pveRig({ endpoints, auth, secrets: { [passwordRef]: secret }, replies, clock: realClock });
  const session = await createPveDriver().open(rig.context, never);
  try {
    return await look(session as PveSession);
  } finally {
    await session.close();
  }
}
const user = (name: string): Account => {
  const found = cluster.users.find((one) => one.userId === `${name}@pve`)!;
  return { auth: { method: 'password', user: name, realm: 'pve', password: passwordRef }, secret: found.password };
};
const token = (tokenId: string): Account => ({
  auth: { method: 'token', tokenId, secret: passwordRef },
  secret: cluster.tokens.find((one) => one.tokenId === tokenId)!.secret,
});
const refusal = (account: Account): Promise<AppError> =>
  as(account, () => Promise.reject(new Error('signed in'))).catch((error: unknown) => {
    if (isAnyAppError(error)) return error;
    throw error;
  });
const guests = async (session: PveSession): Promise<readonly GuestRecord[]> =>
  (await session.listInventory('full', never)).records.filter((one) => one.kind === 'guest');

describe('accounts of a cluster', () => {
  test('an auditor sees everything and may change nothing, and is told which right is missing', async () => {
    await as(user('auditor'), async (session) => {
      const [guest] = (await guests(session)).filter((one) => one.power === 'running');
      expect(session.facts.missingRights).toEqual([]);
      expect(session.capability('guest.stop', guest!)).toEqual({
        available: false,
        reason: 'permission-missing',
        detail: `VM.PowerMgmt on /vms/${guest!.nativeId}`,
      });
      const error: unknown = await session.power.perform('stop', guest!.id, never).catch((thrown: unknown) => thrown);
      expect(isAnyAppError(error) && error.toShape()).toMatchObject({
        code: 'access.denied',
        data: { privilege: 'VM.PowerMgmt', path: `/vms/${guest!.nativeId}` },
      });
    });
  });

  test('nobody sees nodes without figures, no guests, and why', async () => {
    await as(user('nobody'), async (session) => {
      expect(await guests(session)).toEqual([]);
      expect(session.facts.missingRights).toContain('VM.Audit on /vms');
    });
  });

  test('somebody with one pool sees its guests and may use them', async () => {
    await as(user('web'), async (session) => {
      const seen = await guests(session);
      expect(seen.length).toBeGreaterThan(0);
      const usable = seen.filter((one) => session.capability('guest.stop', one)?.available === true);
      expect(usable.map((one) => one.power)).toEqual(
        seen.filter((one) => one.power === 'running').map((one) => one.power),
      );
    });
  });

  test('a one-time code is asked for and accepted', async () => {
    const carol = cluster.users.find((one) => one.userId === 'carol@pve')!;
    const code = totpCode(carol.totpSecret!, cluster.control.clock.now() / 1000);
    const account = await as({ ...user('carol'), replies: [typed(code, 'totp')] }, (session) =>
      Promise.resolve(session.facts.account),
    );
    expect(account).toBe('carol@pve');
  });

  test('a recovery key works once', async () => {
    const key = cluster.users.find((one) => one.userId === 'carol@pve')!.recoveryKeys![1]!;
    await as({ ...user('carol'), replies: [typed(key, 'recovery')] }, guests);
    const again = await refusal({ ...user('carol'), replies: [typed(key, 'recovery')] });
    // Refused, and nobody answers the next question.
    expect(again.code).toBe('auth.challenge-unanswered');
  });

  test('a security key alone is explained', async () => {
    expect((await refusal(user('key'))).toShape()).toMatchObject({
      code: 'auth.method-unsupported',
      data: { method: 'webauthn', realm: 'pve' },
    });
  });

  test('a disabled account is refused', async () => {
    expect((await refusal(user('former'))).code).toBe('auth.rejected');
  });

  test('tokens have the rights of their own', async () => {
    expect((await as(token('root@pam!wheelhouse'), guests)).length).toBe(12);
    expect(await as(token('nobody@pve!empty'), guests)).toEqual([]);
    expect((await refusal({ ...token('root@pam!wheelhouse'), secret: 'wrong' })).toShape()).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'token' },
    });
  });

  test('tickets that run out in the middle of use are replaced without a question', async () => {
    await as(user('operator'), async (session) => {
      const before = await guests(session);
      cluster.control.expireTickets();
      expect((await guests(session)).map((one) => one.id).toSorted()).toEqual(before.map((one) => one.id).toSorted());
    });
  });
});
