import { useCallback } from 'react';
import type { ClusterRecord, ConnectionRecord, NodeRecord } from '../../../../electron/contract/records/index.ts';
import { fromLoadRow, noLoad } from '../../../../electron/contract/records/index.ts';
import { useI18n } from '../../../lib/i18n/i18n-context.tsx';
import { routeHref } from '../../../lib/navigation.ts';
import { useInventory, useLoad, useNow } from '../../../stores/app-stores.tsx';
import type { InventoryStore } from '../../../stores/inventory-store.ts';
import { Badge } from '../../../ui/badge.tsx';
import { FactList } from '../../../ui/fact-list.tsx';
import { DetailsPage, DetailsSection } from '../details-page.tsx';

function NodeLine(props: { readonly node: NodeRecord }) {
  const { t, f } = useI18n();
  const now = useNow(30_000);
  const { node } = props;
  const row = useLoad(node.id);
  const load = row === undefined ? noLoad : fromLoadRow(row);
  return (
    <tr>
      <th scope="row">
        <a href={routeHref({ page: 'entity', id: node.id, tab: undefined })}>{node.name}</a>
      </th>
      <td>
        <Badge tone={node.availability === 'online' ? 'ok' : node.availability === 'offline' ? 'bad' : 'warn'}>
          {t(`node.${node.availability}`)}
        </Badge>
      </td>
      <td>{node.systemVersion}</td>
      <td className="plain-table-figure">{load.cpuRatio === null ? '–' : f.percent(load.cpuRatio)}</td>
      <td className="plain-table-figure">
        {load.memoryUsedBytes === null
          ? '–'
          : t('details.usedOf', { used: f.bytes(load.memoryUsedBytes), total: f.bytes(node.memoryBytes) })}
      </td>
      <td className="plain-table-figure">
        {node.startedAtMs === undefined ? '–' : f.shortDuration(now - node.startedAtMs)}
      </td>
    </tr>
  );
}

/** The nodes of a connection, each with its figures of now. */
export function NodeTable(props: { readonly connectionId: ConnectionRecord['connectionId'] }) {
  const { t } = useI18n();
  const { connectionId } = props;
  const nodes = useInventory(
    useCallback(
      ({ replica }: InventoryStore) =>
        replica.index.nodesByConnection.sorted(connectionId).flatMap((id) => replica.get('node', id) ?? []),
      [connectionId],
    ),
  );
  if (nodes.length === 0) return <p className="quiet">{t('common.none')}</p>;
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{t('details.name')}</th>
          <th scope="col">{t('details.state')}</th>
          <th scope="col">{t('connection.system')}</th>
          <th scope="col" className="plain-table-figure">
            {t('history.cpu')}
          </th>
          <th scope="col" className="plain-table-figure">
            {t('details.memory')}
          </th>
          <th scope="col" className="plain-table-figure">
            {t('details.uptime')}
          </th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => (
          <NodeLine key={node.id} node={node} />
        ))}
      </tbody>
    </table>
  );
}

/** A cluster at a glance: whether it may change anything, and its nodes. */
export function ClusterOverview(props: { readonly cluster: ClusterRecord }) {
  const { t } = useI18n();
  const { cluster } = props;
  return (
    <DetailsPage record={cluster}>
      <DetailsSection title={t('details.facts')}>
        <FactList
          facts={[
            {
              id: 'quorum',
              label: t('details.quorum'),
              value: (
                <Badge tone={cluster.isQuorate ? 'ok' : 'bad'}>
                  {t(cluster.isQuorate ? 'details.quorate' : 'details.notQuorate')}
                </Badge>
              ),
            },
            {
              id: 'online',
              label: t('details.onlineNodes'),
              value: t('details.onlineOf', { online: cluster.onlineNodeCount, all: cluster.nodeCount }),
            },
          ]}
        />
      </DetailsSection>
      <DetailsSection title={t('details.nodes')}>
        <NodeTable connectionId={cluster.connectionId} />
      </DetailsSection>
    </DetailsPage>
  );
}
