import { EventEmitter } from 'node:events';
import type { ElectronApis } from '../shell/electron-apis.ts';

/**
 * A stand-in of the few Electron APIs that the shell uses, for tests in plain Node. It keeps what it is told and lets a test
 * play the system's side (a click, a second instance, a page that asks for a permission). Behaviour follows Electron's own
 * documentation and types; what it cannot prove is listed in docs/electron.md.
 */
export class ElectronStandIn {
  readonly app = new StandInApp();
  readonly ipcMain = new EventEmitter();
  readonly windows: StandInWindow[] = [];
  readonly notifications: StandInNotification[] = [];
  readonly session = { defaultSession: new StandInSession() };
  readonly protocolHandlers = new Map<string, (request: Request) => Promise<Response>>();
  readonly privilegedSchemes: { readonly scheme: string; readonly privileges?: Readonly<Record<string, boolean>> }[] =
    [];
  readonly openedOutside: string[] = [];
  menuTemplate: Electron.MenuItemConstructorOptions[] = [];
  displays = [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }];
  /** Prefixes instead of encrypting, so that a test sees that the plain text was handed over and not kept. */
  readonly safeStorage = new StandInSafeStorage();

  /** The object that the shell is given. The cast is the one place where the stand-in claims to be Electron. */
  get apis(): ElectronApis {
    return apisOf(this);
  }
}

function apisOf(owner: ElectronStandIn): ElectronApis {
  const apis = {
    app: owner.app,
    ipcMain: owner.ipcMain,
    session: owner.session,
    safeStorage: owner.safeStorage,
    nativeTheme: { shouldUseDarkColors: true },
    screen: { getAllDisplays: () => owner.displays },
    shell: { openExternal: (url: string) => (owner.openedOutside.push(url), Promise.resolve()) },
    protocol: {
      registerSchemesAsPrivileged: (schemes: typeof owner.privilegedSchemes) =>
        void owner.privilegedSchemes.push(...schemes),
      handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
        void owner.protocolHandlers.set(scheme, handler),
    },
    Menu: {
      buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
      setApplicationMenu: (template: Electron.MenuItemConstructorOptions[]) => void (owner.menuTemplate = template),
    },
    MessageChannelMain: StandInChannel,
    BrowserWindow: class extends StandInWindow {
      constructor(options: Electron.BrowserWindowConstructorOptions) {
        super(options);
        owner.windows.push(this);
        owner.app.emit('web-contents-created', {}, this.webContents);
      }
    },
    Notification: class extends StandInNotification {
      static isSupported(): boolean {
        return true;
      }
      constructor(options: { title: string; body: string }) {
        super(options);
        owner.notifications.push(this);
      }
    },
  };
  return apis as unknown as ElectronApis;
}

class StandInApp extends EventEmitter {
  hasLock = true;
  locale = 'en-GB';
  readonly calls: string[] = [];
  readonly paths = new Map<string, string>();
  enableSandbox(): void {
    this.calls.push('enableSandbox');
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  requestSingleInstanceLock(): boolean {
    return this.hasLock;
  }
  whenReady(): Promise<void> {
    this.calls.push('whenReady');
    return Promise.resolve();
  }
  getVersion(): string {
    return '0.0.0-test';
  }
  getLocale(): string {
    return this.locale;
  }
  /** As Electron: `will-quit` may be prevented, else the process would end. */
  quit(): void {
    this.calls.push('quit');
    let isPrevented = false;
    this.emit('will-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) this.calls.push('ended');
  }
  exit(code: number): void {
    this.calls.push(`exit ${code}`);
  }
}

class StandInSession extends EventEmitter {
  permissionRequest:
    | ((
        contents: unknown,
        permission: string,
        answer: (granted: boolean) => void,
        details: { requestingUrl: string; isMainFrame: boolean },
      ) => void)
    | undefined;
  permissionCheck:
    ((contents: unknown, permission: string, origin: string, details: { isMainFrame: boolean }) => boolean) | undefined;
  devicePermission: (() => boolean) | undefined;
  setPermissionRequestHandler(handler: NonNullable<StandInSession['permissionRequest']>): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: NonNullable<StandInSession['permissionCheck']>): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.devicePermission = handler;
  }
}

let lastContentsId = 0;

/** The page of a window, as the main process sees it. */
export class StandInContents extends EventEmitter {
  readonly id = ++lastContentsId;
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  setWindowOpenHandler(handler: NonNullable<StandInContents['openHandler']>): void {
    this.openHandler = handler;
  }
}

/** A window that exists on paper. */
export class StandInWindow extends EventEmitter {
  readonly webContents = new StandInContents();
  readonly calls: string[] = [];
  bounds = { x: 10, y: 20, width: 1000, height: 700 };
  loadedUrl = '';
  maximized = false;
  focused = false;

  constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
    super();
  }
  loadURL(url: string): Promise<void> {
    this.loadedUrl = url;
    this.emit('ready-to-show');
    return Promise.resolve();
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  restore(): void {
    this.calls.push('restore');
  }
  maximize(): void {
    this.maximized = true;
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isFullScreen(): boolean {
    return false;
  }
  isFocused(): boolean {
    return this.focused;
  }
  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }
  /** The user closes the window. */
  close(): void {
    this.emit('close', {});
    this.emit('closed');
  }
}

class StandInNotification extends EventEmitter {
  isShown = false;
  constructor(readonly options: { title: string; body: string }) {
    super();
  }
  show(): void {
    this.isShown = true;
  }
}

/** MessageChannelMain over Node's own MessageChannel: real copying of what is sent, real closing. */
class StandInChannel {
  readonly port1: StandInPort;
  readonly port2: StandInPort;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new StandInPort(port1);
    this.port2 = new StandInPort(port2);
  }
}

/** MessagePortMain has Node's EventEmitter interface, and events carry `{data}`. */
export class StandInPort extends EventEmitter {
  readonly #port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.#port = port;
  }
  /** The port as the page gets it: a MessagePort of the web, not Electron's. */
  get asPagePort(): MessagePort {
    return this.#port;
  }
  start(): void {
    this.#port.addEventListener('message', (event: MessageEvent<unknown>) =>
      this.emit('message', { data: event.data, ports: [] }),
    );
    (this.#port as unknown as EventEmitter).on('close', () => this.emit('close'));
    this.#port.start();
  }
  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }
  close(): void {
    this.#port.close();
  }
}

class StandInSafeStorage {
  isAvailable = true;
  backend = 'gnome_libsecret';
  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isAvailable);
  }
  getSelectedStorageBackend(): string {
    return this.backend;
  }
  encryptStringAsync(text: string): Promise<Buffer> {
    return Promise.resolve(Buffer.from([...Buffer.from(text, 'utf8')].map((byte) => byte ^ 0x5a)));
  }
  decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    if (encrypted.length === 0) return Promise.reject(new Error('Error while decrypting the ciphertext'));
    return Promise.resolve({
      shouldReEncrypt: false,
      result: Buffer.from([...encrypted].map((byte) => byte ^ 0x5a)).toString('utf8'),
    });
  }
}
