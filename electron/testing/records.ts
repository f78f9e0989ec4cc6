import { connectionEntityId, entityId, parseConnectionId, type ConnectionId } from '../contract/ids.ts';
import type {
  ConnectionRecord,
  EntityRecord,
  GuestRecord,
  LoadRow,
  NodeRecord,
  TaskRecord,
} from '../contract/records/index.ts';
import type { InventoryListing } from '../core/ports/driver.ts';

/** Records as tests need them: every field has a plausible value, the test names what matters to it. */

export const labId: ConnectionId = parseConnectionId('lab');

export function aConnection(change: Partial<ConnectionRecord> = {}): ConnectionRecord {
  const connectionId = change.connectionId ?? labId;
  return {
    kind: 'connection',
    id: connectionEntityId(connectionId),
    connectionId,
    name: 'Lab',
    connectionKind: 'pve',
    group: '',
    endpoint: 'lab.example:8006',
    state: 'live',
    sinceMs: 0,
    systemVersion: '',
    account: '',
    isDemonstration: false,
    missingRights: [],
    ...change,
  };
}

export function aNode(name: string, change: Partial<NodeRecord> = {}): NodeRecord {
  const connectionId = change.connectionId ?? labId;
  return {
    kind: 'node',
    id: entityId(connectionId, 'node', name),
    connectionId,
    name,
    availability: 'online',
    cpuCount: 8,
    memoryBytes: 64 * 2 ** 30,
    systemVersion: 'pve-manager 9.1.9',
    notices: [],
    ...change,
  };
}

export function aGuest(number: number, change: Partial<GuestRecord> = {}): GuestRecord {
  const connectionId = change.connectionId ?? labId;
  return {
    kind: 'guest',
    id: entityId(connectionId, 'guest', `qemu:${number}`),
    connectionId,
    name: `guest-${number}`,
    virtualization: 'vm',
    nativeId: String(number),
    nodeId: entityId(connectionId, 'node', 'pve1'),
    power: 'running',
    isTemplate: false,
    cpuCount: 2,
    memoryBytes: 2 * 2 ** 30,
    diskBytes: 8 * 2 ** 30,
    tags: [],
    ...change,
  };
}

export function aTask(nativeId: string, change: Partial<TaskRecord> = {}): TaskRecord {
  const connectionId = change.connectionId ?? labId;
  return {
    kind: 'task',
    id: entityId(connectionId, 'task', nativeId),
    connectionId,
    name: '',
    taskType: 'qmstart',
    user: 'root@pam',
    state: 'running',
    startedAtMs: 0,
    outcome: '',
    isOurs: false,
    canCancel: true,
    canRetry: false,
    ...change,
  };
}

export function aLoad(record: EntityRecord, cpuRatio: number): LoadRow {
  return [record.id, cpuRatio, 2 ** 30, null, 0, 0, 0, 0];
}

export function aListing(records: readonly EntityRecord[], loads: readonly LoadRow[] = []): InventoryListing {
  return { records, loads };
}
