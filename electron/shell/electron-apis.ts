import type * as electron from 'electron';

/**
 * The part of Electron that the shell uses. Everything is handed in as this one object, so that the whole shell runs in tests
 * against a stand-in, and so that this list stays the honest answer to "what do we need of Electron?".
 */
export type ElectronApis = Pick<
  typeof electron,
  | 'app'
  | 'BrowserWindow'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'nativeTheme'
  | 'Notification'
  | 'protocol'
  | 'safeStorage'
  | 'screen'
  | 'session'
  | 'shell'
>;
