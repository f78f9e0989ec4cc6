import type { ReactNode } from 'react';
import type { EntityRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { FactList } from '../../ui/fact-list.tsx';
import { ConnectionOverview } from './connection/connection-overview.tsx';
import { DetailsPage } from './details-page.tsx';
import { GuestConfiguration } from './guest/guest-configuration.tsx';
import { GuestHardware } from './guest/guest-hardware.tsx';
import { GuestOverview } from './guest/guest-overview.tsx';
import { NodeOverview } from './node/node-overview.tsx';
import { ClusterOverview } from './place/cluster-overview.tsx';
import { NetworkOverview } from './place/network-overview.tsx';
import { NodeNetworks, NodeStorages } from './place/place-lists.tsx';
import { StorageOverview } from './place/storage-overview.tsx';

/** One tab of an entity's page. */
export interface DetailTab {
  readonly id: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** The tabs of an entity of any kind. `recentTasks` is shown in the overviews: tasks are another feature's. */
export function useEntityDetailTabs(record: EntityRecord, recentTasks: ReactNode): readonly DetailTab[] {
  const { t } = useI18n();
  const overview = (content: ReactNode): DetailTab => ({ id: 'overview', label: t('details.overview'), content });
  switch (record.kind) {
    case 'guest':
      return [
        overview(<GuestOverview guest={record} recentTasks={recentTasks} />),
        { id: 'hardware', label: t('details.hardware'), content: <GuestHardware guest={record} /> },
        { id: 'configuration', label: t('details.configuration'), content: <GuestConfiguration guest={record} /> },
      ];
    case 'node':
      return [
        overview(<NodeOverview node={record} recentTasks={recentTasks} />),
        { id: 'storage', label: t('details.storages'), content: <NodeStorages node={record} /> },
        { id: 'networks', label: t('details.networks'), content: <NodeNetworks node={record} /> },
      ];
    case 'connection':
      return [overview(<ConnectionOverview connection={record} />)];
    case 'cluster':
      return [overview(<ClusterOverview cluster={record} />)];
    case 'storage':
      return [overview(<StorageOverview storage={record} />)];
    case 'network':
      return [overview(<NetworkOverview network={record} />)];
    case 'pool':
      return [
        overview(
          <DetailsPage record={record}>
            <FactList
              facts={[
                {
                  id: 'comment',
                  label: t('details.comment'),
                  value: record.comment === '' ? t('common.none') : record.comment,
                },
              ]}
            />
          </DetailsPage>,
        ),
      ];
  }
}
