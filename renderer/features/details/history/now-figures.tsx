import type { EntityId } from '../../../../electron/contract/ids.ts';
import { fromLoadRow, noLoad } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useLoad } from '../../../stores/app-stores.tsx';
import type { ChartName } from './chart-plans.ts';

/** The live figure over a chart: what the last poll told. */
export function NowFigure(props: {
  readonly name: ChartName;
  /** The last recorded value in words, where the poll tells none. */
  readonly recorded: string;
  readonly id: EntityId;
  readonly cpuCount: number;
  readonly memoryBytes: number;
  readonly totalBytes: number;
}) {
  const { t, f } = useI18n();
  const row = useLoad(props.id);
  const load = row === undefined ? noLoad : fromLoadRow(row);
  const of = (used: number | null, total: number): string =>
    used === null
      ? props.recorded
      : total > 0
        ? t('details.usedOf', { used: f.bytes(used), total: f.bytes(total) })
        : f.bytes(used);
  const rate = (value: number | null): string => (value === null ? '–' : f.bytesPerS(value));
  switch (props.name) {
    case 'cpu':
      if (load.cpuRatio === null) return props.recorded;
      return props.cpuCount > 0
        ? t('history.ofCpus', { ratio: f.percent(load.cpuRatio), count: props.cpuCount })
        : f.percent(load.cpuRatio);
    case 'memory':
      return of(load.memoryUsedBytes, props.memoryBytes);
    case 'network':
      if (load.netInBytesPerS === null && load.netOutBytesPerS === null) return props.recorded;
      return t('history.inOut', { in: rate(load.netInBytesPerS), out: rate(load.netOutBytesPerS) });
    case 'disk':
      if (load.diskReadBytesPerS === null && load.diskWriteBytesPerS === null) return props.recorded;
      return t('history.readWrite', { read: rate(load.diskReadBytesPerS), write: rate(load.diskWriteBytesPerS) });
    case 'usage':
      return of(load.diskUsedBytes, props.totalBytes);
  }
}
