import { Boxes, CircleAlert, Cloud, Database, HardDrive, Network, Server } from 'lucide-react';
import { memo, useCallback } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import type {
  ConnectionRecord,
  EntityRecord,
  GuestRecord,
  NodeRecord,
  StorageRecord,
} from '../../../electron/contract/records/index.ts';
import { classNames } from '../../lib/class-names.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useConnection, useInventory, useNow, useRecord } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { freshnessText, guestGlyph, guestStateText } from '../../texts/domain-text.ts';
import { StateGlyph } from '../../ui/state-glyph.tsx';
import { LoadFigures } from './load-figures.tsx';

/** How often an age on the screen grows. */
const ageStepMs = 10_000;

function useIsStale(record: EntityRecord): boolean {
  const connection = useConnection(record.connectionId);
  return connection?.state !== 'live';
}

function GuestLine(props: { readonly guest: GuestRecord }) {
  const i18n = useI18n();
  const { guest } = props;
  const isStale = useIsStale(guest);
  const state = guestStateText(guest, i18n);
  return (
    <>
      <StateGlyph
        {...guestGlyph(guest)}
        isDim={isStale}
        label={state}
        lock={guest.lock === undefined ? undefined : i18n.t(`lock.${guest.lock}`)}
      />
      <span className={classNames('line-name', (isStale || guest.power !== 'running') && 'line-dim')}>
        {guest.name}
      </span>
      {!isStale && <LoadFigures id={guest.id} memoryBytes={guest.memoryBytes} asShare={false} />}
    </>
  );
}

function NodeLine(props: { readonly node: NodeRecord }) {
  const { t } = useI18n();
  const { node } = props;
  const isStale = useIsStale(node);
  return (
    <>
      <Server size={15} className="line-icon" aria-hidden />
      <span className={classNames('line-name', isStale && 'line-dim')}>{node.name}</span>
      {node.availability === 'online' ? (
        !isStale && <LoadFigures id={node.id} memoryBytes={node.memoryBytes} asShare />
      ) : (
        <span className="line-note line-bad">{t(`node.${node.availability}`)}</span>
      )}
    </>
  );
}

function ConnectionNote(props: { readonly connection: ConnectionRecord }) {
  const i18n = useI18n();
  const now = useNow(ageStepMs);
  const { connection } = props;
  const isBad = connection.state === 'offline' || connection.state === 'blocked';
  return (
    <span
      className={classNames('line-note', isBad && 'line-bad', connection.state === 'stale' && 'line-warn')}
      title={connection.lastGoodAtMs === undefined ? undefined : i18n.f.dateTime(connection.lastGoodAtMs)}
    >
      {isBad && <CircleAlert size={12} aria-hidden />}
      {freshnessText(connection, now, i18n)}
    </span>
  );
}

function ConnectionLine(props: { readonly connection: ConnectionRecord }) {
  const { connection } = props;
  const isLive = connection.state === 'live';
  const node = useOnlyNode(connection);
  const Icon = connection.connectionKind === 'pve' ? Boxes : HardDrive;
  return (
    <>
      <Icon size={15} className="line-icon" aria-hidden />
      <span className={classNames('line-name', 'line-strong', !isLive && 'line-dim')}>{connection.name}</span>
      {!isLive && <ConnectionNote connection={connection} />}
      {isLive && node !== undefined && <LoadFigures id={node.id} memoryBytes={node.memoryBytes} asShare />}
      {isLive && node === undefined && (
        <span className="line-note">{connection.systemVersion.replace('Proxmox VE', 'PVE')}</span>
      )}
    </>
  );
}

/** The host behind a plain connection, whose load its line shows. */
function useOnlyNode(connection: ConnectionRecord): NodeRecord | undefined {
  const derive = useCallback(
    (inventory: InventoryStore): NodeRecord | undefined => {
      if (connection.connectionKind === 'pve') return undefined;
      const [id] = inventory.replica.index.nodesByConnection.sorted(connection.connectionId);
      return id === undefined ? undefined : inventory.replica.get('node', id);
    },
    [connection.connectionKind, connection.connectionId],
  );
  return useInventory(derive);
}

function StorageLine(props: { readonly storage: StorageRecord }) {
  const { f } = useI18n();
  const { storage } = props;
  return (
    <>
      <Database size={14} className="line-icon" aria-hidden />
      <span className="line-name">{storage.name}</span>
      <span className="line-note">
        {storage.totalBytes > 0 ? f.compactBytes(storage.totalBytes) : storage.storageType}
      </span>
    </>
  );
}

function PoolLine(props: { readonly id: EntityId; readonly name: string }) {
  const { f } = useI18n();
  const { id } = props;
  const count = useInventory(
    useCallback((inventory: InventoryStore) => inventory.replica.index.guestsByPool.size(id), [id]),
  );
  return (
    <>
      <Cloud size={15} className="line-icon" aria-hidden />
      <span className="line-name">{props.name}</span>
      <span className="line-note">{f.number(count)}</span>
    </>
  );
}

/** What a line of the tree shows for a record; renders again only when that record changes. */
export const RecordLine = memo(function RecordLine(props: { readonly id: EntityId }) {
  const record = useRecord(props.id);
  switch (record?.kind) {
    case undefined:
      return null;
    case 'guest':
      return <GuestLine guest={record} />;
    case 'node':
      return <NodeLine node={record} />;
    case 'connection':
      return <ConnectionLine connection={record} />;
    case 'storage':
      return <StorageLine storage={record} />;
    case 'pool':
      return <PoolLine id={record.id} name={record.name} />;
    case 'network':
    case 'cluster':
      return (
        <>
          <Network size={14} className="line-icon" aria-hidden />
          <span className="line-name">{record.name}</span>
        </>
      );
  }
});
