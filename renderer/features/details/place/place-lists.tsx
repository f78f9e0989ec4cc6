import { useCallback } from 'react';
import type { NodeRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../../lib/navigation.ts';
import { useInventory } from '../../../stores/app-stores.tsx';
import type { InventoryStore } from '../../../stores/inventory-store.ts';
import { Badge } from '../../../ui/badge.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { DetailsPage } from '../details-page.tsx';
import { UsedSpace } from './used-space.tsx';

/** The storages of a node and how full they are. */
export function NodeStorages(props: { readonly node: NodeRecord }) {
  const { t, f } = useI18n();
  const { id } = props.node;
  const storages = useInventory(
    useCallback(
      ({ replica }: InventoryStore) =>
        replica.index.storagesByNode.sorted(id).flatMap((each) => replica.get('storage', each) ?? []),
      [id],
    ),
  );
  if (storages.length === 0) return <EmptyState text={t('details.noStorage')} />;
  return (
    <DetailsPage record={props.node}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('details.name')}</th>
            <th scope="col">{t('details.state')}</th>
            <th scope="col">{t('details.type')}</th>
            <th scope="col">{t('details.content')}</th>
            <th scope="col" className="plain-table-figure">
              {t('details.used')}
            </th>
            <th scope="col" className="plain-table-figure">
              {t('details.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {storages.map((storage) => (
            <tr key={storage.id}>
              <th scope="row">
                <a href={routeHref({ page: 'entity', id: storage.id, tab: undefined })}>{storage.name}</a>
              </th>
              <td>
                <Badge tone={storage.availability === 'available' ? 'ok' : 'warn'}>
                  {t(`storage.${storage.availability}`)}
                </Badge>{' '}
                {storage.isShared && <Badge>{t('details.shared')}</Badge>}
              </td>
              <td className="mono">{storage.storageType}</td>
              <td className="quiet">{storage.contentKinds.join(', ')}</td>
              <td className="plain-table-figure">
                <UsedSpace id={storage.id} totalBytes={storage.totalBytes} name={storage.name} />
              </td>
              <td className="plain-table-figure">{storage.totalBytes > 0 ? f.bytes(storage.totalBytes) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </DetailsPage>
  );
}

/** What guests of a node can be attached to. */
export function NodeNetworks(props: { readonly node: NodeRecord }) {
  const { t } = useI18n();
  const { id } = props.node;
  const networks = useInventory(
    useCallback(
      ({ replica }: InventoryStore) =>
        replica.index.networksByNode.sorted(id).flatMap((each) => replica.get('network', each) ?? []),
      [id],
    ),
  );
  if (networks.length === 0) return <EmptyState text={t('details.noNetwork')} />;
  return (
    <DetailsPage record={props.node}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('details.name')}</th>
            <th scope="col">{t('details.type')}</th>
            <th scope="col">{t('details.state')}</th>
          </tr>
        </thead>
        <tbody>
          {networks.map((network) => (
            <tr key={network.id}>
              <th scope="row">
                <a href={routeHref({ page: 'entity', id: network.id, tab: undefined })}>{network.name}</a>
              </th>
              <td className="mono">{network.networkType}</td>
              <td>
                <Badge tone={network.isActive ? 'ok' : 'neutral'}>
                  {t(network.isActive ? 'details.active' : 'details.inactive')}
                </Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </DetailsPage>
  );
}
