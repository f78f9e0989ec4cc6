import os from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { parseConnectionId } from '../../contract/ids.ts';
import type { HostLink } from '../../core/ports/host-link.ts';
import { silentLog } from '../../core/ports/log.ts';
import { realClock } from '../../testing/real-clock.ts';
import { never } from '../../testing/ssh-client-harness.ts';
import { findLocalMachine, openLocalLink } from '../../transport/local/index.ts';
import { createDebianDriver } from './index.ts';

let link: HostLink | undefined;
afterEach(() => link?.close());

it('shows the machine that the app runs on, and what it lacks, whatever is installed here', async (context) => {
  context.skip(process.platform !== 'linux', 'this machine is no Linux host');
  link = openLocalLink({ clock: realClock });
  const driver = createDebianDriver({ privilege: 'none' });
  const connectionId = parseConnectionId('here');
  const session = await driver.open({ connectionId, link, clock: realClock, log: silentLog }, never);
  try {
    expect(session.facts.account).toBe(os.userInfo().username);
    const { records } = await session.listInventory('full', never);
    const nodes = records.filter((record) => record.kind === 'node');
    expect(nodes).toMatchObject([{ name: os.hostname().split('.')[0], availability: 'online' }]);
    const codes = nodes.flatMap((node) => node.notices.map((notice) => notice.code));
    const { hasLibvirt, hasLxc } = await findLocalMachine();
    expect([!codes.includes('libvirt-missing'), !codes.includes('lxc-missing')]).toEqual([hasLibvirt, hasLxc]);
  } finally {
    await session.close();
  }
});
