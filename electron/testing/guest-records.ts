import { entityId, type ConnectionId } from '../contract/ids.ts';
import { noLoad, toLoadRow, type GuestRecord, type LoadRow } from '../contract/records/index.ts';

/** A running guest with everything filled in, changed as a test needs it. */
export function guestRecord(
  connectionId: ConnectionId,
  nativeId: string,
  changes: Partial<GuestRecord> = {},
): GuestRecord {
  return {
    kind: 'guest',
    id: entityId(connectionId, 'guest', `qemu:${nativeId}`),
    connectionId,
    name: `guest-${nativeId}`,
    virtualization: 'vm',
    nativeId,
    nodeId: entityId(connectionId, 'node', 'pve1'),
    power: 'running',
    isTemplate: false,
    cpuCount: 2,
    memoryBytes: 4 * 1024 ** 3,
    diskBytes: 32 * 1024 ** 3,
    startedAtMs: 1_800_000_000_000,
    tags: ['prod', 'web'],
    poolId: entityId(connectionId, 'pool', 'web/front'),
    ...changes,
  };
}

/** Many guests that all carry the same generation in name and load, so that a torn write shows. */
export function guestsOf(
  connectionId: ConnectionId,
  count: number,
  generation: number,
): { readonly records: readonly GuestRecord[]; readonly loads: readonly LoadRow[] } {
  const records = Array.from({ length: count }, (_, index) =>
    guestRecord(connectionId, String(100 + index), { name: `generation-${generation}` }),
  );
  const loads = records.map(({ id }) => toLoadRow(id, { ...noLoad, cpuRatio: 0.5, memoryUsedBytes: generation }));
  return { records, loads };
}
