import { afterEach, describe, expect, it } from 'vitest';
import { recoveryKeys, totpSecret, yubicoPublicId } from '../estate/people.ts';
import { startSimulatedCluster, type SimulatedCluster, type SimulatedClusterOptions } from '../simulated-cluster.ts';
import { askNode, signInAs, type WireAnswer } from '../testing/ask.ts';
import { totpCode } from './totp.ts';

let cluster: SimulatedCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function start(options: SimulatedClusterOptions = {}): Promise<SimulatedCluster> {
  cluster = await startSimulatedCluster({ guests: 20, speed: 100, ...options });
  return cluster;
}

function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<WireAnswer> {
  return askNode(cluster!.nodes[0]!, method, path, { headers });
}

function ticket(form: Record<string, string>): Promise<WireAnswer> {
  return askNode(cluster!.nodes[0]!, 'POST', '/access/ticket', { form });
}

/** The challenge of an account's first step. */
async function challenge(username: string, password: string): Promise<string> {
  const answer = await ticket({ username, password });
  expect(answer.data).toMatchObject({ NeedTFA: 1, username });
  expect(answer.data).not.toHaveProperty('cap');
  return (answer.data as { ticket: string }).ticket;
}

describe('signing in', () => {
  it('gives a ticket that every node accepts, and a digest of rights', async () => {
    await start();
    const answer = await ticket({ username: 'root', realm: 'pam', password: 'demonstration' });
    expect(answer.data).toMatchObject({
      username: 'root@pam',
      clustername: 'cluster',
      cap: { vms: { 'VM.PowerMgmt': 1 }, dc: { 'Sys.Audit': 1 } },
    });
    const session = await signInAs(cluster!.nodes[0]!, 'root@pam', 'demonstration');
    const elsewhere = await askNode(cluster!.nodes[2]!, 'GET', '/version', { headers: session });
    expect(elsewhere.status).toBe(200);
  });

  it.each([
    ['a wrong password', { username: 'root@pam', password: 'wrong' }],
    ['an unknown account', { username: 'ghost@pve', password: 'x' }],
    ['a name without a realm', { username: 'root', password: 'demonstration' }],
    ['a disabled account', { username: 'former@pve', password: 'former' }],
  ])('refuses %s with 401 and a JSON body', async (_, form) => {
    await start();
    const answer = await ticket(form);
    expect(answer).toMatchObject({ status: 401, reason: 'authentication failure' });
    expect(answer.body).toEqual({ data: null, message: 'authentication failure\n' });
  });

  it('demands a password as a parameter error', async () => {
    await start();
    const answer = await ticket({ username: 'root@pam' });
    expect(answer.body['errors']).toEqual({ password: 'property is missing and it is not optional' });
  });

  it('renews by the ticket, and takes a ticket of root@pam as the password of anybody', async () => {
    await start();
    const { data } = await ticket({ username: 'root@pam', password: 'demonstration' });
    const root = (data as { ticket: string }).ticket;
    expect((await ticket({ username: 'root@pam', password: root })).status).toBe(200);
    expect((await ticket({ username: 'auditor@pve', password: root })).status).toBe(200);
    const own = await ticket({ username: 'auditor@pve', password: 'auditor' });
    const auditor = (own.data as { ticket: string }).ticket;
    expect((await ticket({ username: 'root@pam', password: auditor })).status).toBe(401);
  });

  it.each([
    ['9.2.3', 'Authentication failed!'],
    ['8.4.5', 'permission denied - invalid PVE ticket'],
  ] as const)('on %s refuses an expired ticket with an empty 401 "%s"', async (version, reason) => {
    await start({ version });
    const session = await signInAs(cluster!.nodes[0]!, 'root@pam', 'demonstration');
    cluster!.control.advance(2 * 3_600_000 + 1000);
    const answer = await ask('GET', '/version', session);
    expect(answer).toMatchObject({ status: 401, reason, text: '' });
  });

  it('refuses calls without a ticket, and changes without the CSRF token', async () => {
    await start();
    const session = await signInAs(cluster!.nodes[0]!, 'root@pam', 'demonstration');
    expect(await ask('GET', '/version')).toMatchObject({ status: 401, reason: 'No ticket', text: '' });
    const answer = await ask('POST', '/nodes/node-01/qemu/100/status/start', { Cookie: session['Cookie'] ?? '' });
    expect(answer).toMatchObject({ status: 401, reason: 'Permission denied - invalid csrf token' });
  });
});

describe('second factors', () => {
  it('asks for one, takes the code of RFC 6238, and takes the challenge again after a wrong one', async () => {
    await start();
    const half = await challenge('carol@pve', 'carol');
    expect(half).toContain('PVE:!tfa!{"totp"%3Atrue,"recovery"%3A[0,1,2]}:');
    const wrong = await ticket({ username: 'carol@pve', 'tfa-challenge': half, password: 'totp:000000' });
    expect(wrong.status).toBe(401);
    const code = totpCode(totpSecret, cluster!.control.clock.now() / 1000);
    const right = await ticket({ username: 'carol@pve', 'tfa-challenge': half, password: `totp:${code}` });
    expect(right.data).toMatchObject({ username: 'carol@pve' });
  });

  it('does not take half a ticket for a call', async () => {
    await start();
    const half = await challenge('carol@pve', 'carol');
    const answer = await ask('GET', '/version', { Cookie: `PVEAuthCookie=${encodeURIComponent(half)}` });
    expect(answer).toMatchObject({ status: 401, reason: 'Authentication failed!' });
  });

  it('uses recovery keys up', async () => {
    await start();
    const half = await challenge('carol@pve', 'carol');
    const form = { username: 'carol@pve', 'tfa-challenge': half, password: `recovery:${recoveryKeys[0]}` };
    expect((await ticket(form)).status).toBe(200);
    expect((await ticket(form)).status).toBe(401);
    expect(await challenge('carol@pve', 'carol')).toContain('"recovery"%3A[1,2]');
  });

  it('locks one-time codes after eight wrong ones and offers what is left', async () => {
    await start();
    const half = await challenge('carol@pve', 'carol');
    for (let count = 0; count < 8; count += 1) {
      await ticket({ username: 'carol@pve', 'tfa-challenge': half, password: 'totp:000000' });
    }
    const code = totpCode(totpSecret, cluster!.control.clock.now() / 1000);
    const right = await ticket({ username: 'carol@pve', 'tfa-challenge': half, password: `totp:${code}` });
    expect(right.status).toBe(401);
    expect(await challenge('carol@pve', 'carol')).not.toContain('totp');
  });

  it('takes a Yubico one-time password, and asks for WebAuthn where there is nothing else', async () => {
    await start();
    const half = await challenge('yubi@pve', 'yubi');
    const password = `yubico:${yubicoPublicId.padEnd(44, 'v')}`;
    expect((await ticket({ username: 'yubi@pve', 'tfa-challenge': half, password })).status).toBe(200);
    expect(await challenge('key@pve', 'key')).toMatch(/!tfa!\{"webauthn"%3A\{"publicKey"/);
  });
});

describe('tokens and rights', () => {
  it('lists nodes reduced and no guests for a token without rights, and says 403 with path and privilege', async () => {
    await start();
    const empty = cluster!.tokens.find((token) => token.tokenId === 'nobody@pve!empty')!;
    const headers = { Authorization: `PVEAPIToken=${empty.tokenId}=${empty.secret}` };
    const rows = (await ask('GET', '/cluster/resources', headers)).data as Record<string, unknown>[];
    expect(new Set(rows.map((row) => row['type']))).toEqual(new Set(['node']));
    const reduced = ['cgroup-mode', 'hastate', 'id', 'level', 'node', 'status', 'type'];
    expect(Object.keys(rows[0]!).sort()).toEqual(reduced);
    expect((await ask('GET', '/access/permissions', headers)).data).toEqual({});
    const guest = cluster!.control.guest(100);
    const path = `/nodes/${guest.node}/${guest.kind}/100/status/start`;
    expect(await ask('POST', path, headers)).toMatchObject({
      status: 403,
      reason: 'Permission check failed (/vms/100, VM.PowerMgmt)',
    });
  });

  it('needs no CSRF token for a token, and gives it its own rights within those of its user', async () => {
    await start();
    const readonly = cluster!.tokens.find((token) => token.tokenId === 'auditor@pve!readonly')!;
    const headers = { Authorization: `PVEAPIToken=${readonly.tokenId}=${readonly.secret}` };
    const rows = (await ask('GET', '/cluster/resources?type=vm', headers)).data as unknown[];
    expect(rows).toHaveLength(20);
    cluster!.control.edit((state) => {
      state.grants.push({
        path: '/vms',
        kind: 'token',
        subject: readonly.tokenId,
        role: 'PVEVMAdmin',
        propagate: true,
      });
    });
    const permissions = await ask('GET', '/access/permissions?path=/vms/100', headers);
    expect(Object.keys((permissions.data as Record<string, object>)['/vms/100']!)).not.toContain('VM.PowerMgmt');
  });

  it('gives rights on a pool to its guests alone', async () => {
    await start({ guests: 60 });
    const session = await signInAs(cluster!.nodes[0]!, 'web@pve', 'web-team');
    const rows = (await ask('GET', '/cluster/resources?type=vm', session)).data as { pool: string }[];
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map((row) => row.pool))).toEqual(new Set(['production/web']));
  });

  it.each([
    ['9.2.3', 'Authentication failed!'],
    ['8.4.5', 'invalid token value!'],
  ] as const)('on %s refuses a wrong token secret with "%s"', async (version, reason) => {
    await start({ version });
    const headers = { Authorization: 'PVEAPIToken=root@pam!wheelhouse=00000000-0000-0000-0000-000000000000' };
    expect(await ask('GET', '/version', headers)).toMatchObject({ status: 401, reason, text: '' });
  });
});
