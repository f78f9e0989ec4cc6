import type { EntityHistory } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import type { ChartPlan } from './chart-plans.ts';

/** The charts as figures, latest first. */
export function HistoryTable(props: {
  readonly history: EntityHistory;
  readonly plans: readonly ChartPlan[];
  readonly formatTime: (atMs: number) => string;
}) {
  const { t } = useI18n();
  const { history, plans } = props;
  if (history.timesMs.length === 0) return <EmptyState text={t('history.empty')} />;
  const columns = plans.flatMap((plan) =>
    plan.series.map((series) => ({
      id: `${plan.name}:${series.label}`,
      label: plan.series.length > 1 ? `${plan.title}, ${series.label}` : plan.title,
      values: series.values,
      format: plan.format,
    })),
  );
  const order = history.timesMs.map((_atMs, index) => index).reverse();
  return (
    <div className="history-table" tabIndex={0} role="region" aria-label={t('history.asTable')}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('history.time')}</th>
            {columns.map((column) => (
              <th key={column.id} scope="col" className="plain-table-figure">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((index) => (
            <tr key={history.timesMs[index]}>
              <th scope="row">{props.formatTime(history.timesMs[index] ?? 0)}</th>
              {columns.map((column) => {
                const value = column.values[index] ?? null;
                return (
                  <td key={column.id} className="plain-table-figure">
                    {value === null ? '–' : column.format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
