import { Dialog } from '@base-ui/react/dialog';
import { CornerDownLeft, Search } from 'lucide-react';
import {
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
} from 'react';
import { connectionEntityId, type EntityId } from '../../../electron/contract/ids.ts';
import { RecordLine } from '../../features/inventory/record-line.tsx';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import { formatShortcut, isMacPlatform } from '../../lib/shortcut.ts';
import { useAppStores, useInventory, useRecord } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { buildPaletteEntries, searchPalette, type PaletteHit } from './palette-search.ts';
import { useGuestActionHits } from './use-guest-action-hits.ts';
import './command-palette.css';

/** More than this nobody reads: another letter is faster. */
const maxHits = 60;

const entriesOf = (inventory: InventoryStore) => buildPaletteEntries(inventory.replica.records.values());

function hitKey(hit: PaletteHit): string {
  return hit.type === 'entity' ? `entity ${hit.id}` : `command ${hit.command.id}`;
}

/** Where an entity is: names repeat over many nodes. */
function Place(props: { readonly id: EntityId }) {
  const record = useRecord(props.id);
  const node = useRecord(record !== undefined && 'nodeId' in record ? record.nodeId : undefined);
  const connection = useRecord(record === undefined ? undefined : connectionEntityId(record.connectionId));
  if (record === undefined || record.kind === 'connection') return null;
  const names = [node?.name, connection?.name].filter((name) => name !== undefined);
  return <span className="palette-place ellipsis">{names.join(' · ')}</span>;
}

function HitLine(props: { readonly hit: PaletteHit }) {
  const { t } = useI18n();
  const { hit } = props;
  if (hit.type === 'entity') {
    return (
      <>
        <RecordLine id={hit.id} />
        <Place id={hit.id} />
      </>
    );
  }
  const { command } = hit;
  return (
    <>
      <CornerDownLeft size={14} className="line-icon" aria-hidden />
      <span className="palette-group">{t(`command.group.${command.group}`)}</span>
      <span className="line-name">{command.title}</span>
      {command.note !== undefined && <span className="palette-place ellipsis">{command.note}</span>}
      {command.disabledReason !== undefined && <span className="line-note">{command.disabledReason}</span>}
      {command.shortcut !== undefined && <Kbd keys={formatShortcut(command.shortcut, isMacPlatform())} />}
    </>
  );
}

function PaletteBody(props: { readonly recent: readonly EntityId[]; readonly onClose: () => void }) {
  const { t } = useI18n();
  const { commands } = useAppStores();
  const [query, setQuery] = useState('');
  const deferred = useDeferredValue(query);
  const [active, setActive] = useState(0);
  const known = useSyncExternalStore(commands.subscribe, commands.list);
  const entries = useInventory(entriesOf);
  const actionHits = useGuestActionHits(entries);
  const { recent } = props;
  const search = useCallback(
    (text: string) => [
      ...actionHits(text),
      ...searchPalette({ query: text, entries, commands: known, recent, limit: maxHits }),
    ],
    [actionHits, entries, known, recent],
  );
  const hits = useMemo(() => search(deferred), [search, deferred]);
  const at = Math.min(active, hits.length - 1);
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const choose = (hit: PaletteHit | undefined): void => {
    if (hit === undefined || (hit.type === 'command' && hit.command.disabledReason !== undefined)) return;
    props.onClose();
    if (hit.type === 'entity') navigate({ page: 'entity', id: hit.id, tab: undefined });
    else hit.command.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setActive(Math.min(at + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(at - 1, 0));
    else if (event.key === 'PageDown') setActive(Math.min(at + 10, hits.length - 1));
    else if (event.key === 'PageUp') setActive(Math.max(at - 10, 0));
    // Whoever types fast gets what was typed, not what the list still shows.
    else if (event.key === 'Enter') choose((deferred === query ? hits : search(query))[Math.max(at, 0)]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="palette-search">
        <Search size={16} aria-hidden />
        <input
          type="text"
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `palette-${at}` : undefined}
          placeholder={t('palette.placeholder')}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" className="palette-list" role="listbox" aria-label={t('palette.title')}>
        {hits.map((hit, index) => (
          <div
            key={hitKey(hit)}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            aria-disabled={(hit.type === 'command' && hit.command.disabledReason !== undefined) || undefined}
            className="palette-hit"
            onPointerMove={() => index !== at && setActive(index)}
            onClick={() => choose(hit)}
            onKeyDown={undefined}
          >
            <HitLine hit={hit} />
          </div>
        ))}
      </div>
      {hits.length === 0 && <p className="palette-nothing">{t('palette.nothing', { query })}</p>}
      <p className="palette-hint" role="status">
        {query === '' ? t('palette.hint') : t('palette.results', { count: hits.length })}
      </p>
    </>
  );
}

/** Finds guests, nodes, storages and actions by a few letters. */
export function CommandPalette(props: {
  readonly isOpen: boolean;
  readonly recent: readonly EntityId[];
  readonly onClose: () => void;
}) {
  const { t } = useI18n();
  const { onClose } = props;
  const change = useCallback((isOpen: boolean) => !isOpen && onClose(), [onClose]);
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={change}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog palette" aria-label={t('palette.title')}>
          <PaletteBody recent={props.recent} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
