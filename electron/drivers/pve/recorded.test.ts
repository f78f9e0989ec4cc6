import { describe, expect, test } from 'vitest';
import { parseConnectionId, entityId } from '../../contract/ids.ts';
import {
  entityDetailsSchema,
  entityHistorySchema,
  entityRecordSchema,
  loadRowSchema,
} from '../../contract/records/index.ts';
import { recordedAnswers, type RecordedAnswers } from '../../testing/recorded-pve.ts';
import { guestFacts, nodeFacts, storageFacts } from './map/facts.ts';
import { configuredAddresses, toConfiguration, toHardware } from './map/hardware.ts';
import { toHistory } from './map/history.ts';
import { InventoryMap } from './map/inventory-map.ts';
import {
  parseClusterStatus,
  parseHaStatus,
  parseNodeFingerprints,
  parsePermissions,
  parsePools,
  parseVersion,
} from './parse/cluster.ts';
import {
  countSnapshots,
  parseGuestStatus,
  parseHistoryRows,
  parseInterfaces,
  parseNodeStatus,
  parsePending,
  parseStorageStatus,
  parseSubscription,
} from './parse/details.ts';
import { parseResources } from './parse/resources.ts';
import { parseDomains, parseTicketAnswer } from './parse/sign-in.ts';
import { parseStartedTask, parseTaskEnd, parseTaskLog, parseTasks } from './parse/tasks.ts';

const lab = parseConnectionId('lab');
const versions = recordedAnswers();

/** Every parser with the keys of the answers that it must understand, in every version that has them. */
const parsers: readonly (readonly [RegExp, (data: unknown, command: string) => unknown])[] = [
  [/^GET_version$|^GET_nodes_[^_]+_version$/, parseVersion],
  [/^GET_access_permissions$/, parsePermissions],
  [/^GET_access_domains$/, parseDomains],
  [/^GET_cluster_status$/, parseClusterStatus],
  [/^GET_cluster_ha_status_current$/, parseHaStatus],
  [/^GET_nodes$/, parseNodeFingerprints],
  [/^GET_pools$/, parsePools],
  [/^GET_cluster_tasks$|^GET_nodes_[^_]+_tasks$/, parseTasks],
  [/^GET_nodes_.*_tasks_UPID.*_status$/, parseTaskEnd],
  [/^GET_nodes_.*_tasks_UPID.*_log$/, parseTaskLog],
  [/^GET_nodes_[^_]+_(qemu|lxc)_\d+_pending$/, parsePending],
  [/^GET_nodes_[^_]+_(qemu|lxc)_\d+_status_current$/, parseGuestStatus],
  [/^GET_nodes_[^_]+_(qemu|lxc)_\d+_snapshot$/, countSnapshots],
  [/^GET_nodes_[^_]+_lxc_\d+_interfaces$/, parseInterfaces],
  [/^GET_nodes_[^_]+_status$/, parseNodeStatus],
  [/^GET_nodes_[^_]+_subscription$/, parseSubscription],
  [/^GET_nodes_[^_]+_storage_[^_]+_status$/, parseStorageStatus],
  [/_rrddata$/, parseHistoryRows],
  [/^POST_access_ticket/, parseTicketAnswer],
  [/^POST_nodes_.*_status_(start|stop|shutdown|reset|suspend|resume)$/, parseStartedTask],
];

describe.each(versions.map((answers) => [answers.version, answers] as const))(
  'answers of PVE %s',
  (_version, answers) => {
    test('are understood by every parser', () => {
      let understood = 0;
      for (const [pattern, parse] of parsers) {
        for (const key of answers.keys(pattern)) {
          // The error of an answer that is not understood names the key.
          parse(answers.data(key), key);
          understood += 1;
        }
      }
      expect(understood).toBeGreaterThan(15);
    });

    test('become records that fit the contract', () => {
      const listing = list(answers);
      expect(listing.records.length).toBeGreaterThan(3);
      for (const record of listing.records) expect(entityRecordSchema.parse(record)).toEqual(record);
      for (const row of listing.loads) expect(loadRowSchema.parse(row)).toEqual(row);
      expect(new Set(listing.records.map((record) => record.id)).size).toBe(listing.records.length);
      expect(new Set(listing.records.map((record) => record.kind))).toContain('network');
    });

    test('become details that fit the contract', () => {
      for (const key of answers.keys(/^GET_nodes_[^_]+_(qemu|lxc)_\d+_pending$/)) {
        const lines = parsePending(answers.data(key), key);
        const details = {
          id: entityId(lab, 'guest', 'qemu:100'),
          readAtMs: 1,
          facts: guestFacts({ vmid: '100', status: undefined, lines, snapshotCount: 0 }),
          hardware: toHardware(lines),
          addresses: configuredAddresses(lines),
          configuration: toConfiguration(lines),
          configurationText: '',
          description: '',
        };
        expect(entityDetailsSchema.parse(details)).toEqual(details);
        expect(details.hardware.length).toBeGreaterThan(2);
      }
      for (const key of answers.keys(/^GET_nodes_[^_]+_status$/)) {
        const keys = nodeFacts(parseNodeStatus(answers.data(key), key), 'notfound').map((fact) => fact.key);
        expect(keys).toEqual(expect.arrayContaining(['system-version', 'kernel', 'cpu-model', 'root-disk']));
      }
      for (const key of answers.keys(/^GET_nodes_[^_]+_storage_[^_]+_status$/)) {
        expect(storageFacts(parseStorageStatus(answers.data(key), key))).toHaveLength(4);
      }
    });

    test('become history with a value for what each version records', () => {
      for (const key of answers.keys(/_rrddata$/)) {
        const id = entityId(lab, 'node', 'pve1');
        const history = toHistory(id, 'hour', parseHistoryRows(answers.data(key), key));
        expect(entityHistorySchema.parse(history)).toEqual(history);
        const series = key.includes('_storage_') ? history.diskUsedBytes : history.memoryUsedBytes;
        expect({ key, isEmpty: series.every((value) => value === null) }).toEqual({ key, isEmpty: false });
      }
    });
  },
);

function list(answers: RecordedAnswers) {
  const rows = parseResources(JSON.stringify({ data: answers.data('GET_cluster_resources') }), 'resources');
  const background = {
    clusterStatus: parseClusterStatus(answers.data('GET_cluster_status'), 'status'),
    signInClusterName: '',
    haStates: new Map<string, string>(),
    poolComments: new Map<string, string>(),
    nodeVersions: new Map<string, string>(),
    pausedGuests: new Set<string>(),
  };
  return new InventoryMap(lab).update(rows, background, 1_800_000_000_000);
}

test.skipIf(versions.length === 0)('every second factor that was recorded is recognised', () => {
  for (const answers of versions) {
    for (const key of answers.keys(/needs_tfa$/)) {
      expect(parseTicketAnswer(answers.data(key), key)).toMatchObject({ kinds: ['totp'] });
    }
  }
});
