import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettingsInput } from '../contract/connection-settings.ts';
import { AppRig } from '../testing/app-rig.ts';
import { startRelay } from '../testing/loopback-relay.ts';
import { makeKey, startSshd, whyNoSshd, type LoopbackSshd } from '../testing/loopback-sshd.ts';

const why = whyNoSshd();
if (why !== undefined) process.stderr.write(`skipped: connections to a Debian host over a real sshd: ${why}\n`);

/** This machine's own sshd: real key exchange, real sign-in, and whatever libvirt and LXC there are (none is fine). */
describe.skipIf(why !== undefined)('a connection to a Debian host', { timeout: 60_000 }, () => {
  let rig: AppRig;
  let sshd: LoopbackSshd;
  beforeEach(async () => {
    [rig, sshd] = await Promise.all([AppRig.start(1), startSshd()]);
  });
  afterEach(async () => {
    await rig.close();
    await sshd.stop();
  });

  const host = (change: { keyPath?: string; hostKeys?: string[]; port?: number } = {}): ConnectionSettingsInput => ({
    name: 'Debian',
    access: {
      kind: 'debian',
      target: {
        host: '127.0.0.1',
        port: change.port ?? sshd.port,
        user: sshd.user,
        auth: { method: 'key', path: change.keyPath ?? sshd.keyPath },
        hostKeys: change.hostKeys ?? [sshd.pin],
      },
    },
  });

  it('shows the host as a node, over one trusted line', async () => {
    const id = await rig.add(host());
    const record = await rig.untilState(id, 'live');
    expect(record).toMatchObject({ connectionKind: 'debian', endpoint: `127.0.0.1:${sshd.port}` });
    expect(record.systemVersion).not.toBe('');
    expect(rig.all('node')).toMatchObject([{ availability: 'online' }]);
  });

  it('asks whether an unknown host key may be trusted, and pins it', async () => {
    const id = await rig.add(host({ hostKeys: [] }));
    const prompt = await rig.until(() => rig.prompts[0]);
    expect(prompt.question).toMatchObject({ type: 'identity', expected: '', presented: sshd.pin });
    expect(rig.connection(id)).toMatchObject({ state: 'blocked', error: { code: 'connection.identity-unknown' } });
    await rig.answer(prompt, 'trust');
    await rig.untilState(id, 'live');
    const { settings } = await rig.handlers['connection.get']({ id }, rig.context);
    expect(settings.access).toMatchObject({ target: { hostKeys: [sshd.pin] } });
  });

  it('is blocked by a changed host key with the old and the new one', async () => {
    const expected = 'ssh-ed25519 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const id = await rig.add(host({ hostKeys: [expected] }));
    const record = await rig.untilState(id, 'blocked');
    expect(record.error).toMatchObject({
      code: 'connection.identity-changed',
      data: { expected, presented: sshd.pin },
    });
  });

  it('is blocked by a key that the host does not know, and by one that cannot be read', async () => {
    const stranger = makeKey(path.join(sshd.folder, 'stranger'), '-t', 'ed25519');
    const refused = await rig.add(host({ keyPath: stranger }));
    expect((await rig.untilState(refused, 'blocked')).error).toMatchObject({
      code: 'auth.rejected',
      data: { method: 'key' },
    });
    const broken = path.join(sshd.folder, 'broken');
    writeFileSync(broken, 'not a key\n', { mode: 0o600 });
    const unreadable = await rig.add(host({ keyPath: broken }));
    expect((await rig.untilState(unreadable, 'blocked')).error).toMatchObject({ code: 'auth.key-unreadable' });
  });

  it('opens a broken line again at once; goes offline when the host is gone, and keeps what is known of it', async () => {
    const relay = await startRelay(sshd.port);
    try {
      const id = await rig.add(host({ port: relay.port }));
      const first = await rig.untilState(id, 'live');
      const nodes = rig.all('node');
      relay.cut();
      await rig.untilState(id, 'stale');
      const again = await rig.untilState(id, 'live');
      expect(again.sinceMs).toBeGreaterThan(first.sinceMs);
      await relay.stop();
      const record = await rig.untilState(id, 'offline');
      expect(record.error?.code).toBe('connection.unreachable');
      expect(rig.all('node').map((node) => node.id)).toEqual(nodes.map((node) => node.id));
    } finally {
      relay.cut();
    }
  });
});
