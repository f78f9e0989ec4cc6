import { useSyncExternalStore } from 'react';
import { commandGroups } from '../lib/commands.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { formatShortcut, isMacPlatform } from '../lib/shortcut.ts';
import { useAppStores } from '../stores/app-stores.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Kbd } from '../ui/kbd.tsx';
import './shortcuts-dialog.css';

/** Keys that belong to a control and not to a command. */
const fixedKeys = [
  ['shortcuts.move', '↑ ↓ Home End'],
  ['shortcuts.unfold', '← →'],
  ['shortcuts.openItem', 'Enter'],
  ['shortcuts.range', 'Shift+↑ ↓'],
  ['shortcuts.toggle', 'Space'],
  ['shortcuts.selectAll', 'Ctrl+A'],
  ['shortcuts.menu', 'Shift+F10'],
  ['shortcuts.back', 'Esc'],
] as const;

/** All shortcuts that work at present, from the command registry. */
export function ShortcutsDialog(props: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useI18n();
  const { commands } = useAppStores();
  const list = useSyncExternalStore(commands.subscribe, commands.list);
  const isMac = isMacPlatform();
  return (
    <Dialog isOpen={props.isOpen} size="medium" title={t('shortcuts.title')} onClose={props.onClose}>
      <div className="shortcuts" tabIndex={0}>
        {commandGroups.map((group) => {
          const inGroup = list.filter((command) => command.group === group && command.shortcut !== undefined);
          if (inGroup.length === 0) return null;
          return (
            <section key={group} aria-label={t(`command.group.${group}`)}>
              <h3>{t(`command.group.${group}`)}</h3>
              <dl>
                {inGroup.map((command) => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>
                      <Kbd keys={formatShortcut(command.shortcut ?? '', isMac)} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        <section aria-label={t('shortcuts.lists')}>
          <h3>{t('shortcuts.lists')}</h3>
          <dl>
            {fixedKeys.map(([key, keys]) => (
              <div key={key}>
                <dt>{t(key)}</dt>
                <dd>
                  <Kbd keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
