import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulatedCluster, totpCode, type SimulatedCluster } from '../demo/index.ts';
import { password, profileWith, run, settingsOf } from '../testing/cli-rig.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

let north: SimulatedCluster;
let south: SimulatedCluster;
beforeAll(async () => {
  [north, south] = await Promise.all([
    startSimulatedCluster({ name: 'north', nodes: 2, guests: 12, seed: 3, speed: 40 }),
    startSimulatedCluster({ name: 'south', nodes: 1, guests: 6, seed: 4, speed: 40 }),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([north.close(), south.close()]);
});

const names = (json: string): readonly string[] =>
  (JSON.parse(json) as { entities: { name: string }[] }).entities.map(({ name }) => name);

describe('the command line by itself', () => {
  test.each([
    [['--version'], 0, 'wheelhouse 1.2.3\n'],
    [['guest', 'stop', '--help'], 0, 'Usage: wheelhouse guest stop GUEST...'],
    [['guest', '--help'], 0, 'guest hibernate'],
    [['inventory', '-h'], 0, '--filter EXPR'],
    [['connections', 'list', '--help'], 0, '--check'],
    [[], 2, ''],
    [['frobnicate'], 2, ''],
    [['guest', 'explode', 'x'], 2, ''],
    [['guest', 'start'], 2, ''],
    [['inventory', 'extra'], 2, ''],
    [['inventory', '--jsn'], 2, ''],
    [['inventory', '--filter'], 2, ''],
    [['inventory', '--filter', 'mem>8', '--profile', '/nowhere'], 2, ''],
    [['inventory', '--timeout', 'soon', '--profile', '/nowhere'], 2, ''],
    [['connections', 'add', 'ftp', 'x'], 2, ''],
    [['connections', 'add', 'pve'], 2, ''],
    [['connections', 'add', 'pve', 'a b'], 2, ''],
    [['connections', 'add', 'pve', 'host', '--user', 'root'], 2, ''],
    [['connections', 'add', 'pve', 'host', '--token', 'nonsense'], 2, ''],
    [['tasks', '--limit', '0', '--profile', '/nowhere'], 2, ''],
    [['inventory', '--passphrase-file', '/nowhere/file'], 2, ''],
  ])('%j ends with %i', async (args, code, out) => {
    const result = await run(args);
    expect(result.code).toBe(code);
    expect(result.out).toContain(out);
    expect(result.err === '').toBe(code === 0);
  });

  test('marks what is wrong in a filter', async () => {
    const { err } = await run(['inventory', '-f', 'web mem>8']);
    expect(err).toContain('  web mem>8\n          ^\n');
  });

  test('says that a profile has no connections, and how to get some', async () => {
    const folder = temporaryFolder();
    expect(await run(['connections', '--profile', folder])).toMatchObject({ code: 0, out: '' });
    expect((await run(['connections', '--profile', folder])).err).toContain('connections import');
    expect(await run(['connections', '--profile', folder, '--json'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"connections": []') as string,
    });
  });
});

describe('inventory', () => {
  test('asks for the password, shows what there is, and remembers it for --cached', async () => {
    const folder = await profileWith({ north: settingsOf(north) });
    const profile = ['--profile', folder];
    const live = await run(['inventory', '--json', '--filter', 'type:guest', ...profile], password);
    expect(live).toMatchObject({ code: 0, err: '' });
    expect(live.asked).toEqual(['*Site north: Password of root@pam: ']);
    expect(names(live.out)).toHaveLength(12);
    const { connections, entities } = JSON.parse(live.out) as Record<string, Record<string, unknown>[]>;
    expect(connections).toMatchObject([{ id: 'north', name: 'Site north', state: 'live', error: null }]);
    expect(entities?.[0]).toMatchObject({ kind: 'guest', isLastKnown: false, load: {} });

    const cached = await run(['inventory', '--json', '--cached', '--filter', 'type:guest', ...profile]);
    expect(cached).toMatchObject({ code: 0, err: '', asked: [] });
    expect(names(cached.out)).toEqual(names(live.out));
    expect(JSON.parse(cached.out)).toMatchObject({ connections: [{ state: 'cached' }] });
    const table = await run(['inventory', '--cached', '--filter', 'type:node', ...profile]);
    expect(table.out.split('\n')[1]).toMatch(/^node +\S+ +online\? +Site north/);
  });

  test('shows what was last known of a site that is gone, says so, and ends with 4', async () => {
    const gone = await startSimulatedCluster({ name: 'gone', nodes: 1, guests: 3, seed: 5, speed: 40 });
    const folder = await profileWith({ north: settingsOf(north), gone: settingsOf(gone) });
    const profile = ['--profile', folder, '--timeout', '20'];
    expect((await run(['inventory', ...profile], password)).code).toBe(0);
    await gone.close();
    const after = await run(['inventory', '--json', '--filter', 'type:guest', ...profile], password);
    expect(after.code).toBe(4);
    expect(after.err).toMatch(
      /^Site gone: nobody answers at .*ECONNREFUSED.*\. Showing what was known (now|.* ago)\.\n$/,
    );
    const { entities } = JSON.parse(after.out) as { entities: { connectionId: string; isLastKnown: boolean }[] };
    const known = (site: string) => entities.filter(({ connectionId }) => connectionId === site);
    expect(known('gone').map(({ isLastKnown }) => isLastKnown)).toEqual([true, true, true]);
    expect(new Set(known('north').map(({ isLastKnown }) => isLastKnown))).toEqual(new Set([false]));
  }, 60_000);

  test('without a terminal does not ask, and says what is needed', async () => {
    const folder = await profileWith({ north: settingsOf(north) });
    const result = await run(['inventory', '--profile', folder]);
    expect(result).toMatchObject({ code: 4, out: '', asked: [] });
    expect(result.err).toContain('sign-in needs an answer that was not given (password)');
  });

  test('asks for a second factor', async () => {
    const carol = north.users.find(({ userId }) => userId === 'carol@pve')!;
    const folder = await profileWith({
      north: settingsOf(north, { method: 'password', user: 'carol', realm: 'pve' }),
    });
    const result = await run(['inventory', '--profile', folder, '--json'], (question) => {
      if (question.includes('Password')) return carol.password;
      return question.includes('(totp') ? 'totp' : totpCode(carol.totpSecret!, Math.floor(Date.now() / 1000));
    });
    expect(result).toMatchObject({ code: 0, err: '' });
    expect(result.asked).toEqual([
      '*Site north: Password of carol@pve: ',
      'Site north: Second factor of carol@pve (totp, recovery): ',
      '*Site north: totp code of carol@pve: ',
    ]);
  });

  test('shows a new certificate before anything secret is asked for', async () => {
    const { name, access } = settingsOf(north);
    const unpinned =
      access.kind === 'pve'
        ? { ...access, endpoints: access.endpoints.slice(0, 1).map(({ host, port }) => ({ host, port: port! })) }
        : access;
    const folder = await profileWith({ north: { name, access: unpinned } });
    const refused = await run(['inventory', '--profile', folder], () => 'n');
    expect(refused.code).toBe(4);
    expect(refused.asked).toEqual(['Trust it? [y/N] ']);
    expect(refused.err).toContain(north.nodes[0]!.fingerprint);
    const trusted = await run(['inventory', '--profile', folder], (question) =>
      question.includes('Trust') ? 'y' : 'demonstration',
    );
    expect(trusted.code).toBe(0);
    const again = await run(['inventory', '--profile', folder], password);
    expect(again.asked).toEqual(['*Site north: Password of root@pam: ']);
  });
});

describe('guest', () => {
  test('does what it is told to one and to several, and says how it went', async () => {
    const folder = await profileWith({ north: settingsOf(north) });
    const profile = ['--profile', folder];
    const all = JSON.parse((await run(['inventory', '--json', '-f', 'type:guest', ...profile], password)).out) as {
      entities: { id: string; nativeId: string; name: string; power: string; isTemplate: boolean }[];
    };
    const running = all.entities.filter(({ power, isTemplate }) => power === 'running' && !isTemplate);
    const [first, second, third] = running;
    const stop = await run(['guest', 'stop', first!.nativeId, second!.id, '--json', ...profile], (question) =>
      question.includes('Cut the power') ? 'y' : 'demonstration',
    );
    expect(stop.asked).toEqual(['*Site north: Password of root@pam: ', 'Cut the power of these 2 guests? [y/N] ']);
    expect(stop.code).toBe(0);
    expect(JSON.parse(stop.out)).toMatchObject({
      guests: [
        { id: first!.id, action: 'stop', state: 'succeeded' },
        { id: second!.id, action: 'stop', state: 'succeeded' },
      ],
    });
    expect(north.control.guest(Number(first!.nativeId)).running).toBe(false);
    // One that is stopped already and one that is not: the first is refused, the second is done all the same.
    const mixed = await run(['guest', 'stop', first!.nativeId, third!.nativeId, '--yes', ...profile], password);
    expect(mixed.code).toBe(5);
    expect(mixed.asked).toEqual(['*Site north: Password of root@pam: ']);
    expect(mixed.out).toContain(`(${third!.nativeId}): stop succeeded`);
    expect(north.control.guest(Number(third!.nativeId)).running).toBe(false);
    const start = await run(['guest', 'start', `SITE NORTH/${first!.nativeId}`, ...profile], password);
    expect(start).toMatchObject({ code: 0, out: `${first!.name} (${first!.nativeId}): start succeeded\n` });
  }, 60_000);

  test('does nothing when several are not confirmed', async () => {
    const folder = await profileWith({ south: settingsOf(south) });
    const profile = ['--profile', folder];
    const { out } = await run(
      ['inventory', '--json', '-f', 'type:guest status:running template:no', ...profile],
      password,
    );
    const ids = (JSON.parse(out) as { entities: { id: string; nativeId: string }[] }).entities.slice(0, 2);
    const result = await run(['guest', 'reset', ...ids.map(({ id }) => id), ...profile], (question) =>
      question.startsWith('Reset these 2') ? '' : 'demonstration',
    );
    expect(result).toMatchObject({ code: 130, out: '' });
    expect(ids.map(({ nativeId }) => south.control.guest(Number(nativeId)).running)).toEqual([true, true]);
  });

  test('refuses a name of several and opens nothing that it does not need', async () => {
    const folder = await profileWith({ north: settingsOf(north), south: settingsOf(south) });
    const profile = ['--profile', folder];
    const { out } = await run(['inventory', '--json', '-f', 'type:guest', ...profile], password);
    const { entities } = JSON.parse(out) as { entities: { id: string; nativeId: string; connectionId: string }[] };
    const shared = entities.find(
      (guest) =>
        guest.connectionId === 'north' &&
        entities.some((other) => other.connectionId === 'south' && other.nativeId === guest.nativeId),
    )!;
    const ambiguous = await run(['guest', 'start', shared.nativeId, ...profile], password);
    expect(ambiguous).toMatchObject({ code: 3, out: '' });
    for (const site of ['north', 'south']) expect(ambiguous.err).toMatch(new RegExp(`^  ${site}/guest/`, 'm'));
    const one = await run(['guest', 'shutdown', `south/${shared.nativeId}`, ...profile], password);
    expect(one.asked).toEqual(['*Site south: Password of root@pam: ']);
    const none = await run(['guest', 'start', 'no such guest', ...profile], password);
    expect(none).toMatchObject({ code: 3, out: '', err: 'There is no guest no such guest.\n' });
  }, 60_000);

  test('ends with 5 when the account may not', async () => {
    const folder = await profileWith({
      south: settingsOf(south, { method: 'password', user: 'auditor', realm: 'pve' }),
    });
    const vmid = [...south.control.state.guests.values()].find((guest) => guest.running)!.vmid;
    const result = await run(['guest', 'reboot', String(vmid), '--profile', folder], () => 'auditor');
    expect(result.code).toBe(5);
    expect(result.out).toContain('VM.PowerMgmt');
  });
});

describe('tasks', () => {
  test('lists what was done, and follows what is done next', async () => {
    const folder = await profileWith({ south: settingsOf(south) });
    const profile = ['--profile', folder];
    const vmid = [...south.control.state.guests.values()].find((guest) => guest.running)!.vmid;
    const interruption = new AbortController();
    let isStarted = false;
    const onOut = (out: string): void => {
      if (!isStarted) {
        isStarted = true;
        void run(['guest', 'stop', String(vmid), ...profile], password);
      }
      if (/"taskType":"(qm|vz)stop".*"state":"succeeded"/.test(out)) interruption.abort();
    };
    const args = ['tasks', '--follow', '--json', ...profile];
    const { code, out } = await run(args, password, { interruption, onOut });
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    const own = lines.map((line) => JSON.parse(line) as { taskType: string; state: string; subjectName: string });
    expect(own.findLast(({ taskType }) => taskType.endsWith('stop'))).toMatchObject({
      state: 'succeeded',
      subjectName: expect.stringContaining(`(${vmid})`) as string,
    });
    const listed = await run(['tasks', '--limit', '3', ...profile], password);
    expect(listed.code).toBe(0);
    expect(listed.out.trimEnd().split('\n')).toHaveLength(4);
    expect(listed.out).toMatch(/succeeded +(qm|vz)stop/);
  }, 60_000);
});
