import { afterAll, beforeAll } from 'vitest';
import { debianSettingsSchema } from '../../contract/connection-settings.ts';
import { entityId, parseConnectionId } from '../../contract/ids.ts';
import type { EntityRecord, GuestRecord } from '../../contract/records/index.ts';
import type { HostLink } from '../../core/ports/host-link.ts';
import { silentLog } from '../../core/ports/log.ts';
import { describeDriverContract } from '../../testing/driver-contract.ts';
import { startRelay, type LoopbackRelay } from '../../testing/loopback-relay.ts';
import { realClock } from '../../testing/real-clock.ts';
import { never, nobody } from '../../testing/ssh-client-harness.ts';
import { describeLab } from '../../../test/lab/describe-lab.ts';
import type { LabNode } from '../../../test/lab/lab-nodes.ts';
import { openSshLink, probeSsh } from '../../transport/ssh/index.ts';
import { createDebianDriver } from './index.ts';

const connectionId = parseConnectionId('lab');

/** Every node with both systems, over real SSH: the same promises as the PVE driver gives. */
await describeLab('Debian hosts', (lab) => {
  for (const node of lab.nodes.filter(({ variant }) => variant === 'full')) describeNode(node);
});

function describeNode(node: LabNode): void {
  let relay: LoopbackRelay;
  let pin = '';
  beforeAll(async () => {
    relay = await startRelay(node.port, node.host);
    const found = await probeSsh(node.host, node.port, { clock: realClock, homeDirectory: '/nonexistent' }, never);
    pin = `${found.hostKey.algorithm} ${found.hostKey.fingerprint}`;
  });
  afterAll(() => relay.stop());

  const open = async (): Promise<HostLink> => {
    const settings = debianSettingsSchema.parse({
      kind: 'debian',
      target: {
        host: '127.0.0.1',
        port: relay.port,
        user: 'root',
        auth: { method: 'key', path: node.rootKey },
        hostKeys: [pin],
      },
    });
    const opened = await openSshLink(
      settings,
      {
        secrets: { get: async () => undefined },
        prompter: nobody,
        clock: realClock,
        log: silentLog,
        homeDirectory: '/nonexistent',
        agentPath: '',
      },
      never,
    );
    return opened.link;
  };
  const stopped = (virtualization: GuestRecord['virtualization']) => (records: readonly EntityRecord[]) =>
    records.find(
      (record): record is GuestRecord =>
        record.kind === 'guest' &&
        record.virtualization === virtualization &&
        [node.guests?.stopped, node.containers?.stopped].includes(record.name),
    );

  describeDriverContract(`Debian ${node.debian} (${node.name})`, {
    driver: createDebianDriver({ endpoint: `${node.host}:${node.port}`, shutdownTimeoutMs: 60_000 }),
    context: async () => ({ connectionId, link: await open(), clock: realClock, log: silentLog }),
    walks: [
      {
        name: 'a domain through all its verbs',
        pick: stopped('vm'),
        actions: ['start', 'suspend', 'resume', 'reset', 'reboot', 'hibernate', 'start', 'stop'],
      },
      {
        name: 'a container through all its verbs',
        pick: stopped('container'),
        actions: ['start', 'suspend', 'resume', 'reboot', 'shutdown'],
      },
    ],
    vanishedGuest: () => entityId(connectionId, 'guest', 'qemu:00000000-0000-4000-8000-000000000000'),
    dropLink: async () => {
      relay.cut();
    },
    restoreLink: async () => undefined,
    patienceMs: 30_000,
    leftovers: async () => relay.openCount,
  });
}
