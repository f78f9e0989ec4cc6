import { MoreHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { ConnectionRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate, routeHref } from '../../lib/navigation.ts';
import { useAppStores, useNow } from '../../stores/app-stores.tsx';
import { connectionAgeText, connectionProblem, connectionTone } from '../../texts/connection-text.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import { Menu } from '../../ui/menu.tsx';
import { exportText, offerFile, setEnabled } from './connection-actions.ts';

interface TableProps {
  /** The name of the group; empty for none. */
  readonly title: string;
  readonly connections: readonly ConnectionRecord[];
  readonly onProblem: (error: unknown) => void;
}

/** The connections of one group. */
export function ConnectionTable({ title, connections, onProblem }: TableProps) {
  const { t } = useI18n();
  return (
    <section aria-label={title === '' ? t('connections.title') : title}>
      {title !== '' && <h2 className="connections-group">{title}</h2>}
      <table className="connections-table">
        <thead>
          <tr>
            <th scope="col">{t('connections.name')}</th>
            <th scope="col">{t('connections.kind')}</th>
            <th scope="col">{t('connections.endpoint')}</th>
            <th scope="col">{t('connections.account')}</th>
            <th scope="col">{t('connections.state')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('common.menu')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {connections.map((record) => (
            <ConnectionRow key={record.id} record={record} onProblem={onProblem} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ConnectionRow({
  record,
  onProblem,
}: {
  readonly record: ConnectionRecord;
  readonly onProblem: (error: unknown) => void;
}) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useAppStores();
  const now = useNow(5000);
  const [isRemoving, setRemoving] = useState(false);
  const problem = connectionProblem(record, i18n);
  const id = record.connectionId;
  const attempt = (work: Promise<unknown>): void => void work.catch(onProblem);

  const action = (entry: string, label: string, onSelect: () => void, isDanger = false): MenuEntry => ({
    type: 'action',
    id: entry,
    label,
    isDanger,
    onSelect,
  });
  const reconnect = action('reconnect', t('connections.reconnect'), () =>
    attempt(client.request('connection.reconnect', { id })),
  );
  const own: readonly MenuEntry[] = [
    action('edit', t('connections.edit'), () => navigate({ page: 'connection-edit', id })),
    reconnect,
    record.state === 'disabled'
      ? action('enable', t('connections.enable'), () => attempt(setEnabled(client, id, true)))
      : action('disable', t('connections.disable'), () => attempt(setEnabled(client, id, false))),
    action('duplicate', t('connections.duplicate'), () => attempt(client.request('connection.duplicate', { id }))),
    action('export', t('connections.exportOne'), () =>
      attempt(exportText(client, [id]).then((text) => offerFile(`${id}.json`, text, 'application/json'))),
    ),
    { type: 'separator', id: 'line' },
    action('remove', t('connections.remove'), () => setRemoving(true), true),
  ];
  const entries = record.isDemonstration
    ? [
        reconnect,
        action('close', t('connections.closeDemonstration'), () => attempt(client.request('demonstration.close', {}))),
      ]
    : own;

  return (
    <tr>
      <th scope="row">
        <a href={routeHref({ page: 'entity', id: record.id, tab: undefined })}>{record.name}</a>
        {record.isDemonstration && <span className="quiet"> {t('connections.demonstration')}</span>}
      </th>
      <td>{record.systemVersion === '' ? t(`connectionKind.${record.connectionKind}`) : record.systemVersion}</td>
      <td className="mono selectable">{record.endpoint}</td>
      <td className="mono selectable">{record.account}</td>
      <td>
        <Badge tone={connectionTone(record)}>{t(`freshness.${record.state}`)}</Badge>{' '}
        <span className="quiet">{connectionAgeText(record, now, i18n)}</span>
        {problem !== undefined && (
          <p className="connections-why">
            {problem.what} {problem.todo}
          </p>
        )}
      </td>
      <td className="connections-actions">
        <Menu
          align="end"
          entries={entries}
          trigger={
            <IconButton label={t('connections.actions', { name: record.name })}>
              <MoreHorizontal size={16} aria-hidden />
            </IconButton>
          }
        />
        <ConfirmDialog
          isOpen={isRemoving}
          isDanger
          title={t('connections.remove.title', { name: record.name })}
          description={t('connections.remove.text')}
          confirmLabel={t('connections.remove.confirm', { name: record.name })}
          onClose={() => setRemoving(false)}
          onConfirm={() => {
            setRemoving(false);
            attempt(client.request('connection.remove', { id }));
          }}
        />
      </td>
    </tr>
  );
}
