import type { StorageRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useEntityDetails } from '../../../stores/entity-details.ts';
import type { FactEntry } from '../../../ui/fact-list.tsx';
import { DetailsPage } from '../details-page.tsx';
import type { ChartName } from '../history/chart-plans.ts';
import { HistoryCharts } from '../history/history-charts.tsx';
import { ReadFacts } from '../read-facts.tsx';
import { UsedSpace } from './used-space.tsx';

const charts: readonly ChartName[] = ['usage'];

/** A storage at a glance: how full it is and was, what it may hold. */
export function StorageOverview(props: { readonly storage: StorageRecord }) {
  const { t, f } = useI18n();
  const { storage } = props;
  const state = useEntityDetails(storage.id);
  const known: readonly FactEntry[] = [
    {
      id: 'used',
      label: t('details.used'),
      value: <UsedSpace id={storage.id} totalBytes={storage.totalBytes} name={storage.name} />,
    },
    {
      id: 'size',
      label: t('details.size'),
      value: storage.totalBytes > 0 ? f.bytes(storage.totalBytes) : t('common.unknown'),
    },
    { id: 'type', label: t('details.type'), value: storage.storageType },
    {
      id: 'content',
      label: t('details.content'),
      value: storage.contentKinds.length > 0 ? storage.contentKinds.toSorted().join(', ') : t('common.unknown'),
    },
  ];
  return (
    <DetailsPage record={storage}>
      <HistoryCharts id={storage.id} charts={charts} cpuCount={0} memoryBytes={0} totalBytes={storage.totalBytes} />
      <ReadFacts known={known} state={state} />
    </DetailsPage>
  );
}
