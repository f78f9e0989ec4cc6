import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entityId, parseConnectionId, type EntityId } from '../ids.ts';
import type { EntityLoad, EntityRecord, GuestRecord } from '../records/index.ts';
import { noLoad } from '../records/index.ts';
import { compileFilter, type FilterLookups, parseFilter } from './index.ts';

const gib = 1024 ** 3;
const hourMs = 3_600_000;
const nowMs = 1_800_000_000_000;
const lab = parseConnectionId('c1');

const guest = (nativeId: string, changes: Partial<GuestRecord> = {}): GuestRecord => ({
  kind: 'guest',
  id: entityId(lab, 'guest', `qemu:${nativeId}`),
  connectionId: lab,
  name: `guest-${nativeId}`,
  virtualization: 'vm',
  nativeId,
  nodeId: entityId(lab, 'node', 'pve2'),
  power: 'running',
  isTemplate: false,
  cpuCount: 2,
  memoryBytes: 4 * gib,
  diskBytes: 32 * gib,
  tags: [],
  ...changes,
});

const records: readonly EntityRecord[] = [
  {
    kind: 'connection',
    id: entityId(lab, 'connection', 'c1'),
    connectionId: lab,
    name: 'Berlin Lab',
    connectionKind: 'pve',
    group: 'own',
    endpoint: '10.1.2.3:8006',
    state: 'stale',
    sinceMs: 0,
    systemVersion: '',
    account: '',
    isDemonstration: false,
    missingRights: [],
  },
  {
    kind: 'node',
    id: entityId(lab, 'node', 'pve2'),
    connectionId: lab,
    name: 'PVE2',
    availability: 'online',
    cpuCount: 16,
    memoryBytes: 64 * gib,
    systemVersion: '',
    notices: [],
  },
  {
    kind: 'storage',
    id: entityId(lab, 'storage', 'pve2/local'),
    connectionId: lab,
    name: 'local',
    nodeId: entityId(lab, 'node', 'pve2'),
    storageType: 'dir',
    isShared: false,
    contentKinds: [],
    availability: 'available',
    totalBytes: 100 * gib,
  },
  { kind: 'pool', id: entityId(lab, 'pool', 'web/front'), connectionId: lab, name: 'web/front', comment: 'shop' },
  guest('101', {
    name: 'Web-01',
    tags: ['web', 'prod'],
    poolId: entityId(lab, 'pool', 'web/front'),
    startedAtMs: nowMs - 5 * hourMs,
  }),
  guest('102', { name: 'database', tags: ['webserver'], memoryBytes: 16 * gib, lock: 'backup', power: 'stopped' }),
  guest('1010', {
    name: 'Tür & "Tor" <b>',
    virtualization: 'container',
    nodeId: entityId(lab, 'node', 'pve20'),
    haState: 'error',
    memoryBytes: 0,
  }),
  guest('9000', { name: 'debian-template', isTemplate: true, power: 'stopped' }),
];
const loads = new Map<EntityId, EntityLoad>([
  [entityId(lab, 'guest', 'qemu:101'), { ...noLoad, cpuRatio: 0.75, memoryUsedBytes: 3 * gib }],
  [entityId(lab, 'guest', 'qemu:1010'), { ...noLoad, cpuRatio: 0.02, memoryUsedBytes: gib }],
  [entityId(lab, 'storage', 'pve2/local'), { ...noLoad, diskUsedBytes: 90 * gib }],
]);
const byId = new Map(records.map((record) => [record.id, record]));
const lookups: FilterLookups = { record: (id) => byId.get(id), load: (id) => loads.get(id), nowMs: () => nowMs };

const found = (text: string): readonly string[] => {
  const { node, problems } = parseFilter(text);
  expect(problems).toEqual([]);
  return records.filter(compileFilter(node, lookups)).map(({ id }) => id.slice(3));
};
const [web, database, container, template] = ['guest/qemu:101', 'guest/qemu:102', 'guest/qemu:1010', 'guest/qemu:9000'];

describe('a compiled filter', () => {
  test.each<[string, readonly (string | undefined)[]]>([
    ['', records.map(({ id }) => id.slice(3))],
    ['web', ['pool/web/front', web, database]],
    ['WEB-0', [web]],
    ['w*01', [web]],
    ['TÜR', [container]],
    ['"<b>"', [container]],
    ['10.1.2', ['connection/c1']],
    ['101', [web, container]],
    ['id:101', [web]],
    ['id:10*', [web, database, container]],
    ['id>1000', [container, template]],
    ['tag:web', [web]],
    ['tag:web*', [web, database]],
    ['type:guest -tag:*', [container, template]],
    ['name:base', [database]],
    ['name:*base', [database]],
    ['name=web-01', [web]],
    ['name:*01', [web]],
    ['type:ct', [container]],
    ['type:vm status:stop', [database, template]],
    ['status:available', ['storage/pve2/local']],
    ['status:online', ['node/pve2']],
    ['node:pve2 type:guest', [web, database, template]],
    ['node:pve20', [container]],
    ['node:pve2*', ['node/pve2', 'storage/pve2/local', web, database, container, template]],
    ['site:"berlin lab" template:yes', [template]],
    ['site:c1 lock:*', [database]],
    ['site:elsewhere', []],
    ['pool:web', ['pool/web/front', web]],
    ['pool=web', []],
    ['lock:backup', [database]],
    ['lock:yes', [database]],
    ['type:guest -lock:no', [database]],
    ['ha:error', [container]],
    ['ha:yes', [container]],
    ['template:y', [template]],
    ['freshness:stale type:node', ['node/pve2']],
    ['cpu>50%', [web]],
    ['cpu<=75 type:guest', [web, container]],
    ['mem>=16G type:guest', [database]],
    ['-mem:* type:guest', [container]],
    ['memused>70%', [web]],
    ['memused<2G', [container]],
    ['diskused>=90%', ['storage/pve2/local']],
    ['disk=32G', [web, database, container, template]],
    ['uptime>4h', [web]],
    ['uptime<4h', []],
    ['cpus>4', ['node/pve2']],
    ['(name:web-01 or lock:backup) -status:stopped', [web]],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test('follows a node that is renamed while it lives', () => {
    let name = 'old';
    const passes = compileFilter(parseFilter('node:new').node, {
      ...lookups,
      record: (id) => ({ ...records[1]!, id, name }),
    });
    expect(passes(records[4]!)).toBe(false);
    name = 'new';
    expect(passes(records[4]!)).toBe(true);
  });

  test('never throws, whatever the text and the names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, name) => {
        const passes = compileFilter(parseFilter(text).node, lookups);
        expect(typeof passes(guest('7', { name }))).toBe('boolean');
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  test('finds every guest by its own quoted name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
        const quoted = `name:"${name.replaceAll(/["\\]/g, '\\$&')}"`;
        expect(compileFilter(parseFilter(quoted).node, lookups)(guest('7', { name }))).toBe(true);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
