import { useMemo } from 'react';
import type { Command } from '../lib/commands.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { navigate } from '../lib/navigation.ts';
import { useAppStores } from '../stores/app-stores.tsx';
import { areaName, areas } from './areas.tsx';

/** What the frame does for its own commands. */
export interface FrameActions {
  readonly openPalette: () => void;
  readonly showShortcuts: () => void;
  readonly toggleTree: () => void;
  readonly toggleTasks: () => void;
  readonly closePage: () => void;
}

/** The commands that are there on every screen. Ids shared with the native menu are the contract's window commands. */
export function useGlobalCommands(actions: FrameActions): readonly Command[] {
  const { t } = useI18n();
  const { client, preferences, session } = useAppStores();
  return useMemo((): readonly Command[] => {
    const refresh = (): void => {
      client.request('inventory.refresh', {}).catch((error: unknown) => session.report(error, 'inventory.refresh'));
    };
    const theme = (value: 'system' | 'light' | 'dark') => () => preferences.set({ theme: value });
    return [
      ...areas.map((area): Command => ({
        id: area.id === 'settings' ? 'settings.open' : `go.${area.id}`,
        group: 'go',
        title: t(areaName(area)),
        shortcut: area.shortcut,
        run: () => navigate(area.route),
      })),
      {
        id: 'connection.add',
        group: 'connection',
        title: t('command.addConnection'),
        run: () => navigate({ page: 'connection-new' }),
      },
      { id: 'connection.refresh', group: 'connection', title: t('command.refresh'), shortcut: 'F5', run: refresh },
      { id: 'palette.open', group: 'view', title: t('command.palette'), shortcut: 'Mod+K', run: actions.openPalette },
      { id: 'shortcuts.show', group: 'view', title: t('shortcuts.title'), shortcut: '?', run: actions.showShortcuts },
      {
        id: 'licences.show',
        group: 'view',
        title: t('settings.licences'),
        run: () => navigate({ page: 'settings', section: 'licences' }),
      },
      { id: 'view.tree', group: 'view', title: t('command.toggleTree'), shortcut: 'Mod+B', run: actions.toggleTree },
      { id: 'view.tasks', group: 'view', title: t('command.toggleTasks'), shortcut: 'Mod+J', run: actions.toggleTasks },
      { id: 'page.close', group: 'view', title: t('command.closeTab'), shortcut: 'Alt+W', run: actions.closePage },
      { id: 'go.back', group: 'go', title: t('command.back'), shortcut: 'Alt+ArrowLeft', run: () => history.back() },
      {
        id: 'go.forward',
        group: 'go',
        title: t('command.forward'),
        shortcut: 'Alt+ArrowRight',
        run: () => history.forward(),
      },
      { id: 'view.light', group: 'view', title: t('command.themeLight'), run: theme('light') },
      { id: 'view.dark', group: 'view', title: t('command.themeDark'), run: theme('dark') },
      { id: 'view.system', group: 'view', title: t('command.themeSystem'), run: theme('system') },
    ];
  }, [actions, client, preferences, session, t]);
}
