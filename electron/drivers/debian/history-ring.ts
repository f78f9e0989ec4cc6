import type { EntityId } from '../../contract/ids.ts';
import {
  fromLoadRow,
  type EntityHistory,
  type EntityLoad,
  type HistoryWindow,
  type LoadRow,
} from '../../contract/records/index.ts';

interface Sample extends EntityLoad {
  readonly atMs: number;
  readonly memoryTotalBytes: number | null;
}

/** Denser samples do not show on a chart of an hour. */
const spacingMs = 10_000;
const keptMs = 60 * 60_000;
/** A longer silence is a gap in the chart. */
const gapMs = 90_000;

const windowMs: Readonly<Record<HistoryWindow, number>> = {
  hour: 60 * 60_000,
  day: 24 * 60 * 60_000,
  week: 7 * 24 * 60 * 60_000,
  month: 30 * 24 * 60 * 60_000,
  year: 365 * 24 * 60 * 60_000,
};

const nothing: Omit<Sample, 'atMs'> = {
  cpuRatio: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  diskUsedBytes: null,
  netInBytesPerS: null,
  netOutBytesPerS: null,
  diskReadBytesPerS: null,
  diskWriteBytesPerS: null,
};

/** The last hour of figures of each entity, as far as this session has seen it: a Debian host keeps none itself. */
export class HistoryRing {
  readonly #samples = new Map<EntityId, Sample[]>();

  add(row: LoadRow, memoryTotalBytes: number | null, atMs: number): void {
    const samples = this.#samples.get(row[0]) ?? [];
    this.#samples.set(row[0], samples);
    const last = samples.at(-1);
    if (last !== undefined && atMs - last.atMs < spacingMs && atMs >= last.atMs) return;
    samples.push({ atMs, memoryTotalBytes, ...fromLoadRow(row) });
    while ((samples[0]?.atMs ?? atMs) < atMs - keptMs) samples.shift();
  }

  keepOnly(ids: ReadonlySet<EntityId>): void {
    for (const id of this.#samples.keys()) if (!ids.has(id)) this.#samples.delete(id);
  }

  /** The window ends now and begins with an empty sample, so that the axis shows how little is known. */
  read(id: EntityId, window: HistoryWindow, nowMs: number): EntityHistory {
    const fromMs = nowMs - windowMs[window];
    const points: Sample[] = [{ atMs: fromMs, ...nothing }];
    for (const sample of this.#samples.get(id) ?? []) {
      const before = points.at(-1);
      if (sample.atMs <= fromMs || before === undefined || sample.atMs <= before.atMs) continue;
      if (points.length > 1 && sample.atMs - before.atMs > gapMs) points.push({ ...nothing, atMs: sample.atMs - 1 });
      points.push(sample);
    }
    const series = (key: keyof typeof nothing) => points.map((point) => point[key]);
    return {
      id,
      window,
      timesMs: points.map((point) => point.atMs),
      cpuRatio: series('cpuRatio'),
      memoryUsedBytes: series('memoryUsedBytes'),
      memoryTotalBytes: series('memoryTotalBytes'),
      netInBytesPerS: series('netInBytesPerS'),
      netOutBytesPerS: series('netOutBytesPerS'),
      diskReadBytesPerS: series('diskReadBytesPerS'),
      diskWriteBytesPerS: series('diskWriteBytesPerS'),
      diskUsedBytes: series('diskUsedBytes'),
    };
  }
}
