import type { ReactNode } from 'react';
import type { NodeRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useNow } from '../../../stores/app-stores.tsx';
import { useEntityDetails } from '../../../stores/entity-details.ts';
import type { FactEntry } from '../../../ui/fact-list.tsx';
import { DetailsPage, DetailsSection } from '../details-page.tsx';
import type { ChartName } from '../history/chart-plans.ts';
import { HistoryCharts } from '../history/history-charts.tsx';
import { ReadFacts } from '../read-facts.tsx';
import { NodeNotices } from './node-notices.tsx';

const charts: readonly ChartName[] = ['cpu', 'memory', 'network', 'disk'];

/** A node at a glance: what it needs, figures of now and of the time before, facts, what was done on it lately. */
export function NodeOverview(props: { readonly node: NodeRecord; readonly recentTasks: ReactNode }) {
  const { t, f } = useI18n();
  const now = useNow(30_000);
  const { node } = props;
  const state = useEntityDetails(node.id);
  const known: FactEntry[] = [
    { id: 'cpus', label: t('details.cpus'), value: node.cpuCount > 0 ? node.cpuCount : t('common.unknown') },
    {
      id: 'memory',
      label: t('details.memory'),
      value: node.memoryBytes > 0 ? f.bytes(node.memoryBytes) : t('common.unknown'),
    },
  ];
  if (node.startedAtMs !== undefined) {
    known.push({
      id: 'uptime',
      label: t('details.uptime'),
      value: <span title={f.dateTime(node.startedAtMs)}>{f.duration(now - node.startedAtMs)}</span>,
    });
  }
  return (
    <DetailsPage record={node}>
      {node.notices.length > 0 && (
        <DetailsSection title={t('details.notices')}>
          <NodeNotices notices={node.notices} />
        </DetailsSection>
      )}
      <HistoryCharts
        id={node.id}
        charts={charts}
        cpuCount={node.cpuCount}
        memoryBytes={node.memoryBytes}
        totalBytes={0}
      />
      <ReadFacts known={known} state={state} />
      <DetailsSection title={t('tasks.recent')}>{props.recentTasks}</DetailsSection>
    </DetailsPage>
  );
}
