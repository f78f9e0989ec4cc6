import { beforeAll, expect, it } from 'vitest';
import { debianSettingsSchema, type SshAuth } from '../../contract/connection-settings.ts';
import { parseConnectionId } from '../../contract/ids.ts';
import type { DriverSession, InventoryHint } from '../../core/ports/driver.ts';
import { silentLog } from '../../core/ports/log.ts';
import { realClock } from '../../testing/real-clock.ts';
import { failureOf, never } from '../../testing/ssh-client-harness.ts';
import { describeLab } from '../../../test/lab/describe-lab.ts';
import { runOnNode, type LabNode } from '../../../test/lab/lab-nodes.ts';
import { openSshLink, probeSsh } from '../../transport/ssh/index.ts';
import { createDebianDriver, type DebianDriverOptions } from './index.ts';

await describeLab('accounts and variants of Debian hosts', (lab) => {
  const pins = new Map<string, string>();
  beforeAll(async () => {
    for (const { name, host, port } of lab.nodes) {
      const found = await probeSsh(host, port, { clock: realClock, homeDirectory: '/nonexistent' }, never);
      pins.set(name, `${found.hostKey.algorithm} ${found.hostKey.fingerprint}`);
    }
  });
  const open = async (
    node: LabNode,
    user: string,
    privilege: DebianDriverOptions['privilege'] = 'automatic',
  ): Promise<DriverSession> => {
    const password = lab.accounts.find((account) => account.name === user)?.password ?? '';
    const auth: SshAuth = user === 'root' ? { method: 'key', path: node.rootKey } : { method: 'password' };
    const hostKeys = [pins.get(node.name) ?? ''];
    const target = { host: node.host, port: node.port, user, auth, hostKeys };
    const { link, endpoint } = await openSshLink(
      debianSettingsSchema.parse({ kind: 'debian', target }),
      {
        secrets: { get: async () => undefined },
        prompter: { ask: async () => ({ type: 'secrets', secrets: [password], remember: false }) },
        clock: realClock,
        log: silentLog,
        homeDirectory: '/nonexistent',
        agentPath: '',
      },
      never,
    );
    const context = { connectionId: parseConnectionId('lab'), link, clock: realClock, log: silentLog };
    try {
      return await createDebianDriver({ privilege, endpoint }).open(context, never);
    } catch (error) {
      link.close();
      throw error;
    }
  };
  const seen = async (session: DriverSession) => {
    const { records } = await session.listInventory('full', never);
    const node = records.find((record) => record.kind === 'node');
    await session.close();
    return {
      account: session.facts.account,
      guests: records.filter((record) => record.kind === 'guest').map((record) => record.name),
      notices: node?.kind === 'node' ? node.notices.map((notice) => notice.code) : [],
    };
  };

  for (const node of lab.nodes) {
    const vms = node.guests === null ? [] : [node.guests.running, node.guests.stopped];
    const containers = node.containers === null ? [] : [node.containers.running, node.containers.stopped];
    const missing = [
      ...(node.guests === null ? ['libvirt-missing'] : []),
      ...(node.containers === null ? ['lxc-missing'] : []),
    ];

    it(`${node.name} (${node.variant}) shows root everything that is there, and what is missing`, async () => {
      const { account, guests, notices } = await seen(await open(node, 'root'));
      expect({ account, notices }).toEqual({ account: 'root', notices: missing });
      expect(guests).toEqual(expect.arrayContaining([...vms, ...containers]));
    });

    if (node.variant !== 'full') continue;
    it(`${node.name} shows each account what it may see`, async () => {
      expect(await seen(await open(node, 'operator'))).toEqual({
        account: 'operator',
        guests: expect.arrayContaining(vms) as string[],
        notices: ['lxc-not-permitted'],
      });
      const admin = await seen(await open(node, 'admin'));
      expect(admin).toMatchObject({ account: 'admin (sudo)', notices: [] });
      expect(admin.guests).toEqual(expect.arrayContaining([...vms, ...containers]));
      const nobody = await seen(await open(node, 'guest0'));
      expect(nobody).toEqual({
        account: 'guest0',
        guests: [],
        notices: ['libvirt-not-permitted', 'lxc-not-permitted'],
      });
      expect(await failureOf(open(node, 'guest0', 'sudo'))).toMatchObject({ code: 'access.denied' });
    });

    it(`${node.name} is watched again after libvirtd was restarted`, async () => {
      const session = await open(node, 'root');
      const hints: InventoryHint[] = [];
      session.watchInventory((hint) => hints.push(hint));
      const watching = async () => (await runOnNode(node, ['pgrep', '-fc', 'virsh -q .* event --all'])).stdout.trim();
      await expect.poll(watching).not.toBe('0');
      await runOnNode(node, ['systemctl', 'restart', 'libvirtd']);
      const told = () => hints.map((hint) => hint.because);
      await expect.poll(told).toContain('the event stream was opened again');
      const { records } = await session.listInventory('status', never);
      expect(records.map((record) => record.name)).toEqual(expect.arrayContaining([...vms, ...containers]));
      await session.close();
    });

    it(`${node.name} starts and stops by sudo, tells of it, and keeps nothing running afterwards`, async () => {
      const session = await open(node, 'admin');
      const { records } = await session.listInventory('full', never);
      const hints: InventoryHint[] = [];
      session.watchInventory((hint) => hints.push(hint));
      const watching = async () =>
        Number((await runOnNode(node, ['pgrep', '-fc', '^sudo -n -- env .*lxc-monitor'])).stdout.trim());
      await expect.poll(watching).toBeGreaterThan(0);
      const before = await watching();
      for (const name of [node.guests?.stopped, node.containers?.stopped]) {
        const guest = records.find((record) => record.name === name);
        if (guest === undefined) throw new Error(`no ${name ?? 'guest'}`);
        for (const action of ['start', 'stop'] as const) {
          const operation = await session.power.perform(action, guest.id, never);
          const ends: string[] = [];
          for await (const event of operation.events) if (event.type === 'end') ends.push(event.outcome);
          expect(ends).toEqual(['succeeded']);
        }
      }
      const told = () => ['libvirt', 'lxc'].map((system) => hints.some((hint) => hint.because.startsWith(system)));
      await expect.poll(told).toEqual([true, true]);
      await session.close();
      await expect.poll(watching).toBeLessThan(before);
    });
  }
});
