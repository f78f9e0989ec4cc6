import type { NetworkRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { useEntityDetails } from '../../../stores/entity-details.ts';
import { DetailsPage } from '../details-page.tsx';
import { ReadFacts } from '../read-facts.tsx';

/** What is known of a bridge, a zone or a libvirt network. */
export function NetworkOverview(props: { readonly network: NetworkRecord }) {
  const { t } = useI18n();
  const { network } = props;
  const state = useEntityDetails(network.id);
  return (
    <DetailsPage record={network}>
      <ReadFacts
        known={[
          { id: 'type', label: t('details.type'), value: network.networkType },
          {
            id: 'state',
            label: t('details.state'),
            value: t(network.isActive ? 'details.active' : 'details.inactive'),
          },
        ]}
        state={state}
      />
    </DetailsPage>
  );
}
