import { useStore } from 'zustand';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { routeHref } from '../lib/navigation.ts';
import { formatShortcut, isMacPlatform } from '../lib/shortcut.ts';
import { useAppStores, useInventory, useNow } from '../stores/app-stores.tsx';
import type { InventoryStore } from '../stores/inventory-store.ts';
import { ageText } from '../texts/age-text.ts';
import './status-bar.css';

/** What the bar counts. */
export function countEstate(inventory: InventoryStore) {
  const counts = { connections: 0, notLive: 0, guests: 0, running: 0 };
  for (const record of inventory.replica.records.values()) {
    if (record.kind === 'connection') {
      counts.connections += 1;
      if (record.state !== 'live' && record.state !== 'disabled') counts.notLive += 1;
    } else if (record.kind === 'guest' && !record.isTemplate) {
      counts.guests += 1;
      if (record.power === 'running') counts.running += 1;
    }
  }
  return counts;
}

function LastChange() {
  const i18n = useI18n();
  const { t, f } = i18n;
  const { inventory } = useAppStores();
  const changedAtMs = useStore(inventory.state, (state) => state.changedAtMs);
  const now = useNow(1000);
  if (changedAtMs === undefined) return <span>{t('status.noChange')}</span>;
  return (
    <span title={f.dateTime(changedAtMs)}>{t('status.lastChange', { age: ageText(now - changedAtMs, i18n) })}</span>
  );
}

/** Questions that were put off; a click asks them again. */
function WaitingPrompts() {
  const { t } = useI18n();
  const { prompts } = useAppStores();
  const count = useStore(prompts.state, (state) => state.postponed.size);
  if (count === 0) return null;
  return (
    <button type="button" className="status-warn" onClick={() => prompts.recall()}>
      {t('prompt.waiting', { count })}
    </button>
  );
}

/** The bottom line: how the estate as a whole is, and the two keys worth knowing. */
export function StatusBar(props: { readonly onPalette: () => void; readonly onShortcuts: () => void }) {
  const { t } = useI18n();
  const { session } = useAppStores();
  const link = useStore(session.state, (state) => state.link);
  const counts = useInventory(countEstate, 'lists');
  const mac = isMacPlatform();
  return (
    <footer className="status-bar" aria-label={t('status.label')}>
      {link === 'closed' && (
        <span className="status-bad" role="alert">
          {t('app.link.closed')}
        </span>
      )}
      <a href={routeHref({ page: 'connections', id: undefined })}>
        {t('status.connections', { count: counts.connections })}
        {counts.notLive > 0 && <span className="status-warn">, {t('status.offline', { count: counts.notLive })}</span>}
      </a>
      <span className="status-part">
        {t('status.guests', { count: counts.guests })}, {t('status.running', { count: counts.running })}
      </span>
      <span className="status-part">
        <LastChange />
      </span>
      <span className="status-space" />
      <WaitingPrompts />
      <button type="button" onClick={props.onShortcuts}>
        <span className="visually-hidden">{t('shortcuts.open')} </span>?
      </button>
      <button type="button" onClick={props.onPalette}>
        <span className="visually-hidden">{t('command.palette')} </span>
        {formatShortcut('Mod+K', mac)}
      </button>
    </footer>
  );
}
