import { describe, expect, test } from 'vitest';
import { capabilityNames, type Availability, type CapabilityName } from '../../../contract/capabilities.ts';
import { entityId, parseConnectionId } from '../../../contract/ids.ts';
import type { GuestRecord, NodeRecord } from '../../../contract/records/index.ts';
import { capabilityOf } from './entity-capability.ts';
import { Permissions, type PermissionTable } from './permissions.ts';

const lab = parseConnectionId('lab');
const guest = (change: Partial<GuestRecord> = {}): GuestRecord => ({
  kind: 'guest',
  id: entityId(lab, 'guest', 'qemu:104'),
  connectionId: lab,
  name: 'web',
  virtualization: 'vm',
  nativeId: '104',
  nodeId: entityId(lab, 'node', 'pve1'),
  power: 'running',
  isTemplate: false,
  cpuCount: 1,
  memoryBytes: 1,
  diskBytes: 1,
  tags: [],
  ...change,
});
const vmUser = { 'VM.Audit': 1, 'VM.PowerMgmt': 1, 'VM.Config.Disk': 1, 'VM.GuestAgent.Audit': 1 };
const ask = (name: CapabilityName, record: GuestRecord, table: PermissionTable = { '/vms': vmUser }) =>
  capabilityOf(name, record, new Permissions(table));
const openNames = (record: GuestRecord): readonly string[] =>
  capabilityNames.filter((name) => name.startsWith('guest.') && ask(name, record)?.available === true);

describe('what may be done with a guest', () => {
  test.each<[string, Partial<GuestRecord>, readonly string[]]>([
    [
      'running VM',
      {},
      [
        'guest.shutdown',
        'guest.stop',
        'guest.reboot',
        'guest.reset',
        'guest.suspend',
        'guest.hibernate',
        'guest.configuration',
        'guest.addresses',
      ],
    ],
    ['stopped VM', { power: 'stopped' }, ['guest.start', 'guest.configuration']],
    [
      'paused VM',
      { power: 'paused' },
      ['guest.stop', 'guest.reset', 'guest.resume', 'guest.hibernate', 'guest.configuration'],
    ],
    [
      'hibernated VM',
      { power: 'suspended', lock: 'suspended' },
      ['guest.start', 'guest.resume', 'guest.configuration'],
    ],
    ['VM of a dead node', { power: 'unknown' }, ['guest.configuration']],
    ['template', { power: 'stopped', isTemplate: true }, ['guest.configuration']],
    ['VM in a backup', { lock: 'backup' }, ['guest.configuration', 'guest.addresses']],
    [
      'running container',
      { virtualization: 'container' },
      ['guest.shutdown', 'guest.stop', 'guest.reboot', 'guest.configuration', 'guest.addresses'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(openNames(guest(change))).toEqual(expected);
  });

  test.each<[CapabilityName, Partial<GuestRecord>, PermissionTable, Availability]>([
    ['guest.start', {}, {}, { available: false, reason: 'permission-missing', detail: 'VM.PowerMgmt on /vms/104' }],
    [
      'guest.hibernate',
      {},
      { '/vms': { 'VM.PowerMgmt': 1 } },
      { available: false, reason: 'permission-missing', detail: 'VM.Config.Disk on /vms/104' },
    ],
    ['guest.stop', { lock: 'backup' }, { '/vms': vmUser }, { available: false, reason: 'locked', detail: 'backup' }],
    ['guest.start', {}, { '/vms': vmUser }, { available: false, reason: 'state-forbids-it', detail: 'running' }],
    [
      'guest.addresses',
      {},
      { '/vms': { 'VM.Audit': 1 } },
      { available: false, reason: 'permission-missing', detail: 'VM.GuestAgent.Audit on /vms/104' },
    ],
    ['console.graphical', {}, { '/': vmUser }, { available: false, reason: 'driver-lacks-it', detail: '' }],
  ])('%s has a reason', (name, change, table, expected) => {
    expect(ask(name, guest(change), table)).toEqual(expected);
  });

  test('the monitor right of 8.x is enough for the agent', () => {
    expect(ask('guest.addresses', guest(), { '/vms/104': { 'VM.Monitor': 1 } })).toEqual({ available: true });
  });
});

describe('permissions', () => {
  test('hold for the path itself, and below only when they are handed down', () => {
    const permissions = new Permissions({ '/': { 'Sys.Audit': 0 }, '/vms': { 'VM.Audit': 1 }, '/vms/7': {} });
    expect(permissions.has('/', 'Sys.Audit')).toBe(true);
    expect(permissions.has('/nodes/pve1', 'Sys.Audit')).toBe(false);
    expect(permissions.has('/vms/104', 'VM.Audit')).toBe(true);
    expect(permissions.has('/vms/7', 'VM.Audit')).toBe(false);
  });

  test('of a pool hold for its guests', () => {
    const pool = entityId(lab, 'pool', 'prod/web');
    const table = { '/pool/prod/web': { 'VM.PowerMgmt': 1 } };
    expect(ask('guest.stop', guest({ poolId: pool }), table)).toEqual({ available: true });
    expect(ask('guest.stop', guest(), table)).toMatchObject({ reason: 'permission-missing' });
  });

  test('that are complete miss nothing; a bare root right on / is named alone', () => {
    const all = { 'Sys.Audit': 1, 'VM.Audit': 1, 'Datastore.Audit': 1, 'Pool.Audit': 1 };
    expect(new Permissions({ '/': all }).missingForInventory()).toEqual([]);
    expect(
      new Permissions({ '/nodes': all, '/vms': all, '/storage': all, '/pool': all }).missingForInventory(),
    ).toEqual(['Sys.Audit on /']);
  });

  test('on a node decide about its history', () => {
    const node: NodeRecord = {
      kind: 'node',
      id: entityId(lab, 'node', 'pve1'),
      connectionId: lab,
      name: 'pve1',
      availability: 'online',
      cpuCount: 1,
      memoryBytes: 1,
      systemVersion: '',
      notices: [],
    };
    expect(capabilityOf('entity.history', node, new Permissions({}))).toEqual({
      available: false,
      reason: 'permission-missing',
      detail: 'Sys.Audit on /nodes/pve1',
    });
    expect(capabilityOf('guest.start', node, new Permissions({}))).toBeUndefined();
  });
});
