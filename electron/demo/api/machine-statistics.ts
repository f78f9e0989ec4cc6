import type { Json } from '../json.ts';
import type { GuestFigures } from '../state/load.ts';

/** What QEMU can do for Proxmox's backups; constant within a release. */
export const proxmoxSupport: Json = {
  'backup-access-api': true,
  'backup-fleecing': true,
  'backup-max-workers': true,
  'pbs-dirty-bitmap': true,
  'pbs-dirty-bitmap-migration': true,
  'pbs-dirty-bitmap-savevm': true,
  'pbs-library-version': '2.0.1',
  'pbs-masterkey': true,
  'query-bitmap-info': true,
};

const averageRequestBytes = 16_384;
const nanosecondsPerRequest = 180_000;

/** QEMU's counters of one disk, all keys of the recording. */
export function blockStatistics(figures: GuestFigures): Json {
  const reads = Math.floor(figures.diskRead / averageRequestBytes);
  const writes = Math.floor(figures.diskWrite / averageRequestBytes);
  return {
    account_failed: true,
    account_invalid: true,
    failed_flush_operations: 0,
    failed_rd_operations: 0,
    failed_unmap_operations: 0,
    failed_wr_operations: 0,
    failed_zone_append_operations: 0,
    flush_operations: Math.floor(writes / 8),
    flush_total_time_ns: Math.floor(writes / 8) * nanosecondsPerRequest,
    idle_time_ns: 1_200_000,
    invalid_flush_operations: 0,
    invalid_rd_operations: 0,
    invalid_unmap_operations: 0,
    invalid_wr_operations: 0,
    invalid_zone_append_operations: 0,
    rd_bytes: figures.diskRead,
    rd_merged: 0,
    rd_operations: reads,
    rd_total_time_ns: reads * nanosecondsPerRequest,
    timed_stats: [],
    unmap_bytes: 0,
    unmap_merged: 0,
    unmap_operations: 0,
    unmap_total_time_ns: 0,
    wr_bytes: figures.diskWrite,
    wr_highest_offset: figures.diskWrite,
    wr_merged: 0,
    wr_operations: writes,
    wr_total_time_ns: writes * nanosecondsPerRequest,
    zone_append_bytes: 0,
    zone_append_merged: 0,
    zone_append_operations: 0,
    zone_append_total_time_ns: 0,
  };
}
