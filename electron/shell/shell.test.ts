import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { App, AppNotification, AppOptions } from '../assembly/create-app.ts';
import { AppError } from '../contract/errors.ts';
import { bridgeChannels } from '../contract/electron-bridge.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import type { WindowCommandFrame } from '../contract/window-commands.ts';
import { ElectronStandIn, type StandInPort, type StandInWindow } from '../testing/electron-stand-in.ts';
import { pageOrigin, pageUrl } from './page.ts';
import { runShell, type ShellOptions } from './run-shell.ts';

interface Started {
  readonly electron: ElectronStandIn;
  readonly served: { readonly handlers: ContractHandlers; readonly link: FrameLink }[];
  readonly log: string[];
  readonly created: AppOptions[];
  readonly failures: AppError[];
  readonly core: { isClosed: boolean; notify(notification: AppNotification): void };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelhouse-shell-'));
  await mkdir(join(folder, 'page'));
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html><title>Wheelhouse</title>');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function start(
  change: (electron: ElectronStandIn) => Partial<ShellOptions> | void = () => undefined,
): Promise<Started> {
  const electron = new ElectronStandIn();
  const listeners = new Set<(notification: AppNotification) => void>();
  const core = {
    isClosed: false,
    notify: (notification: AppNotification) => listeners.forEach((listener) => listener(notification)),
  };
  const started: Started = { electron, served: [], log: [], created: [], failures: [], core };
  const app: App = {
    log: (_level, event, fields) => void started.log.push(`${event} ${JSON.stringify(fields ?? {})}`),
    handlers: {} as ContractHandlers,
    onNotify: (listener) => (listeners.add(listener), { dispose: () => listeners.delete(listener) }),
    close: () => ((core.isClosed = true), Promise.resolve()),
  };
  const overrides = change(electron) ?? {};
  await runShell({
    electron: electron.apis,
    platform: 'linux',
    profilePath: folder,
    rendererFolder: join(folder, 'page'),
    preloadPath: '/app/preload.cjs',
    iconPath: '/app/icon.png',
    openDemonstration: false,
    createApp: (options) => (started.created.push(options), Promise.resolve(app)),
    createServer: (handlers) => ({
      accept: (link) => void started.served.push({ handlers, link }),
      dispose: () => undefined,
    }),
    createVault: () => Promise.resolve(undefined),
    reportStartFailure: (error) => void started.failures.push(error),
    ...overrides,
  });
  return started;
}

const onlyWindow = ({ electron }: Started): StandInWindow => {
  expect(electron.windows).toHaveLength(1);
  return electron.windows[0]!;
};

/** Plays the preload: sends the connect message from a frame of the given window. */
function connectFrom(
  started: Started,
  window: StandInWindow,
  frame: { url?: string; origin?: string; parent?: object | null } = {},
  rest: unknown[] = [],
): StandInPort[] {
  const received: StandInPort[] = [];
  const senderFrame = {
    url: frame.url ?? pageUrl,
    origin: frame.origin ?? pageOrigin,
    parent: frame.parent ?? null,
    postMessage: (channel: string, _message: unknown, ports: StandInPort[]) => {
      expect(channel).toBe(bridgeChannels.port);
      received.push(...ports);
    },
  };
  started.electron.ipcMain.emit(
    bridgeChannels.connect,
    { sender: { id: window.webContents.id }, senderFrame },
    ...rest,
  );
  return received;
}

const nextEvent = <T>(register: (listener: (value: T) => void) => void): Promise<T> =>
  new Promise((resolve) => register(resolve));

describe('the window', () => {
  it('is isolated, sandboxed, without Node, and loads our own page', async () => {
    const started = await start();
    const window = onlyWindow(started);
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      preload: '/app/preload.cjs',
    });
    expect(window.loadedUrl).toBe(pageUrl);
    expect(started.electron.app.calls.slice(0, 2)).toEqual(['enableSandbox', 'whenReady']);
  });

  it('comes back where it was closed', async () => {
    const first = await start();
    onlyWindow(first).bounds = { x: 111, y: 222, width: 1234, height: 777 };
    onlyWindow(first).maximized = true;
    onlyWindow(first).close();
    await expect.poll(() => readFile(join(folder, 'window.json'), 'utf8').catch(() => '')).toContain('1234');
    const second = await start();
    expect(onlyWindow(second).options).toMatchObject({ x: 111, y: 222, width: 1234, height: 777 });
    expect(onlyWindow(second).maximized).toBe(true);
  });

  it('keeps its size but not its place when that display is gone', async () => {
    await writeFile(
      join(folder, 'window.json'),
      JSON.stringify({ bounds: { x: 5000, y: 0, width: 1200, height: 800 }, isMaximized: false, isFullScreen: false }),
    );
    const options = onlyWindow(await start()).options;
    expect(options).toMatchObject({ width: 1200, height: 800 });
    expect(options).not.toHaveProperty('x');
  });

  it.each(['{', '{"bounds":{"x":0,"y":0,"width":1,"height":1}}', '[]'])(
    'opens in its first size when the file says %s',
    async (text) => {
      await writeFile(join(folder, 'window.json'), text);
      expect(onlyWindow(await start()).options).toMatchObject({ width: 1440, height: 900 });
    },
  );
});

describe('one instance', () => {
  it('a second start ends at once and opens nothing', async () => {
    const started = await start((electron) => void (electron.app.hasLock = false));
    expect(started.electron.windows).toEqual([]);
    expect(started.created).toEqual([]);
    expect(started.electron.app.calls).toContain('ended');
  });

  it('a second start brings the first window to the front', async () => {
    const started = await start();
    started.electron.app.emit('second-instance');
    await expect.poll(() => onlyWindow(started).calls).toContain('focus');
  });

  it('is bound to the profile', async () => {
    expect((await start()).electron.app.paths.get('userData')).toBe(folder);
  });
});

describe('what a page cannot do', () => {
  it.each([
    'https://evil.example/',
    'file:///etc/passwd',
    'wheelhouse://application/index.html',
    'wheelhouse://app.evil/',
  ])('does not navigate to %s', async (url) => {
    const started = await start();
    let isPrevented = false;
    onlyWindow(started).webContents.emit('will-navigate', { url, preventDefault: () => (isPrevented = true) });
    expect(isPrevented).toBe(true);
  });

  it('opens no window; https links go to the browser, everything else nowhere', async () => {
    const started = await start();
    const open = onlyWindow(started).webContents.openHandler;
    for (const url of [
      'https://pve.proxmox.com/',
      'http://plain.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'smb://x/',
      'nonsense',
    ])
      expect(open?.({ url })).toEqual({ action: 'deny' });
    expect(started.electron.openedOutside).toEqual(['https://pve.proxmox.com/']);
  });

  it('attaches no webview', async () => {
    const started = await start();
    let isPrevented = false;
    onlyWindow(started).webContents.emit('will-attach-webview', { preventDefault: () => (isPrevented = true) });
    expect(isPrevented).toBe(true);
  });
});

describe('the page', () => {
  const get = async (started: Started, url: string, method = 'GET'): Promise<Response> =>
    started.electron.protocolHandlers.get('wheelhouse')!(new Request(url, { method }));

  it('is served under its own secure scheme with a strict policy', async () => {
    const started = await start();
    expect(started.electron.privilegedSchemes).toEqual([
      expect.objectContaining({
        scheme: 'wheelhouse',
        privileges: expect.objectContaining({ standard: true, secure: true }) as unknown,
      }),
    ]);
    const answer = await get(started, pageUrl);
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self';");
    expect(await answer.text()).toContain('<title>Wheelhouse</title>');
  });

  it.each([
    ['another host', 'wheelhouse://other/index.html', 'GET', 404],
    ['a path outside', 'wheelhouse://app/..%2f..%2fwindow.json', 'GET', 404],
    ['a link that leads outside', 'wheelhouse://app/outside.json', 'GET', 404],
    ['a type we do not serve', 'wheelhouse://app/secret.txt', 'GET', 404],
    ['bad percent-encoding', 'wheelhouse://app/%E0%A4%A.js', 'GET', 404],
    ['a missing file', 'wheelhouse://app/none.js', 'GET', 404],
    ['a write', pageUrl, 'POST', 405],
  ])('refuses %s', async (_what, url, method, status) => {
    await writeFile(join(folder, 'window.json'), '{}');
    await writeFile(join(folder, 'page', 'secret.txt'), 'x');
    await symlink(join(folder, 'window.json'), join(folder, 'page', 'outside.json'));
    expect((await get(await start(), url, method)).status).toBe(status);
  });
});

describe('the link', () => {
  it('carries text and bytes both ways and tells the end once', async () => {
    const started = await start();
    const [port] = connectFrom(started, onlyWindow(started));
    const { link } = started.served[0]!;
    port!.start();
    const arrived = nextEvent<string | Uint8Array>((listener) => link.onFrame(listener));
    port!.postMessage('hello');
    expect(await arrived).toBe('hello');
    const back = nextEvent<{ data: unknown }>((listener) => port!.on('message', listener));
    link.send(new Uint8Array([1, 2, 3]));
    expect((await back).data).toEqual(new Uint8Array([1, 2, 3]));
    const closed: string[] = [];
    const ended = nextEvent<string>((listener) => link.onClosed((reason) => (closed.push(reason), listener(reason))));
    port!.close();
    await ended;
    link.close('again');
    expect(closed).toHaveLength(1);
    expect(() => link.send('late')).toThrow(AppError);
  });

  it('ends when something else than text or bytes arrives', async () => {
    const started = await start();
    const [port] = connectFrom(started, onlyWindow(started));
    port!.start();
    const ended = nextEvent<string>((listener) => started.served[0]!.link.onClosed(listener));
    port!.postMessage({ method: 'guest.stop' });
    expect(await ended).toContain('neither text nor bytes');
  });

  it.each([
    ['a subframe', { parent: {} }, []],
    ['another page', { url: 'https://evil.example/', origin: 'https://evil.example' }, []],
    [
      'a page whose address only begins like ours',
      { url: 'wheelhouse://app.evil/', origin: 'wheelhouse://app.evil' },
      [],
    ],
    ['a message with arguments', {}, ['anything']],
  ])('is refused to %s', async (_who, frame, rest) => {
    const started = await start();
    expect(connectFrom(started, onlyWindow(started), frame, rest)).toEqual([]);
    expect(started.served).toEqual([]);
    expect(started.log.join()).toContain('link-refused');
  });

  it('is refused to contents that are not our window', async () => {
    const started = await start();
    started.electron.ipcMain.emit(bridgeChannels.connect, {
      sender: { id: 999_999 },
      senderFrame: { url: pageUrl, origin: pageOrigin, parent: null },
    });
    expect(started.served).toEqual([]);
  });
});

describe('the menu', () => {
  const labels = (items: Electron.MenuItemConstructorOptions[]): string[] =>
    items.flatMap((item) => [
      item.label ?? item.role ?? '',
      ...(Array.isArray(item.submenu) ? labels(item.submenu) : []),
    ]);
  const find = (
    items: Electron.MenuItemConstructorOptions[],
    label: string,
  ): Electron.MenuItemConstructorOptions | undefined =>
    items
      .map((item) =>
        item.label === label ? item : Array.isArray(item.submenu) ? find(item.submenu, label) : undefined,
      )
      .find((item) => item !== undefined);

  it('follows the platform and the language', async () => {
    expect(labels((await start()).electron.menuTemplate)).toEqual(
      expect.arrayContaining(['&File', 'Settings…', 'quit', 'about']),
    );
    expect(labels((await start(() => ({ platform: 'darwin' }))).electron.menuTemplate)).toEqual(
      expect.arrayContaining(['appMenu', 'services', 'hideOthers']),
    );
    expect(labels((await start((electron) => void (electron.app.locale = 'de-AT'))).electron.menuTemplate)).toEqual(
      expect.arrayContaining(['Verbindung hinzufügen …']),
    );
  });

  it('reaches the window as a command that is obeyed once', async () => {
    const started = await start();
    connectFrom(started, onlyWindow(started));
    const frames: WindowCommandFrame[] = [];
    const watch = started.served[0]!.handlers['window.watchCommands'];
    const context = { signal: new AbortController().signal, rendererId: 'r' };
    const first = watch({}, (frame) => frames.push(frame), context);
    find(started.electron.menuTemplate, 'Settings…')!.click!({} as Electron.MenuItem, undefined, {});
    first.dispose();
    watch({}, (frame) => frames.push(frame), context);
    expect(frames).toEqual([{ sequence: 0 }, { sequence: 1, command: 'settings.open' }, { sequence: 1 }]);
  });
});

describe('start and end', () => {
  it('tells why it cannot start, and opens nothing', async () => {
    const inUse = new AppError('profile.in-use', 'in use', { path: '/p', pid: 7 });
    const started = await start(() => ({ createApp: () => Promise.reject(inUse) }));
    expect(started.failures).toEqual([inUse]);
    expect(started.electron.windows).toEqual([]);
    expect(started.electron.app.calls).toContain('exit 1');
  });

  it('writes everything down before it ends', async () => {
    const started = await start();
    started.electron.app.emit('window-all-closed');
    await expect.poll(() => started.electron.app.calls).toContain('ended');
    expect(started.core.isClosed).toBe(true);
  });

  it('stays in the dock on macOS and opens a new window when asked', async () => {
    const started = await start(() => ({ platform: 'darwin' }));
    onlyWindow(started).close();
    started.electron.app.emit('window-all-closed');
    expect(started.electron.app.calls).not.toContain('quit');
    started.electron.app.emit('activate');
    await expect.poll(() => started.electron.windows).toHaveLength(2);
  });

  it('shows a notification only while the window is not in front, and a click brings it there', async () => {
    const started = await start();
    onlyWindow(started).focused = true;
    started.core.notify({ type: 'message', title: 'a', body: 'b' });
    onlyWindow(started).focused = false;
    started.core.notify({ type: 'message', title: 'Backup ended', body: 'web-01' });
    expect(started.electron.notifications.map((shown) => shown.options)).toEqual([
      { title: 'Backup ended', body: 'web-01' },
    ]);
    started.electron.notifications[0]!.emit('click');
    await expect.poll(() => onlyWindow(started).calls).toContain('focus');
  });
});
