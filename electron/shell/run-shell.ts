import type { BrowserWindow } from 'electron';
import type { App, AppNotification, AppOptions } from '../assembly/create-app.ts';
import type { Disposable } from '../contract/disposable.ts';
import { toAppError, type AppError } from '../contract/errors.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';
import { silentLog, type Log } from '../core/ports/log.ts';
import type { ElectronApis } from './electron-apis.ts';
import { lockDown } from './lockdown.ts';
import { menuTextsFor } from './menu-texts.ts';
import { menuTemplate } from './menu.ts';
import { createMenuCommands } from './menu-commands.ts';
import { registerPageScheme, servePage } from './page.ts';
import { openWindow } from './window.ts';
import { acceptWindowLinks } from './window-links.ts';

/** What the shell is started with. Paths are absolute. */
export interface ShellOptions {
  readonly electron: ElectronApis;
  readonly platform: NodeJS.Platform;
  readonly profilePath: string;
  readonly rendererFolder: string;
  readonly preloadPath: string;
  readonly iconPath: string;
  readonly openDemonstration: boolean;
  /** The core; handed in so that the shell can be tested without hosts. */
  createApp(options: AppOptions): Promise<App>;
  /** The answering end of the contract: takes one link for each window. */
  createServer(handlers: ContractHandlers, log: Log): Disposable & { accept(link: FrameLink): void };
  /** Electron's secret store as a vault, or undefined where only plain text would be kept. Called once the app is ready. */
  createVault(
    electron: ElectronApis,
    profilePath: string,
    onProblem: (error: AppError) => void,
  ): Promise<AppOptions['vault']>;
  /** Says in a native box why the app cannot start; there is no window yet to say it in. */
  reportStartFailure(error: AppError): void;
}

/**
 * The whole life of the Electron app: one instance for a profile, one window, the core behind it.
 * Resolves when the window is open, or at once in a second instance, which only brings the first to the front.
 */
export async function runShell(options: ShellOptions): Promise<void> {
  const { app, protocol } = options.electron;
  app.enableSandbox();
  registerPageScheme(protocol);
  // The lock lives in userData, so two profiles are two instances.
  app.setPath('userData', options.profilePath);
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  await app.whenReady();
  try {
    await startApp(options);
  } catch (error) {
    options.reportStartFailure(toAppError(error, 'shell start'));
    app.exit(1);
  }
}

async function startApp(options: ShellOptions): Promise<void> {
  const { electron } = options;
  const problems: AppError[] = [];
  // Those of the start wait for the app that can tell them.
  let onProblem = (error: AppError): void => void problems.push(error);
  const vault = await options.createVault(electron, options.profilePath, (error) => onProblem(error));
  const core = await options.createApp({
    profilePath: options.profilePath,
    host: 'electron',
    version: electron.app.getVersion(),
    openDemonstration: options.openDemonstration,
    ...(vault === undefined ? {} : { vault }),
  });
  const log = core.log ?? silentLog;
  onProblem = (error) => {
    log('warning', 'vault-problem', { code: error.code, data: error.data });
    core.addNotice?.(error);
  };
  problems.forEach((error) => onProblem(error));
  lockDown(electron, (what) => log('warning', 'shell-refused', { what }));
  const commands = createMenuCommands();
  const handlers: ContractHandlers = { ...core.handlers, 'window.watchCommands': commands.watch };
  const server = options.createServer(handlers, log);
  servePage(electron.protocol, options.rendererFolder);

  const main = createMainWindow(options, log);
  acceptWindowLinks(
    electron,
    (id) => main.current()?.webContents.id === id,
    (link) => server.accept(link),
    (reason) => log('warning', 'link-refused', { reason }),
  );
  core.onNotify((notification) => notify(electron, notification, main));
  const template = menuTemplate(options.platform, menuTextsFor(electron.app.getLocale()), (command) => {
    main.showInBackground();
    commands.send(command);
  });
  electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(template));
  electron.app.on('second-instance', main.showInBackground);
  electron.app.on('activate', main.showInBackground);
  // macOS keeps an app without windows in the dock; elsewhere closing the window is leaving.
  electron.app.on('window-all-closed', () => {
    if (options.platform !== 'darwin') electron.app.quit();
  });
  closeBeforeQuit(
    electron.app,
    () => {
      server.dispose();
      return core.close();
    },
    log,
  );
  await main.show();
}

/** The one window: opened when it is wanted and not there, else brought to the front. */
interface MainWindow {
  current(): BrowserWindow | undefined;
  show(): Promise<void>;
  /** As `show`, for event handlers; a failure is logged. */
  readonly showInBackground: () => void;
}

function createMainWindow({ electron, profilePath, preloadPath, iconPath }: ShellOptions, log: Log): MainWindow {
  let window: BrowserWindow | undefined;
  const show = async (): Promise<void> => {
    if (window !== undefined) {
      bringToFront(window);
      return;
    }
    await openWindow(electron, { profile: profilePath, preload: preloadPath, icon: iconPath }, (opened) => {
      window = opened;
      opened.on('closed', () => {
        window = undefined;
      });
    });
  };
  const showInBackground = (): void => {
    show().catch((error: unknown) => log('error', 'window-failed', { error: String(error) }));
  };
  return { current: () => window, show, showInBackground };
}

/** Holds the first quit back until everything is written down. */
function closeBeforeQuit(app: ElectronApis['app'], close: () => Promise<void>, log: Log): void {
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    isClosed = true;
    close()
      .catch((error: unknown) => log('error', 'close-failed', { error: String(error) }))
      .finally(() => app.quit());
  });
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Shows what the window worded, unless it is in front of the user anyway. */
function notify({ Notification }: ElectronApis, notification: AppNotification, main: MainWindow): void {
  if (notification.type !== 'message' || main.current()?.isFocused() === true || !Notification.isSupported()) return;
  const shown = new Notification({ title: notification.title, body: notification.body });
  shown.on('click', main.showInBackground);
  shown.show();
}
