import { Ellipsis } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import type {
  ConnectionRecord,
  EntityRecord,
  GuestRecord,
  NodeRecord,
  StorageRecord,
} from '../../electron/contract/records/index.ts';
import { useGuestMenu } from '../features/inventory/guest-menu.tsx';
import { powerIcon, usePowerOffers } from '../features/inventory/power-entries.tsx';
import { useRequestPower } from '../features/inventory/power-provider.tsx';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { routeHref } from '../lib/navigation.ts';
import { useConnection, useNow, useRecord } from '../stores/app-stores.tsx';
import { freshnessText, guestGlyph, guestStateText, virtualizationText } from '../texts/domain-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { StateGlyph } from '../ui/state-glyph.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import './entity-header.css';

const uptimeStepMs = 30_000;

const powerTones: { readonly [Power in GuestRecord['power']]: Tone } = {
  running: 'ok',
  paused: 'warn',
  suspended: 'busy',
  stopped: 'neutral',
  unknown: 'warn',
};

const availabilityTones = {
  online: 'ok',
  available: 'ok',
  offline: 'bad',
  unavailable: 'bad',
  unknown: 'warn',
} as const;

function Uptime(props: { readonly startedAtMs: number | undefined }) {
  const { t, f } = useI18n();
  const now = useNow(uptimeStepMs);
  if (props.startedAtMs === undefined) return null;
  return (
    <span title={f.dateTime(props.startedAtMs)}>
      {t('entity.uptime', { age: f.duration(now - props.startedAtMs) })}
    </span>
  );
}

function EntityLink(props: { readonly id: EntityRecord['id'] }) {
  const record = useRecord(props.id);
  if (record === undefined) return null;
  return <a href={routeHref({ page: 'entity', id: record.id, tab: undefined })}>{record.name}</a>;
}

function GuestFacts(props: { readonly guest: GuestRecord; readonly isStale: boolean }) {
  const i18n = useI18n();
  const { guest } = props;
  return (
    <>
      <Badge tone={props.isStale ? 'neutral' : powerTones[guest.power]}>{guestStateText(guest, i18n)}</Badge>
      <span>
        {virtualizationText(guest, i18n)} <span className="mono">{guest.nativeId}</span>
      </span>
      <EntityLink id={guest.nodeId} />
      <Uptime startedAtMs={guest.startedAtMs} />
      {guest.tags.map((tag) => (
        <a key={tag} href={routeHref({ page: 'inventory', scope: { type: 'tag', tag } })}>
          <Badge>{tag}</Badge>
        </a>
      ))}
    </>
  );
}

function GuestActions(props: { readonly guest: GuestRecord }) {
  const { t } = useI18n();
  const ids = useMemo(() => [props.guest.id], [props.guest.id]);
  const request = useRequestPower();
  const offers = usePowerOffers(ids);
  const menu = useGuestMenu(ids);
  return (
    <>
      {offers
        .filter((offer) => ['start', 'shutdown', 'reboot'].includes(offer.action))
        .map(({ action, able, disabledReason }) => (
          <Button
            key={action}
            icon={powerIcon(action)}
            disabledReason={disabledReason}
            onClick={() => request(action, able, 1)}
          >
            {t(`action.${action}`)}
          </Button>
        ))}
      <Menu
        align="end"
        entries={menu.filter((entry) => !['open', 'after-open', 'start', 'shutdown', 'reboot'].includes(entry.id))}
        trigger={
          <IconButton label={t('common.more')}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      />
    </>
  );
}

function NodeFacts(props: { readonly node: NodeRecord; readonly isStale: boolean }) {
  const { t, f } = useI18n();
  const { node } = props;
  return (
    <>
      <Badge tone={props.isStale ? 'neutral' : availabilityTones[node.availability]}>
        {t(`node.${node.availability}`)}
      </Badge>
      {node.systemVersion !== '' && <span>{node.systemVersion}</span>}
      {node.cpuCount > 0 && <span>{t('entity.cpus', { count: node.cpuCount })}</span>}
      {node.memoryBytes > 0 && <span>{f.bytes(node.memoryBytes)}</span>}
      <Uptime startedAtMs={node.startedAtMs} />
    </>
  );
}

function ConnectionFacts(props: { readonly connection: ConnectionRecord }) {
  const i18n = useI18n();
  const now = useNow(uptimeStepMs);
  const { connection } = props;
  const isBad = connection.state === 'offline' || connection.state === 'blocked';
  const text = freshnessText(connection, now, i18n);
  return (
    <>
      <Badge
        tone={connection.state === 'live' ? 'ok' : isBad ? 'bad' : connection.state === 'stale' ? 'warn' : 'neutral'}
      >
        {text === '' ? i18n.t('freshness.live') : text}
      </Badge>
      {connection.systemVersion !== '' && <span>{connection.systemVersion}</span>}
      {connection.endpoint !== '' && <span className="mono selectable">{connection.endpoint}</span>}
      <span>{connection.account}</span>
    </>
  );
}

function StorageFacts(props: { readonly storage: StorageRecord; readonly isStale: boolean }) {
  const { t, f } = useI18n();
  const { storage } = props;
  return (
    <>
      <Badge tone={props.isStale ? 'neutral' : availabilityTones[storage.availability]}>
        {t(`storage.${storage.availability}`)}
      </Badge>
      <span className="mono">{storage.storageType}</span>
      <EntityLink id={storage.nodeId} />
      {storage.totalBytes > 0 && <span>{f.bytes(storage.totalBytes)}</span>}
    </>
  );
}

function factsOf(record: EntityRecord, isStale: boolean): ReactNode {
  switch (record.kind) {
    case 'guest':
      return <GuestFacts guest={record} isStale={isStale} />;
    case 'node':
      return <NodeFacts node={record} isStale={isStale} />;
    case 'connection':
      return <ConnectionFacts connection={record} />;
    case 'storage':
      return <StorageFacts storage={record} isStale={isStale} />;
    case 'network':
      return <EntityLink id={record.nodeId} />;
    case 'pool':
    case 'cluster':
      return null;
  }
}

/** The head of an entity's page: what it is, how it is, what can be done with it, and how old all of this is. */
export function EntityHeader(props: { readonly record: EntityRecord }) {
  const { t } = useI18n();
  const { record } = props;
  const connection = useConnection(record.connectionId);
  // An old state is told, but not in colours that speak of now.
  const isStale = connection?.state !== 'live';
  return (
    <>
      <header className="entity-header">
        {record.kind === 'guest' && <StateGlyph {...guestGlyph(record)} isDim={isStale} size={20} />}
        <div className="entity-title">
          <h1 className="ellipsis selectable" title={record.name}>
            {record.name}
          </h1>
          <div className="entity-facts">
            {record.kind !== 'guest' && <span>{t(`kind.${record.kind}`)}</span>}
            {factsOf(record, isStale)}
          </div>
        </div>
        <div className="entity-actions">{record.kind === 'guest' && <GuestActions guest={record} />}</div>
      </header>
      {connection !== undefined && connection.state !== 'live' && <ConnectionBanner connection={connection} />}
    </>
  );
}
