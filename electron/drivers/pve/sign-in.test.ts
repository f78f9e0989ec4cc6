import { afterEach, describe, expect, test } from 'vitest';
import { AppError } from '../../contract/errors.ts';
import type { DriverSession } from '../../core/ports/driver.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { passwordRef, pveRig, typed, type PveRig, type PveRigOptions } from '../../testing/pve-rig.ts';
import { SmallPve, type SmallAnswer } from '../../testing/small-pve.ts';
import { secondIdentity } from '../../testing/tls-identities.ts';
import { createPveDriver } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
const never = new AbortController().signal;

const startPve = async (): Promise<SmallPve> => {
  const pve = await new SmallPve().start();
  cleanups.push(() => pve.stop());
  return pve;
};
const pinned = (pve: SmallPve) => ({ host: '127.0.0.1', port: pve.port, fingerprint: pve.identity.fingerprint });
const open = async (rig: PveRig): Promise<DriverSession> => {
  const session = await createPveDriver().open(rig.context, never);
  cleanups.push(() => session.close());
  return session;
};
const rigFor = (pve: SmallPve, options: Partial<PveRigOptions> = {}): PveRig =>
  pveRig({ endpoints: [pinned(pve)], ...options });
const failure = async (promise: Promise<unknown>): Promise<AppError> => {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AppError);
  return outcome as AppError;
};
const ask = { method: 'password', user: 'root', realm: 'pam' } as const;

describe('signing in with a password', () => {
  test('asks for nothing that is kept, and says who and where', async () => {
    const pve = await startPve();
    const rig = rigFor(pve);
    const session = await open(rig);
    expect(session.facts).toMatchObject({
      systemVersion: 'Proxmox VE 9.1.9',
      account: 'root@pam',
      endpoint: `127.0.0.1:${pve.port}`,
      missingRights: [],
    });
    expect(rig.prompter.asked).toEqual([]);
    expect(pve.seen.find((one) => one.path === '/version')?.headers.cookie).toBe('PVEAuthCookie=PVE%3Aroot%40pam%3A1');
  });

  test('does not send a kept password a second time', async () => {
    const pve = await startPve();
    const rig = rigFor(pve, { secrets: { [passwordRef]: 'wrong' } });
    const error = await failure(createPveDriver().open(rig.context, never));
    expect(error.toShape()).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'password', text: 'authentication failure' },
    });
    expect(pve.count('POST /access/ticket')).toBe(1);
    expect(rig.prompter.asked).toEqual([]);
  });

  test('lets a typed password be corrected', async () => {
    const pve = await startPve();
    const rig = rigFor(pve, { auth: ask, replies: [typed('wrong'), typed('secret')] });
    await open(rig);
    expect(rig.prompter.asked).toEqual([
      { type: 'password', account: 'root@pam', again: false },
      { type: 'password', account: 'root@pam', again: true },
    ]);
  });

  test('gives up after three typed passwords', async () => {
    const pve = await startPve();
    const replies = ['a', 'b', 'c', 'secret'].map((word) => typed(word));
    const error = await failure(createPveDriver().open(rigFor(pve, { auth: ask, replies }).context, never));
    expect(error.code).toBe('auth.rejected');
    expect(pve.count('POST /access/ticket')).toBe(3);
  });

  test('explains that a browser realm cannot be used, before sending anything', async () => {
    const pve = await startPve();
    const rig = rigFor(pve, { auth: { ...ask, realm: 'sso' } });
    expect((await failure(createPveDriver().open(rig.context, never))).toShape()).toMatchObject({
      code: 'auth.method-unsupported',
      data: { method: 'oidc', realm: 'sso' },
    });
    expect(pve.count('POST /access/ticket')).toBe(0);
  });

  test('never shows a ticket in the error about a broken answer', async () => {
    const pve = await startPve();
    pve.on('POST /access/ticket', () => ({ raw: '{"data":{"ticket":"PVE:root@pam:SECRET' }));
    const error = await failure(createPveDriver().open(rigFor(pve).context, never));
    expect(error.code).toBe('remote.unintelligible');
    expect(JSON.stringify(error.toShape())).not.toContain('SECRET');
  });
});

test.each([
  [404, '<html>nothing here</html>'],
  [200, '{"hello":"world"}'],
  [301, ''],
])('a web server that is not Proxmox VE (%s %s) gets no password', async (status, body) => {
  const pve = await startPve();
  pve.on('GET /access/domains', () => ({ status, reason: 'as it is', body }));
  const error = await failure(createPveDriver().open(rigFor(pve).context, never));
  expect(error.toShape()).toMatchObject({ code: 'connection.wrong-protocol', data: { expected: 'Proxmox VE' } });
  expect(pve.calls).toEqual(['GET /access/domains']);
});

describe('the second factor', () => {
  const challenge = (json: string): SmallAnswer => ({
    data: {
      NeedTFA: 1,
      username: 'root@pam',
      ticket: `PVE:!tfa!${json}:6B03C7D7::SIGNATURE`,
      CSRFPreventionToken: 'x',
    },
  });
  test('is not asked for again when the connection comes back while the ticket holds', async () => {
    const pve = await startPve();
    pve.on('POST /access/ticket', ({ form }) => {
      const password = form.get('password');
      if (password === 'secret') return challenge('{"totp"%3Atrue}');
      if (password !== 'totp:123456' && password !== 'PVE:root@pam:full') return { status: 401, reason: 'no' };
      return { data: { username: 'root@pam', ticket: 'PVE:root@pam:full', CSRFPreventionToken: 'y' } };
    });
    const clock = new FakeClock();
    const driver = createPveDriver();
    const reopen = async (options: Partial<PveRigOptions>): Promise<readonly unknown[]> => {
      const rig = rigFor(pve, { clock, ...options });
      const session = await driver.open(rig.context, never);
      await session.close();
      return rig.prompter.asked;
    };
    const replies = [typed('123456', 'totp')];
    expect(await reopen({ replies })).toHaveLength(1);
    clock.jump(3_600_000);
    expect(await reopen({})).toEqual([]);
    // Another password is another sign-in, and two hours are the end of a ticket.
    const other = 'cred_otherotherotherother' as typeof passwordRef;
    const changed = { auth: { ...ask, password: other }, secrets: { [other]: 'secret' }, replies };
    expect(await reopen(changed)).toHaveLength(1);
    clock.jump(2 * 3_600_000);
    expect(await reopen({ replies })).toHaveLength(1);
  });

  const startWithTfa = async (json: string): Promise<SmallPve> => {
    const pve = await startPve();
    pve.on('POST /access/ticket', ({ form }) => {
      if (form.get('tfa-challenge') === null) return challenge(json);
      return form.get('password') === 'totp:123456'
        ? { data: { username: 'root@pam', ticket: 'PVE:root@pam:full', CSRFPreventionToken: 'y' } }
        : { status: 401, reason: 'authentication failure' };
    });
    return pve;
  };

  test('is asked for with the kinds that the server named', async () => {
    const pve = await startWithTfa('{"totp"%3Atrue,"recovery"%3A[1,2,9],"webauthn"%3A{"x"%3A1}}');
    const rig = rigFor(pve, { replies: [typed(' 123456 ', 'totp')] });
    await open(rig);
    expect(rig.prompter.asked).toEqual([
      { type: 'tfa', account: 'root@pam', kinds: ['totp', 'recovery'], recoveryKeysLeft: [1, 2, 9], again: false },
    ]);
  });

  test('asks again after a wrong code and never sends one twice', async () => {
    const pve = await startWithTfa('{"totp"%3Atrue}');
    const rig = rigFor(pve, { replies: [typed('000000', 'totp'), typed('123456', 'totp')] });
    await open(rig);
    expect(rig.prompter.asked.map((question) => 'again' in question && question.again)).toEqual([false, true]);
    expect(pve.seen.map((one) => one.form.get('password')).filter((word) => word?.startsWith('totp'))).toEqual([
      'totp:000000',
      'totp:123456',
    ]);
  });

  test('ends with the words of the server when codes stay wrong', async () => {
    const pve = await startWithTfa('{"totp"%3Atrue}');
    const rig = rigFor(pve, { replies: ['1', '2', '3', '4'].map((code) => typed(code, 'totp')) });
    expect((await failure(createPveDriver().open(rig.context, never))).toShape()).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'tfa', text: 'authentication failure' },
    });
    expect(rig.prompter.asked).toHaveLength(3);
  });

  test('names what cannot be offered when nothing else is left', async () => {
    const pve = await startWithTfa('{"webauthn"%3A{"publicKey"%3A{}}}');
    expect((await failure(createPveDriver().open(rigFor(pve).context, never))).toShape()).toMatchObject({
      code: 'auth.method-unsupported',
      data: { method: 'webauthn', realm: 'pam' },
    });
  });
});

describe('an API token', () => {
  const token = { method: 'token', tokenId: 'bob@pve!desk', secret: passwordRef } as const;

  test('signs every request and needs no ticket', async () => {
    const pve = await startPve();
    const session = await open(rigFor(pve, { auth: token }));
    expect(session.facts.account).toBe('bob@pve!desk');
    expect(pve.count('POST /access/ticket')).toBe(0);
    expect(pve.seen.at(-1)?.headers.authorization).toBe('PVEAPIToken=bob@pve!desk=secret');
  });

  test('that is refused is not tried again, and its secret is in no error', async () => {
    const pve = await startPve();
    pve.on('GET /version', () => ({ status: 401, reason: 'Authentication failed!' }));
    const error = await failure(createPveDriver().open(rigFor(pve, { auth: token }).context, never));
    expect(error.toShape()).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'token', text: 'Authentication failed!' },
    });
    expect(pve.count('GET /version')).toBe(1);
    expect(JSON.stringify(error.toShape())).not.toContain('secret');
  });

  test('that was never kept is asked for by name', async () => {
    const pve = await startPve();
    const error = await failure(createPveDriver().open(rigFor(pve, { auth: token, secrets: {} }).context, never));
    expect(error.code).toBe('auth.challenge-unanswered');
  });
});

describe('a ticket', () => {
  test('is renewed after fifteen minutes, once for all who wait', async () => {
    const pve = await startPve();
    const clock = new FakeClock();
    const session = await open(rigFor(pve, { clock }));
    clock.jump(16 * 60_000);
    await Promise.all([1, 2, 3].map(() => session.listInventory('status', never)));
    expect(pve.seen.filter((one) => one.method === 'POST').map((one) => one.form.get('password'))).toEqual([
      'secret',
      'PVE:root@pam:1',
    ]);
    expect(pve.seen.at(-1)?.headers.cookie).toBe('PVEAuthCookie=PVE%3Aroot%40pam%3A2');
  });

  test('that ran out while the machine slept is replaced with the password', async () => {
    const pve = await startPve();
    const clock = new FakeClock();
    const session = await open(rigFor(pve, { clock }));
    clock.jump(3 * 3_600_000);
    await session.listInventory('status', never);
    expect(pve.seen.filter((one) => one.method === 'POST').map((one) => one.form.get('password'))).toEqual([
      'secret',
      'secret',
    ]);
  });

  test('that the server does not know any more is replaced in the middle of a call, once', async () => {
    const pve = await startPve();
    const session = await open(rigFor(pve));
    pve.on('GET /cluster/resources', ({ headers }) =>
      headers.cookie?.endsWith('%3A1') === true ? { status: 401, reason: 'Authentication failed!' } : { data: [] },
    );
    expect(await session.listInventory('status', never)).toEqual({ records: [], loads: [] });
    expect(pve.count('GET /cluster/resources')).toBe(2);
  });

  test('that cannot be replaced ends the session with the words of the server', async () => {
    const pve = await startPve();
    const session = await open(rigFor(pve));
    const ended: Error[] = [];
    session.onEnded((error) => ended.push(error));
    pve.on('GET /cluster/resources', () => ({ status: 401, reason: "user 'root@pam' is disabled" }));
    pve.on('POST /access/ticket', () => ({ status: 401, reason: 'authentication failure' }));
    const error = await failure(session.listInventory('status', never));
    expect(error.code).toBe('auth.rejected');
    expect(ended).toEqual([error]);
  });

  test('goes with its CSRF token when something is changed', async () => {
    const pve = await startPve();
    pve.on('GET /cluster/resources', () => ({
      data: [{ type: 'qemu', id: 'qemu/100', vmid: 100, node: 'pve1', status: 'stopped' }],
    }));
    pve.on('GET /nodes/pve1/qemu/100/status/current', () => ({ data: { status: 'stopped', qmpstatus: 'stopped' } }));
    pve.on('POST /nodes/pve1/qemu/100/status/start', () => ({
      data: 'UPID:pve1:000009BC:0007E389:6B03C91B:qmstart:100:root@pam:',
    }));
    const session = await open(rigFor(pve));
    const [guest] = (await session.listInventory('full', never)).records;
    await session.power.perform('start', guest!.id, never);
    expect(pve.seen.at(-1)?.headers['csrfpreventiontoken']).toBe('csrf1');
  });
});

describe('the certificate', () => {
  test('that nobody pinned is asked about before a secret leaves', async () => {
    const pve = await startPve();
    const endpoint = { host: '127.0.0.1', port: pve.port };
    const rig = pveRig({ endpoints: [endpoint], replies: [{ type: 'trust' }] });
    await open(rig);
    expect(rig.prompter.asked).toEqual([
      { type: 'identity', endpoint: `127.0.0.1:${pve.port}`, expected: '', presented: pve.identity.fingerprint },
    ]);
    expect(rig.learned[0]).toEqual([{ ...endpoint, fingerprint: pve.identity.fingerprint }]);
  });

  test.each([[[{ type: 'refuse' } as const]], [[]]])('that is not trusted stops everything (%j)', async (replies) => {
    const pve = await startPve();
    const rig = pveRig({ endpoints: [{ host: '127.0.0.1', port: pve.port }], replies });
    expect((await failure(createPveDriver().open(rig.context, never))).code).toBe('connection.identity-unknown');
    expect(pve.calls).toEqual([]);
  });

  test('that changed blocks with old and new, and nothing is sent or asked', async () => {
    const pve = await startPve();
    const rig = pveRig({ endpoints: [{ ...pinned(pve), fingerprint: secondIdentity.fingerprint }] });
    expect((await failure(createPveDriver().open(rig.context, never))).toShape()).toMatchObject({
      code: 'connection.identity-changed',
      data: { expected: secondIdentity.fingerprint, presented: pve.identity.fingerprint },
    });
    expect(pve.calls).toEqual([]);
    expect(rig.prompter.asked).toEqual([]);
    expect(rig.learned).toEqual([]);
  });
});
