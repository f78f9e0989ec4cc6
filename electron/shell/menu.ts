import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../contract/window-commands.ts';
import type { MenuTexts } from './menu-texts.ts';

type Send = (command: WindowCommand) => void;
type MenuItems = MenuItemConstructorOptions[];

const separator: MenuItemConstructorOptions = { type: 'separator' };

/**
 * The native menu by the platform's habits: an application menu on macOS, settings under File elsewhere.
 * Commands that belong to the page are sent to it; the rest are roles, which Electron fills and translates.
 */
export function menuTemplate(platform: NodeJS.Platform, texts: MenuTexts, send: Send): MenuItems {
  const isMac = platform === 'darwin';
  const settings = command(texts.settings, 'settings.open', send, 'CmdOrCtrl+,');
  const addConnection = command(texts.addConnection, 'connection.add', send, 'CmdOrCtrl+N');
  return [
    ...(isMac ? [applicationMenu(settings)] : []),
    {
      label: texts.file,
      submenu: isMac
        ? [addConnection, separator, { role: 'close' }]
        : [addConnection, separator, settings, separator, { role: 'quit' }],
    },
    { label: texts.edit, submenu: editItems() },
    { label: texts.view, submenu: viewItems(texts, send) },
    {
      label: texts.window,
      role: 'window',
      submenu: isMac
        ? [{ role: 'minimize' }, { role: 'zoom' }, separator, { role: 'front' }]
        : [{ role: 'minimize' }, { role: 'close' }],
    },
    { label: texts.help, role: 'help', submenu: helpItems(isMac, texts, send) },
  ];
}

function command(label: string, name: WindowCommand, send: Send, accelerator?: string): MenuItemConstructorOptions {
  return { label, ...(accelerator === undefined ? {} : { accelerator }), click: () => send(name) };
}

function editItems(): MenuItems {
  return [
    { role: 'undo' },
    { role: 'redo' },
    separator,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
}

function viewItems(texts: MenuTexts, send: Send): MenuItems {
  return [
    command(texts.palette, 'palette.open', send, 'CmdOrCtrl+K'),
    separator,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
  ];
}

function helpItems(isMac: boolean, texts: MenuTexts, send: Send): MenuItems {
  return [
    command(texts.shortcuts, 'shortcuts.show', send),
    command(texts.licences, 'licences.show', send),
    ...(isMac ? [] : [separator, { role: 'about' } as const]),
  ];
}

function applicationMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
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
