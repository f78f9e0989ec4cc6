import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster } from '../../demo/index.ts';
import { profileWith, run, settingsOf } from '../../testing/cli-rig.ts';
import { MemoryVault } from '../../testing/memory-stores.ts';

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

describe('connections', () => {
  test('are added with what was trusted and asked, and a secret is kept where it belongs', async () => {
    const folder = await profileWith({});
    const { host, port, fingerprint } = north.nodes[0]!;
    const token = north.tokens.find(({ tokenId }) => tokenId === 'root@pam!wheelhouse')!;
    const address = `${host}:${port}`;
    const vault = new MemoryVault();
    const add = [
      'connections',
      'add',
      'pve',
      address,
      '--name',
      'North',
      '--token',
      token.tokenId,
      '--profile',
      folder,
    ];
    const added = await run(add, (question) => (question.includes('Trust') ? 'y' : token.secret), { vault });
    expect(added).toMatchObject({
      code: 0,
      asked: ['*Secret of root@pam!wheelhouse: ', 'Trust it? [y/N] '],
    });
    expect(added.err).toMatch(/\nNorth: .*Proxmox VE .*, as root@pam!wheelhouse\n$/);
    const text = readFileSync(join(folder, 'connections.json'), 'utf8');
    expect(text).toContain(fingerprint);
    expect(text).not.toContain(token.secret);
    // The next run needs nobody.
    const again = await run(['inventory', '--json', '--profile', folder], undefined, { vault });
    expect(again).toMatchObject({ code: 0, err: '' });
  });

  test('that do not open are added all the same, with the reason', async () => {
    const folder = await profileWith({});
    const { host, port } = north.nodes[0]!;
    const wrong = ['--fingerprint', Array.from({ length: 32 }, () => 'aa').join(':')];
    const added = await run(
      ['connections', 'add', 'pve', `${host}:${port}`, ...wrong, '--profile', folder],
      () => 'no',
    );
    expect(added.code).toBe(4);
    expect(added.err).toContain('HAS CHANGED');
    expect(added.err).toContain('It has been added all the same');
    const { out } = await run(['connections', '--json', '--profile', folder]);
    expect(JSON.parse(out)).toMatchObject({ connections: [{ id: added.out.trim(), account: 'root@pam' }] });
  });

  test('go out without secrets, come in again, and are removed', async () => {
    const folder = await profileWith({ north: settingsOf(north), south: settingsOf(south) });
    const profile = ['--profile', folder];
    const list = await run(['connections', '--json', ...profile]);
    expect(JSON.parse(list.out)).toMatchObject({ connections: [{ id: 'north', state: 'cached' }, { id: 'south' }] });
    const exported = await run(['connections', 'export', 'Site North', ...profile]);
    const file = join(folder, 'exported.json');
    writeFileSync(file, exported.out);
    expect((await run(['connections', 'remove', 'north', 'nothing', ...profile])).code).toBe(3);
    expect((await run(['connections', 'remove', 'north', ...profile])).code).toBe(0);
    const imported = await run(['connections', 'import', file, ...profile]);
    expect(imported).toMatchObject({ code: 0, err: '' });
    const after = await run(['connections', 'list', '--json', ...profile]);
    expect(JSON.parse(after.out)).toMatchObject({
      connections: [{ id: imported.out.trim(), name: 'Site north' }, { id: 'south' }],
    });
    writeFileSync(file, '{"format": "other"}');
    expect((await run(['connections', 'import', file, ...profile])).code).toBe(2);
    const checked = await run(['connections', '--check', ...profile], (question) =>
      question.includes('Trust') ? 'y' : 'demonstration',
    );
    expect(checked.code).toBe(0);
    expect(checked.out.match(/ live /g)).toHaveLength(2);
  }, 60_000);
});
