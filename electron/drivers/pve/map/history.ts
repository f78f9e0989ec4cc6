import type { EntityId } from '../../../contract/ids.ts';
import type { EntityHistory, HistoryWindow } from '../../../contract/records/details.ts';

type Row = Readonly<Record<string, number | null>>;

/** Series of a guest, node or storage; the databases name the same things differently. A gap is null. */
export function toHistory(id: EntityId, window: HistoryWindow, rows: readonly Row[]): EntityHistory {
  const series = (...keys: readonly string[]): (number | null)[] =>
    rows.map((row) => keys.map((key) => row[key]).find((value) => typeof value === 'number') ?? null);
  return {
    id,
    window,
    timesMs: rows.map((row) => (row['time'] ?? 0) * 1000),
    cpuRatio: series('cpu'),
    memoryUsedBytes: series('mem', 'memused'),
    memoryTotalBytes: series('maxmem', 'memtotal'),
    netInBytesPerS: series('netin'),
    netOutBytesPerS: series('netout'),
    diskReadBytesPerS: series('diskread'),
    diskWriteBytesPerS: series('diskwrite'),
    diskUsedBytes: series('rootused', 'used', 'disk'),
  };
}
