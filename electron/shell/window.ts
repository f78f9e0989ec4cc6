import type { BrowserWindow } from 'electron';
import type { ElectronApis } from './electron-apis.ts';
import { pageUrl } from './page.ts';
import { readWindowState, saveWindowState } from './window-state.ts';

/** The base surface of each theme (docs/design.md), so that the window does not flash before the page has painted. */
const baseSurface = { light: '#ffffff', dark: '#16181c' };

/**
 * Opens the window where it was, shows it when it has something to show, and remembers its place when it closes.
 * `onCreated` is told before the page loads: the page asks for its link while it loads, and must be known by then.
 */
export async function openWindow(
  { BrowserWindow, nativeTheme, screen }: Pick<ElectronApis, 'BrowserWindow' | 'nativeTheme' | 'screen'>,
  paths: { readonly profile: string; readonly preload: string; readonly icon: string },
  onCreated: (window: BrowserWindow) => void,
): Promise<void> {
  const state = await readWindowState(paths.profile, screen);
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: 800,
    minHeight: 560,
    show: false,
    title: 'Wheelhouse',
    icon: paths.icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? baseSurface.dark : baseSurface.light,
    fullscreen: state.isFullScreen ?? false,
    webPreferences: {
      preload: paths.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  onCreated(window);
  if (state.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', () => void saveWindowState(paths.profile, window));
  await window.loadURL(pageUrl);
}
