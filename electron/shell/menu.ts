import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../contract/window-commands.ts';
import type { MenuTexts } from './menu-texts.ts';

/**
 * The native menu by the platform's habits: an application menu on macOS, settings under File elsewhere.
 * Commands that belong to the page are sent to it; the rest are roles, which Electron fills and translates.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  texts: MenuTexts,
  send: (command: WindowCommand) => void,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const item = (label: string, command: WindowCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => send(command),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const settings = item(texts.settings, 'settings.open', 'CmdOrCtrl+,');
  return [
    ...(isMac ? [applicationMenu(settings)] : []),
    {
      label: texts.file,
      submenu: [
        item(texts.addConnection, 'connection.add', 'CmdOrCtrl+N'),
        ...(isMac
          ? [separator, { role: 'close' } as const]
          : [separator, settings, separator, { role: 'quit' } as const]),
      ],
    },
    {
      label: texts.edit,
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: texts.view,
      submenu: [
        item(texts.palette, 'palette.open', 'CmdOrCtrl+K'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: texts.window,
      role: 'window',
      submenu: isMac
        ? [{ role: 'minimize' }, { role: 'zoom' }, separator, { role: 'front' }]
        : [{ role: 'minimize' }, { role: 'close' }],
    },
    {
      label: texts.help,
      role: 'help',
      submenu: [
        item(texts.shortcuts, 'shortcuts.show'),
        item(texts.licences, 'licences.show'),
        ...(isMac ? [] : [separator, { role: 'about' } as const]),
      ],
    },
  ];
}

function applicationMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}
