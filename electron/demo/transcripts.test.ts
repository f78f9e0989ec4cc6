import { afterEach, describe, expect, it } from 'vitest';
import { startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';
import type { SimGuest } from './state/guest.ts';
import type { ReleaseVersion } from './state/release.ts';
import { havePveApi } from './testing/official-schema.ts';
import { replay, type ReplayOptions } from './testing/replay.ts';
import { recordedSteps } from './testing/transcript.ts';

/** Recorded scenarios of real servers, sent to simulated ones: the same calls must have the same outcome. */
const have = havePveApi();

let cluster: SimulatedCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** The recorded cluster: pve1 and pve2, or one node, with the guests that the scenarios speak of. */
async function start(version: ReleaseVersion, nodes: readonly string[]): Promise<SimulatedCluster> {
  cluster = await startSimulatedCluster({ version, nodes, guests: 300, speed: 200, name: 'realtest' });
  cluster.control.edit((state) => {
    const [local = ''] = nodes;
    const root = state.users.get('root@pam');
    if (root) root.password = 'pvereal-root';
    const bob = { id: 'bob@pve', password: 'bob-secret1', enabled: true, expire: 0, wrongCodes: 0 };
    state.users.set(bob.id, { ...bob, groups: [], factors: [], tokens: new Map() });
    state.highAvailability.clear();
    const models = [...state.guests.values()];
    const machine = models.find((guest) => guest.kind === 'qemu' && !guest.template)!;
    const container = models.find((guest) => guest.kind === 'lxc' && !guest.template)!;
    state.guests.clear();
    const place = (model: SimGuest, vmid: number, node: string, running: boolean): void => {
      const fresh = { options: new Map(), pending: new Map(), snapshots: [] };
      const fixed = { vmid, node, running, lock: undefined, paused: false, obeysShutdown: false, pool: undefined };
      state.guests.set(vmid, { ...model, ...fresh, ...fixed, agent: 'silent' });
    };
    place(machine, 100, local, true);
    for (const vmid of [300, 304]) place(machine, vmid, local, false);
    place(machine, 302, nodes[1] ?? local, false);
    place(container, 200, local, false);
    place(container, 342, local, false);
    state.guests.get(342)!.options.set('features', null);
    state.guests.get(342)!.obeysShutdown = true;
  });
  return cluster;
}

const peerState: ReplayOptions['before'] = async (label, { control }) => {
  const node = control.state.nodes.get('pve2');
  if (label.startsWith('pveproxy of pve2 stopped') && node?.power === 'on') await control.refuseConnections('pve2');
  if (label.startsWith('pvedaemon of pve2 stopped') && node?.power !== 'on') await control.acceptConnections('pve2');
  if (label.startsWith('pveproxy of pve2 frozen')) control.freeze('pve2');
  if (label.startsWith('first call to the dead node')) {
    control.thaw('pve2');
    await control.powerOff('pve2');
  }
  if (/^(set lock=backup|NIC on a missing bridge|CD with a missing ISO)/.test(label)) {
    control.edit((state) => Object.assign(state.guests.get(304) ?? {}, { running: false }));
  }
  if (label.startsWith('5.7 s after')) control.advance(6000);
  if (label.startsWith('4.6 s after the power-ON')) await control.powerOn('pve2');
  if (label.startsWith('9.1 s after the power-ON')) control.advance(10_000);
};

/** Steps whose difference has a reason. */
const explained: readonly (readonly [label: RegExp, reason: string])[] = [
  [/^ticket with a damaged signature$/, '8.4.1 shows an error of its RSA library; the simulation signs otherwise'],
  [/^qmsuspend todisk=1 \(hibernate\) log$/, 'names the file of a directory storage'],
  [/^qmstart of a hibernated VM \(resume\) log$/, 'names the file of a directory storage, and an MTU'],
  [/^start with kvm on a host without KVM/, 'every simulated host has KVM'],
  [/^start with a missing bridge/, 'configurations cannot be written here, so the bridge is not missing'],
  [/^pvedaemon of pve2 stopped/, 'the two daemons of a host are one here'],
  [/^no quorum: vzdump log$/, 'options of a job are logged in random order, and times differ'],
  [/^no quorum: stop a running VM log$/, 'names the number of the process'],
];

const scenarios: readonly (readonly [
  scenario: string,
  version: ReleaseVersion,
  nodes: readonly string[],
  atLeast: number,
])[] = [
  ['9.1.9/01-auth', '9.1.9', ['pve1', 'pve2'], 40],
  ['8.4.1/01-auth', '8.4.5', ['pve8'], 40],
  ['9.1.9/07-errors', '9.1.9', ['pve1', 'pve2'], 15],
  ['8.4.1/07-errors', '8.4.5', ['pve8'], 15],
  ['9.1.9/04-tasks-vm-lifecycle', '9.1.9', ['pve1', 'pve2'], 40],
  ['9.1.9/04-tasks-failing', '9.1.9', ['pve1', 'pve2'], 20],
  ['9.1.9/07-node-down', '9.1.9', ['pve1', 'pve2'], 30],
];

describe.skipIf(!have)('recorded scenarios', () => {
  it.each(scenarios)('%s has the same outcome on a simulated %s', async (scenario, version, nodes, atLeast) => {
    const simulated = await start(version, nodes);
    const { compared, differences } = await replay(simulated, recordedSteps(scenario), { before: peerState });
    expect(differences.filter(({ label }) => !explained.some(([known]) => known.test(label)))).toEqual([]);
    expect(compared).toBeGreaterThan(atLeast);
  });
});
