import { afterAll, beforeAll } from 'vitest';
import { entityId } from '../../contract/ids.ts';
import type { EntityRecord, GuestRecord } from '../../contract/records/index.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../../demo/index.ts';
import { describeDriverContract } from '../../testing/driver-contract.ts';
import { passwordRef, pveRig } from '../../testing/pve-rig.ts';
import { realClock } from '../../testing/real-clock.ts';
import { createPveDriver } from './index.ts';

let cluster: SimulatedCluster;
beforeAll(async () => {
  cluster = await startSimulatedCluster({ guests: 12, nodes: 2, speed: 50, subnet: 41, strangeNames: true });
  cluster.control.edit((state) => {
    for (const guest of state.guests.values()) guest.obeysShutdown = true;
    for (const kind of ['qemu', 'lxc'] as const) {
      const idle = [...state.guests.values()].find((guest) => guest.kind === kind && !guest.template && !guest.lock);
      Object.assign(idle!, { running: false, paused: false });
    }
  });
});
afterAll(() => cluster.close());

const stopped =
  (virtualization: GuestRecord['virtualization']) =>
  (records: readonly EntityRecord[]): GuestRecord | undefined =>
    records.find(
      (one): one is GuestRecord =>
        one.kind === 'guest' &&
        one.virtualization === virtualization &&
        one.power === 'stopped' &&
        !one.isTemplate &&
        one.lock === undefined &&
        one.haState === undefined,
    );

describeDriverContract('Proxmox VE (simulated cluster)', {
  driver: createPveDriver(),
  patienceMs: 10_000,
  context: () => {
    const endpoints = cluster.nodes.map(({ host, port, fingerprint }) => ({ host, port, fingerprint }));
    const secrets = { [passwordRef]: 'demonstration' };
    return Promise.resolve(pveRig({ endpoints, secrets, clock: realClock }).context);
  },
  walks: [
    {
      name: 'a virtual machine through all its states',
      pick: stopped('vm'),
      actions: ['start', 'suspend', 'resume', 'reset', 'reboot', 'hibernate', 'resume', 'shutdown', 'start', 'stop'],
    },
    {
      name: 'a container through all its states',
      pick: stopped('container'),
      actions: ['start', 'reboot', 'shutdown', 'start', 'stop'],
    },
  ],
  vanishedGuest: ([first]) => entityId(first!.connectionId, 'guest', 'qemu:999999'),
  startLongOperation: async (session, records) => {
    // The task of a guest under high availability only hands the wish on, and has ended before it can be cancelled.
    const able = records.find(
      (one): one is GuestRecord =>
        one.kind === 'guest' &&
        one.virtualization === 'vm' &&
        one.power === 'running' &&
        one.haState === undefined &&
        one.lock === undefined,
    );
    cluster.control.guest(Number(able!.nativeId)).obeysShutdown = false;
    return session.power.perform('shutdown', able!.id, new AbortController().signal);
  },
  dropLink: async () => {
    for (const { name } of cluster.nodes) await cluster.control.refuseConnections(name);
  },
  restoreLink: async () => {
    for (const { name } of cluster.nodes) await cluster.control.acceptConnections(name);
  },
});
