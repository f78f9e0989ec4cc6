import { useId, useMemo, useState, type ReactNode } from 'react';
import type { EntityId } from '../../../../electron/contract/ids.ts';
import { historyWindows, type HistoryWindow } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useLayoutValue } from '../../../stores/app-stores.tsx';
import { useEntityHistory } from '../../../stores/entity-details.ts';
import { errorText } from '../../../texts/error-text.ts';
import { Button } from '../../../ui/button.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { TimeChart } from '../../../ui/time-chart.tsx';
import { lastText, planCharts, summaryOf, type ChartName, type ChartPlan } from './chart-plans.ts';
import { HistoryTable } from './history-table.tsx';
import { NowFigure } from './now-figures.tsx';
import './history.css';

function timeFormats(window: HistoryWindow, locale: string) {
  const tick = new Intl.DateTimeFormat(
    locale,
    window === 'hour' || window === 'day'
      ? { hour: '2-digit', minute: '2-digit' }
      : window === 'year'
        ? { month: 'short', year: '2-digit' }
        : { day: 'numeric', month: 'short' },
  );
  const full = new Intl.DateTimeFormat(
    locale,
    window === 'hour' ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
  return { tick: (atMs: number) => tick.format(atMs), full: (atMs: number) => full.format(atMs) };
}

/** The figures of one entity over time: small charts that share their cursor, or the same as a table. */
export function HistoryCharts(props: {
  readonly id: EntityId;
  readonly charts: readonly ChartName[];
  /** CPUs, and bytes of memory and disk, as the scale of the figures of now; 0 where there is none. */
  readonly cpuCount: number;
  readonly memoryBytes: number;
  readonly totalBytes: number;
}) {
  const i18n = useI18n();
  const { t, f } = i18n;
  const [kept, setWindow] = useLayoutValue('history.window', 'hour');
  const window = historyWindows.find((each) => each === kept) ?? 'hour';
  const [isTable, setTable] = useState(false);
  const { history, error } = useEntityHistory(props.id, window);
  const syncKey = useId();
  const { charts, totalBytes } = props;
  const plans = useMemo(
    () => (history === undefined ? [] : planCharts(history, charts, totalBytes, i18n)),
    [history, charts, totalBytes, i18n],
  );
  const formats = useMemo(() => timeFormats(window, f.locale), [window, f.locale]);
  const failure = error === undefined ? undefined : errorText(error, i18n);
  const now = (name: ChartName, plan?: ChartPlan): ReactNode => (
    <NowFigure
      name={name}
      recorded={plan === undefined ? '–' : lastText(plan)}
      id={props.id}
      cpuCount={props.cpuCount}
      memoryBytes={props.memoryBytes}
      totalBytes={totalBytes}
    />
  );
  return (
    <section className="history" data-old={history?.window !== window || undefined}>
      <div className="history-bar">
        <Segmented
          label={t('history.window')}
          value={window}
          options={historyWindows.map((value) => ({ value, label: t(`history.${value}`) }))}
          onChange={setWindow}
        />
        {failure !== undefined && (
          <span className="history-failure ellipsis" title={failure.todo}>
            {t('history.failed')}: {failure.what}
          </span>
        )}
        <Button variant="quiet" onClick={() => setTable(!isTable)}>
          {t(isTable ? 'history.asCharts' : 'history.asTable')}
        </Button>
      </div>
      {isTable && history !== undefined ? (
        <HistoryTable history={history} plans={plans} formatTime={formats.full} />
      ) : (
        <div className="history-charts">
          {history === undefined
            ? charts.map((name) => (
                <div key={name} className="history-waiting">
                  <div className="time-chart-head">
                    <span className="time-chart-title">{t(`history.${name}`)}</span>
                    <span className="time-chart-now">{now(name)}</span>
                  </div>
                </div>
              ))
            : plans.map((plan) => (
                <TimeChart
                  key={plan.name}
                  title={plan.title}
                  summary={summaryOf(plan, window, i18n)}
                  timesMs={history.timesMs}
                  series={plan.series}
                  max={plan.max}
                  syncKey={syncKey}
                  now={now(plan.name, plan)}
                  emptyText={t('history.notTold')}
                  formatValue={plan.format}
                  formatTime={formats.full}
                  formatTick={formats.tick}
                />
              ))}
        </div>
      )}
    </section>
  );
}
