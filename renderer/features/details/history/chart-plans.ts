import type { EntityHistory, HistoryWindow } from '../../../../electron/contract/records/index.ts';
import type { I18n } from '../../../lib/i18n/i18n-context.tsx';
import type { ChartSeries } from '../../../ui/time-chart.tsx';

export type ChartName = 'cpu' | 'memory' | 'network' | 'disk' | 'usage';

/** One chart: what it draws, on which scale, in which unit. */
export interface ChartPlan {
  readonly name: ChartName;
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly max?: number | undefined;
  readonly format: (value: number) => string;
}

function highest(values: readonly (number | null)[]): number | undefined {
  let top: number | undefined;
  for (const value of values) if (value !== null && (top === undefined || value > top)) top = value;
  return top;
}

/** What the charts of an entity draw. */
export function planCharts(
  history: EntityHistory,
  names: readonly ChartName[],
  totalBytes: number,
  { t, f }: I18n,
): readonly ChartPlan[] {
  const percent = (value: number): string => f.percent(value);
  const bytes = (value: number): string => f.bytes(value);
  const bytesPerS = (value: number): string => f.bytesPerS(value);
  const plans: { readonly [Name in ChartName]: () => Omit<ChartPlan, 'name' | 'title'> } = {
    cpu: () => ({ series: [{ label: t('history.cpu'), values: history.cpuRatio }], max: 1, format: percent }),
    memory: () => ({
      series: [{ label: t('history.memory'), values: history.memoryUsedBytes }],
      max: highest(history.memoryTotalBytes),
      format: bytes,
    }),
    network: () => ({
      series: [
        { label: t('history.in'), values: history.netInBytesPerS },
        { label: t('history.out'), values: history.netOutBytesPerS },
      ],
      format: bytesPerS,
    }),
    disk: () => ({
      series: [
        { label: t('history.read'), values: history.diskReadBytesPerS },
        { label: t('history.write'), values: history.diskWriteBytesPerS },
      ],
      format: bytesPerS,
    }),
    usage: () => ({
      series: [{ label: t('history.usage'), values: history.diskUsedBytes }],
      max: totalBytes > 0 ? totalBytes : undefined,
      format: bytes,
    }),
  };
  return names.map((name) => ({ name, title: t(`history.${name}`), ...plans[name]() }));
}

/** A chart in one sentence. */
export function summaryOf(plan: ChartPlan, window: HistoryWindow, { t }: I18n): string {
  const values = plan.series.flatMap((series) => series.values.filter((value) => value !== null));
  const name = plan.title;
  const windowText = t(`history.${window}`);
  const last = values.at(-1);
  if (last === undefined) return t('history.summaryEmpty', { name, window: windowText });
  const low = plan.format(values.reduce((a, b) => Math.min(a, b)));
  const high = plan.format(values.reduce((a, b) => Math.max(a, b)));
  return t('history.summary', { name, window: windowText, low, high, last: plan.format(last) });
}

/** The last recorded values in words, for figures that no poll tells. */
export function lastText(plan: ChartPlan): string {
  const parts = plan.series.flatMap(({ label, values }) => {
    const last = values.findLast((value) => value !== null);
    if (last === undefined || last === null) return [];
    return [plan.series.length > 1 ? `${label} ${plan.format(last)}` : plan.format(last)];
  });
  return parts.length === 0 ? '–' : parts.join(', ');
}
