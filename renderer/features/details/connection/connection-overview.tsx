import { ageText } from '../../../texts/age-text.ts';
import { RefreshCw, SquarePen } from 'lucide-react';
import { useCallback } from 'react';
import type { ConnectionRecord } from '../../../../electron/contract/records/index.ts';
import { useI18n, type I18n } from '../../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../../lib/navigation.ts';
import { useAppStores, useInventory, useNow } from '../../../stores/app-stores.tsx';
import type { InventoryStore } from '../../../stores/inventory-store.ts';
import { connectionAgeText, connectionNames, connectionTone } from '../../../texts/connection-text.ts';
import { errorText } from '../../../texts/error-text.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { FactList, type FactEntry } from '../../../ui/fact-list.tsx';
import { DetailsPage, DetailsSection } from '../details-page.tsx';
import { NodeNotices } from '../node/node-notices.tsx';
import { NodeTable } from '../place/cluster-overview.tsx';
import { MissingRights } from './missing-rights.tsx';

/** A one-time code lives for 30 s, a ticket is refused when it seems to be from the future. */
const skewProblemMs = 20_000;

function clockText(skewMs: number, { t, f }: I18n): string {
  if (Math.abs(skewMs) < 2000) return t('connection.clockRight');
  const age = f.duration(Math.abs(skewMs));
  return t(skewMs > 0 ? 'connection.clockAhead' : 'connection.clockBehind', { age });
}

function factsOf(connection: ConnectionRecord, nowMs: number, i18n: I18n): readonly FactEntry[] {
  const { t, f } = i18n;
  const facts: FactEntry[] = [
    {
      id: 'state',
      label: t('connection.state'),
      value: <Badge tone={connectionTone(connection)}>{connectionAgeText(connection, nowMs, i18n)}</Badge>,
    },
    { id: 'kind', label: t('connection.kind'), value: t(`connectionKind.${connection.connectionKind}`) },
  ];
  const add = (id: 'endpoint' | 'account' | 'system', value: string): void => {
    if (value !== '') facts.push({ id, label: t(`connection.${id}`), value, copyText: value });
  };
  add('system', connection.systemVersion);
  add('endpoint', connection.endpoint);
  add('account', connection.account);
  if (connection.state !== 'live' && connection.lastGoodAtMs !== undefined) {
    facts.push({
      id: 'last-good',
      label: t('connection.lastGood'),
      value: <span title={f.dateTime(connection.lastGoodAtMs)}>{ageText(nowMs - connection.lastGoodAtMs, i18n)}</span>,
    });
  }
  if (connection.clockSkewMs !== undefined) {
    facts.push({ id: 'clock', label: t('connection.clock'), value: clockText(connection.clockSkewMs, i18n) });
  }
  return facts;
}

/** A connection at a glance: how it is, why it is not live and what to do, which rights it lacks, its nodes. */
export function ConnectionOverview(props: { readonly connection: ConnectionRecord }) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client, inventory, session } = useAppStores();
  const now = useNow(5000);
  const { connection } = props;
  const id = connection.connectionId;
  const isSkewed = Math.abs(connection.clockSkewMs ?? 0) >= skewProblemMs;
  const reconnect = (): void => {
    client
      .request('connection.reconnect', { id })
      .catch((error: unknown) => session.report(error, 'connection.reconnect'));
  };
  return (
    <DetailsPage record={connection}>
      <div className="details-bar">
        <Button icon={<RefreshCw size={14} aria-hidden />} onClick={reconnect}>
          {t('connection.reconnect')}
        </Button>
        {connection.isDemonstration ? (
          <span className="quiet">{t('connection.demonstration')}</span>
        ) : (
          <Button icon={<SquarePen size={14} aria-hidden />} onClick={() => navigate({ page: 'connection-edit', id })}>
            {t('connection.edit')}
          </Button>
        )}
      </div>
      {connection.error !== undefined && (
        <ErrorState title={t('connection.problem')} {...errorText(connection.error, i18n)} />
      )}
      {connection.sameHostAs !== undefined && (
        <p className="config-pending">
          {t('connection.sameHost', { names: connectionNames(connection.sameHostAs, inventory) })}
        </p>
      )}
      <HostNotices connection={connection} />
      <DetailsSection title={t('details.facts')}>
        <FactList facts={factsOf(connection, now, i18n)} />
        {isSkewed && <p className="config-pending">{t('connection.clockProblem')}</p>}
      </DetailsSection>
      {connection.missingRights.length > 0 && <MissingRights connection={connection} />}
      <DetailsSection title={t('details.nodes')}>
        <NodeTable connectionId={id} />
      </DetailsSection>
    </DetailsPage>
  );
}

/** What the one host behind a plain connection lacks, and how to install it: its own page is a click further than anybody looks. */
function HostNotices({ connection }: { readonly connection: ConnectionRecord }) {
  const { t } = useI18n();
  const { connectionId, connectionKind } = connection;
  const node = useInventory(
    useCallback(
      ({ replica }: InventoryStore) => {
        const [id] = connectionKind === 'pve' ? [] : replica.index.nodesByConnection.sorted(connectionId);
        return id === undefined ? undefined : replica.get('node', id);
      },
      [connectionId, connectionKind],
    ),
  );
  if (node === undefined || node.notices.length === 0) return null;
  return (
    <DetailsSection title={t('details.notices')}>
      <NodeNotices notices={node.notices} />
    </DetailsSection>
  );
}
