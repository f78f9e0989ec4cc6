import type { ReactNode } from 'react';
import type { GuestRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../../lib/navigation.ts';
import { useNow, useRecord } from '../../../stores/app-stores.tsx';
import { useEntityDetails } from '../../../stores/entity-details.ts';
import type { FactEntry } from '../../../ui/fact-list.tsx';
import { DetailsPage, DetailsSection } from '../details-page.tsx';
import type { ChartName } from '../history/chart-plans.ts';
import { HistoryCharts } from '../history/history-charts.tsx';
import { ReadFacts } from '../read-facts.tsx';
import { GuestAddresses } from './guest-addresses.tsx';

const charts: readonly ChartName[] = ['cpu', 'memory', 'network', 'disk'];

/** What the inventory knows of a guest. */
function useKnownFacts(guest: GuestRecord): readonly FactEntry[] {
  const { t, f } = useI18n();
  const now = useNow(30_000);
  const node = useRecord(guest.nodeId);
  const pool = useRecord(guest.poolId);
  const facts: FactEntry[] = [
    {
      id: 'node',
      label: t('details.node'),
      value:
        node === undefined ? (
          t('common.unknown')
        ) : (
          <a href={routeHref({ page: 'entity', id: node.id, tab: undefined })}>{node.name}</a>
        ),
    },
    { id: 'cpus', label: t('details.cpus'), value: guest.cpuCount === 0 ? t('details.noLimit') : guest.cpuCount },
    {
      id: 'memory',
      label: t('details.memory'),
      value: guest.memoryBytes === 0 ? t('details.noLimit') : f.bytes(guest.memoryBytes),
    },
  ];
  if (guest.diskBytes > 0) facts.push({ id: 'disk', label: t('history.disk'), value: f.bytes(guest.diskBytes) });
  if (guest.startedAtMs !== undefined) {
    facts.push({
      id: 'uptime',
      label: t('details.uptime'),
      value: <span title={f.dateTime(guest.startedAtMs)}>{f.duration(now - guest.startedAtMs)}</span>,
    });
  }
  if (pool !== undefined) {
    facts.push({
      id: 'pool',
      label: t('details.pool'),
      value: <a href={routeHref({ page: 'entity', id: pool.id, tab: undefined })}>{pool.name}</a>,
    });
  }
  if (guest.haState !== undefined) facts.push({ id: 'ha', label: t('fact.ha-state'), value: guest.haState });
  return facts;
}

/** A guest at a glance: figures of now and of the time before, facts, addresses, what was done to it lately. */
export function GuestOverview(props: { readonly guest: GuestRecord; readonly recentTasks: ReactNode }) {
  const { t } = useI18n();
  const { guest } = props;
  const state = useEntityDetails(guest.id);
  const known = useKnownFacts(guest);
  const description = state.details?.description ?? '';
  return (
    <DetailsPage record={guest}>
      {!guest.isTemplate && (
        <HistoryCharts
          id={guest.id}
          charts={charts}
          cpuCount={guest.cpuCount}
          memoryBytes={guest.memoryBytes}
          totalBytes={guest.diskBytes}
        />
      )}
      <ReadFacts known={known} state={state} />
      <div className="details-columns">
        {!guest.isTemplate && <GuestAddresses details={state.details} />}
        <DetailsSection title={t('tasks.recent')}>{props.recentTasks}</DetailsSection>
      </div>
      {description !== '' && (
        <DetailsSection title={t('details.description')}>
          <p className="details-description selectable">{description}</p>
        </DetailsSection>
      )}
    </DetailsPage>
  );
}
