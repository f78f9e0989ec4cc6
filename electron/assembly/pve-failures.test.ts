import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettingsInput } from '../contract/connection-settings.ts';
import { startSimulatedCluster, type SimulatedCluster, type SimulatedClusterOptions } from '../demo/index.ts';
import { AppRig } from '../testing/app-rig.ts';

/** What goes wrong with a PVE cluster, seen from a window: the real driver over real HTTPS, the core, the store. */
describe('a connection to a PVE cluster', { timeout: 60_000 }, () => {
  let rig: AppRig;
  let cluster: SimulatedCluster;
  beforeEach(async () => {
    rig = await AppRig.start();
  });
  afterEach(async () => {
    await rig.close();
    await cluster.close();
  });

  const begin = async (options: SimulatedClusterOptions = {}): Promise<void> => {
    cluster = await startSimulatedCluster({ nodes: ['atlas'], guests: 12, speed: 10, ...options });
  };
  const access = (
    auth: Extract<ConnectionSettingsInput['access'], { kind: 'pve' }>['auth'],
  ): ConnectionSettingsInput => ({
    name: 'Lab',
    access: {
      kind: 'pve',
      endpoints: cluster.nodes.map(({ host, port, fingerprint }) => ({ host, port, fingerprint })),
      auth,
    },
  });
  const withPassword = async (user: string, password: string): Promise<ConnectionSettingsInput> =>
    access({ method: 'password', user, realm: user === 'root' ? 'pam' : 'pve', password: await rig.keep(password) });
  const asRoot = async (): Promise<ConnectionSettingsInput> => withPassword('root', 'demonstration');

  it('is blocked by a wrong password, which is sent once', async () => {
    await begin();
    const id = await rig.add(await withPassword('root', 'wrong'));
    const record = await rig.untilState(id, 'blocked');
    expect(record.error).toMatchObject({ code: 'auth.rejected', data: { method: 'password' } });
    expect(cluster.control.requests.count('POST', /access\/ticket$/)).toBe(1);
  });

  it('asks for a second factor again when the code is wrong, and goes on with the right one', async () => {
    await begin();
    const id = await rig.add(await withPassword('carol', 'carol'));
    const asked = (again: boolean) => () =>
      rig.prompts.find(({ question }) => question.type === 'tfa' && question.again === again);
    const first = await rig.until(asked(false));
    expect(rig.connection(id)).toMatchObject({ state: 'blocked', error: { code: 'auth.challenge-unanswered' } });
    await rig.answer(first, { secret: '000000', tfaKind: 'totp' });
    const second = await rig.until(asked(true));
    await rig.answer(second, {
      secret: cluster.users.find(({ userId }) => userId === 'carol@pve')!.recoveryKeys![0]!,
      tfaKind: 'recovery',
    });
    await rig.untilState(id, 'live');
    expect(rig.prompts).toEqual([]);
  });

  it('explains the empty lists of a token without rights', async () => {
    await begin();
    const token = cluster.tokens.find(({ tokenId }) => tokenId.startsWith('nobody'))!;
    const id = await rig.add(access({ method: 'token', tokenId: token.tokenId, secret: await rig.keep(token.secret) }));
    const record = await rig.untilState(id, 'live');
    expect(record.account).toBe(token.tokenId);
    expect(record.missingRights.length).toBeGreaterThan(0);
    expect(rig.all('guest')).toEqual([]);
  });

  it('signs in again by itself when its ticket has expired in the middle of use', async () => {
    await begin();
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    const before = cluster.control.requests.count('POST', /access\/ticket$/);
    cluster.control.expireTickets();
    await rig.handlers['inventory.refresh']({ id }, rig.context);
    expect(rig.connection(id)?.state).toBe('live');
    expect(cluster.control.requests.count('POST', /access\/ticket$/)).toBeGreaterThan(before);
    expect(rig.prompts).toEqual([]);
  });

  it('is blocked by a changed certificate with both fingerprints, and goes on when the new one is trusted', async () => {
    await begin();
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    const guests = rig.all('guest').length;
    const expected = cluster.nodes[0]!.fingerprint;
    const presented = await cluster.control.replaceCertificate('atlas');
    cluster.control.breakConnections('atlas');
    const record = await rig.untilState(id, 'blocked');
    expect(record.error).toMatchObject({ code: 'connection.identity-changed', data: { expected, presented } });
    expect(rig.all('guest')).toHaveLength(guests);
    const prompt = await rig.until(() => rig.prompts.find(({ question }) => question.type === 'identity'));
    expect(prompt.question).toMatchObject({ expected, presented });
    await rig.answer(prompt, 'trust');
    await rig.untilState(id, 'live');
    const { settings } = await rig.handlers['connection.get']({ id }, rig.context);
    expect(settings.access).toMatchObject({ endpoints: [{ fingerprint: presented }] });
  });

  it('asks whether an unknown certificate may be trusted before any secret is sent', async () => {
    await begin();
    const settings = await asRoot();
    const [{ host, port, fingerprint }] = [cluster.nodes[0]!];
    const id = await rig.add({ ...settings, access: { ...settings.access, endpoints: [{ host, port }] } as never });
    const prompt = await rig.until(() => rig.prompts[0]);
    expect(prompt.question).toMatchObject({ type: 'identity', expected: '', presented: fingerprint });
    expect(cluster.control.requests.count('POST', /access\/ticket$/)).toBe(0);
    await rig.answer(prompt, 'trust');
    await rig.untilState(id, 'live');
    const saved = await rig.handlers['connection.get']({ id }, rig.context);
    expect(saved.settings.access).toMatchObject({ endpoints: [{ fingerprint }] });
  });

  it('moves to another node when the one in use dies during polls, and shows the dead one as offline', async () => {
    await begin({ nodes: ['atlas', 'boreas', 'cirrus'] });
    const id = await rig.add(await asRoot());
    const { endpoint } = await rig.untilState(id, 'live');
    const dead = cluster.nodes.find(({ host, port }) => `${host}:${port}` === endpoint)!;
    await cluster.control.powerOff(dead.name);
    const moved = await rig.until(() => {
      const record = rig.connection(id);
      return record?.state === 'live' && record.endpoint !== endpoint && record;
    });
    expect(moved.error).toBeUndefined();
    await rig.until(() =>
      rig.all('node').find(({ name, availability }) => name === dead.name && availability === 'offline'),
    );
    expect(rig.all('guest')).toHaveLength(12);
  });

  it('keeps every record of a cluster that cannot be reached, says why, and comes back by itself', async () => {
    await begin();
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    await cluster.control.powerOff('atlas');
    const record = await rig.untilState(id, 'offline');
    expect(record.error?.code).toMatch(/^connection\./);
    expect(record.lastGoodAtMs).toBeDefined();
    expect(rig.all('guest')).toHaveLength(12);
    await cluster.control.powerOn('atlas');
    await rig.untilState(id, 'live');
  });

  it('is stale, then offline, when the host accepts and never answers', async () => {
    await begin();
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    cluster.control.freeze('atlas');
    await rig.untilState(id, 'stale');
    const record = await rig.untilState(id, 'offline');
    expect(record.error?.code).toMatch(/^connection\.|^operation\.timed-out$/);
    expect(rig.all('guest')).toHaveLength(12);
    cluster.control.thaw('atlas');
    await rig.untilState(id, 'live');
  });

  it.each([
    ['a truncated answer', { kind: 'truncated-json' } as const, 'remote.unintelligible'],
    ['an absurd answer', { kind: 'body', text: '{"data":[[1,{"type":7}]]}' } as const, 'remote.unintelligible'],
    ['596', { kind: 'status', status: 596, reason: 'Connection timed out' } as const, 'remote.node-unreachable'],
  ])('is stale with a typed error after %s, keeps its records, and recovers', async (_case, fault, code) => {
    await begin();
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    const remove = cluster.control.failures.add({ path: /^\/cluster\/resources/ }, fault);
    // Anything else that makes it stale meanwhile (a slow machine) is followed by the error that this is about.
    const record = await rig.until(() => {
      const known = rig.connection(id);
      return known?.error?.code === code && known;
    });
    expect(record.state).toBe('stale');
    expect(rig.all('guest')).toHaveLength(12);
    remove();
    await rig.untilState(id, 'live');
  });

  it('works with a host whose clock is an hour ahead, and says so', async () => {
    await rig.close();
    rig = await AppRig.start(1);
    await begin();
    cluster.control.advance(3_600_000);
    const id = await rig.add(await asRoot());
    const record = await rig.until(() => {
      const known = rig.connection(id);
      return known?.state === 'live' && known.clockSkewMs !== undefined && known;
    });
    expect(Math.abs(record.clockSkewMs! - 3_600_000)).toBeLessThan(60_000);
  });

  it('shows strange names as they are', async () => {
    await begin({ strangeNames: true });
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    const names = [...cluster.control.state.guests.values()].map((guest) => guest.name).sort();
    expect(
      rig
        .all('guest')
        .map((guest) => guest.name)
        .sort(),
    ).toEqual(names);
  });

  it('is there at once after a restart, with the state and the age that were last known, while the cluster is away', async () => {
    await begin();
    const id = await rig.add(await asRoot());
    await rig.untilState(id, 'live');
    const guests = rig.all('guest').map((guest) => guest.name);
    const { lastGoodAtMs, systemVersion } = rig.connection(id)!;
    await rig.closeApp();
    await cluster.control.powerOff('atlas');
    await rig.open();
    expect(rig.all('guest').map((guest) => guest.name)).toEqual(guests);
    expect(rig.connection(id)).toMatchObject({ state: 'connecting', systemVersion });
    expect(rig.connection(id)!.lastGoodAtMs).toBeGreaterThanOrEqual(lastGoodAtMs!);
    const record = await rig.untilState(id, 'offline');
    expect(record.nextTryAtMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(record.lastGoodAtMs!);
  });
});
