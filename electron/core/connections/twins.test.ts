import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings, ProbeResult } from '../../contract/connection-settings.ts';
import { parseConnectionId, type ConnectionId } from '../../contract/ids.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { aListing, aNode } from '../../testing/records.ts';
import { recognised } from './twins.ts';

const [first, second, third] = ['first', 'second', 'third'].map(parseConnectionId) as [
  ConnectionId,
  ConnectionId,
  ConnectionId,
];
const pve = (host: string, fingerprint?: string): ConnectionSettings['access'] => ({
  kind: 'pve',
  endpoints: [{ host, port: 8006, ...(fingerprint === undefined ? {} : { fingerprint }) }],
  auth: { method: 'password', user: 'root', realm: 'pam' },
});
const host = (name: string, hostKeys: string[] = []): ConnectionSettings['access'] => ({
  kind: 'debian',
  target: { host: name, port: 22, user: 'root', auth: { method: 'agent' }, hostKeys },
  jumps: [],
  privilege: 'automatic',
});

describe('two connections that lead to the same place', () => {
  let rig: CoreRig;
  const twinsOf = (id: ConnectionId) => rig.connection(id).sameHostAs;
  afterEach(() => rig.close());

  it('say so by the certificates of the cluster, also those that are learned later, and stop when one is switched off', async () => {
    rig = new CoreRig();
    rig.host(second).onOpen = ({ onAccessLearned }) => {
      onAccessLearned((access) =>
        access.kind === 'pve'
          ? { ...access, endpoints: [...access.endpoints, { host: '10.0.0.1', port: 8006, fingerprint: 'aa:01' }] }
          : access,
      );
      return Promise.resolve();
    };
    await rig.start(
      savedLab({ access: pve('pve1', 'AA:01') }, first),
      savedLab({ access: pve('pve2', 'AA:02') }, second),
      savedLab({ access: pve('elsewhere', 'BB:01') }, third),
    );
    expect([twinsOf(first), twinsOf(second), twinsOf(third)]).toEqual([[second], [first], undefined]);
    const { settings } = rig.connections.saved.get(second)!;
    await rig.handlers['connection.save']({ id: second, settings: { ...settings, isEnabled: false } }, rig.context());
    expect([twinsOf(first), twinsOf(second)]).toEqual([undefined, undefined]);
  });

  it('say so by the machine id of a host, and forget it with the other', async () => {
    rig = new CoreRig();
    const id = '0123456789abcdef0123456789abcdef';
    for (const each of [first, second]) rig.host(each).listing = aListing([aNode(id, { connectionId: each })]);
    for (const each of [third]) rig.host(each).listing = aListing([aNode('debian', { connectionId: each })]);
    await rig.start(
      savedLab({ access: host('a') }, first),
      savedLab({ access: host('b') }, second),
      savedLab({ access: host('c') }, third),
    );
    expect([twinsOf(first), twinsOf(second), twinsOf(third)]).toEqual([[second], [first], undefined]);
    await rig.handlers['connection.remove']({ id: second }, rig.context());
    expect(twinsOf(first)).toBeUndefined();
  });
});

describe('what a probe found', () => {
  it('is named by the connections that trust it already', () => {
    const found: ProbeResult = {
      host: 'x',
      pve: {
        found: true,
        port: 8006,
        certificate: {
          fingerprint: 'AA:01',
          subject: '',
          issuer: '',
          validFromMs: 0,
          validToMs: 0,
          isSelfSigned: true,
        },
        realms: [],
      },
      ssh: {
        found: true,
        port: 22,
        hostKey: { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:x', known: 'unknown' },
        serverVersion: '',
        authMethods: [],
      },
    };
    const places = [
      { id: first, access: pve('a', 'aa:01'), nodeIds: [] },
      { id: second, access: host('b', ['ssh-ed25519 SHA256:x']), nodeIds: [] },
      { id: third, access: pve('c'), nodeIds: [] },
    ];
    expect(recognised(found, places)).toMatchObject({ pve: { knownAs: [first] }, ssh: { knownAs: [second] } });
  });
});
