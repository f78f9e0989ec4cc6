import { Download, Plus, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ConnectionRecord } from '../../../electron/contract/records/index.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { compareValues, naturalSortKey } from '../../lib/natural-sort.ts';
import { useAppStores, useInventory } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { caughtErrorText } from '../../texts/error-text.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { exportText, offerFile } from './connection-actions.ts';
import { ConnectionTable } from './connection-table.tsx';
import './connections-page.css';

interface ConnectionGroup {
  readonly name: string;
  readonly members: readonly ConnectionRecord[];
}

function listGroups(inventory: InventoryStore): readonly ConnectionGroup[] {
  const groups = new Map<string, ConnectionRecord[]>();
  for (const record of inventory.replica.records.values()) {
    if (record.kind !== 'connection') continue;
    const members = groups.get(record.group) ?? [];
    members.push(record);
    groups.set(record.group, members);
  }
  const byName = (a: { name: string }, b: { name: string }): number =>
    compareValues(naturalSortKey(a.name), naturalSortKey(b.name));
  return [...groups].map(([name, members]) => ({ name, members: members.sort(byName) })).sort(byName);
}

/** The manager: every way in, by the user's groups, with its state and what can be done about it. */
export function ConnectionsPage() {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useAppStores();
  const groups = useInventory(listGroups);
  const file = useRef<HTMLInputElement>(null);
  const [message, setMessage] = useState<{ readonly text: string; readonly isProblem: boolean }>();
  const fail = (error: unknown): void => setMessage({ text: caughtErrorText(error, i18n).what, isProblem: true });

  const exportAll = (): void => {
    const ids = groups
      .flatMap((group) => group.members)
      .filter((record) => !record.isDemonstration)
      .map((record) => record.connectionId);
    exportText(client, ids).then((text) => offerFile('wheelhouse-connections.json', text, 'application/json'), fail);
  };
  const importFile = async (chosen: File): Promise<void> => {
    const { ids } = await client.request('connection.import', { text: await chosen.text() });
    setMessage({ text: t('connections.imported', { count: ids.length }), isProblem: false });
  };

  return (
    <div className="connections-page">
      <header className="connections-header">
        <h1>{t('connections.title')}</h1>
        <input
          ref={file}
          type="file"
          accept="application/json,.json"
          hidden
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            event.currentTarget.value = '';
            if (chosen !== undefined) importFile(chosen).catch(fail);
          }}
        />
        <Button icon={<Upload size={14} aria-hidden />} onClick={() => file.current?.click()}>
          {t('connections.import')}
        </Button>
        <Button icon={<Download size={14} aria-hidden />} onClick={exportAll}>
          {t('connections.export')}
        </Button>
        <Button
          variant="primary"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => navigate({ page: 'connection-new' })}
        >
          {t('connections.add')}
        </Button>
      </header>
      {message !== undefined && (
        <p className={message.isProblem ? 'connections-problem' : 'connections-message'} role="status">
          {message.text}
        </p>
      )}
      {groups.length === 0 ? (
        <EmptyState
          text={t('connections.empty')}
          action={
            <Button isTall variant="primary" onClick={() => navigate({ page: 'connection-new' })}>
              {t('connections.add')}
            </Button>
          }
        />
      ) : (
        groups.map(({ name, members }) => (
          <ConnectionTable
            key={name}
            title={name === '' && groups.length > 1 ? t('connections.ungrouped') : name}
            connections={members}
            onProblem={fail}
          />
        ))
      )}
    </div>
  );
}
