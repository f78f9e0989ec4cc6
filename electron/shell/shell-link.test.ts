import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRpcConnection, type RpcConnection } from '../../renderer/rpc/client.ts';
import { MessagePortLink } from '../../renderer/rpc/message-port-link.ts';
import { createApp } from '../assembly/create-app.ts';
import { bridgeChannels } from '../contract/electron-bridge.ts';
import { contract, contractVersion, type Contract } from '../contract/rpc/table.ts';
import { RpcServer } from '../core/api/rpc-server.ts';
import { ElectronStandIn, type StandInPort } from '../testing/electron-stand-in.ts';
import { pageOrigin, pageUrl } from './page.ts';
import { runShell } from './run-shell.ts';

/** The real core and the real client of the window, joined by the shell over a port. Only Electron itself is a stand-in. */
let folder: string;
let electron: ElectronStandIn;
const connections: RpcConnection<Contract>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelhouse-shell-link-'));
  electron = new ElectronStandIn();
  await runShell({
    electron: electron.apis,
    platform: 'linux',
    profilePath: folder,
    rendererFolder: folder,
    preloadPath: '/app/preload.cjs',
    iconPath: '/app/icon.png',
    openDemonstration: false,
    createApp,
    createServer: (handlers, log) => new RpcServer({ table: contract, handlers, version: contractVersion, log }),
    createVault: () => Promise.resolve(undefined),
    reportStartFailure: (error) => {
      throw error;
    },
  });
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.dispose();
  electron.app.quit();
  await vi.waitUntil(() => electron.app.calls.includes('ended'));
  await rm(folder, { recursive: true, force: true });
});

/** What the preload does: asks, and hands the port that comes to the page. */
function openPort(): Promise<MessagePortLink> {
  const [window] = electron.windows;
  return new Promise((resolve) => {
    const senderFrame = {
      url: pageUrl,
      origin: pageOrigin,
      parent: null,
      postMessage: (_channel: string, _message: unknown, [port]: StandInPort[]) => {
        if (port !== undefined) resolve(new MessagePortLink(port.asPagePort));
      },
    };
    electron.ipcMain.emit(bridgeChannels.connect, { sender: { id: window?.webContents.id }, senderFrame });
  });
}

function connect(rendererId = 'window-one'): RpcConnection<Contract> {
  const connection = createRpcConnection({
    table: contract,
    version: contractVersion,
    rendererId,
    openLink: openPort,
    validateFrames: true,
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return { dispose: () => clearTimeout(timer) };
    },
  });
  connections.push(connection);
  return connection;
}

describe('the window under Electron', () => {
  it('asks the core and is answered', async () => {
    expect(await connect().request('app.facts', {})).toMatchObject({
      host: 'electron',
      profilePath: folder,
      notifications: 'host',
    });
  });

  it('watches streams and gets the menu commands', async () => {
    const connection = connect();
    const frames: unknown[] = [];
    connection.stream('window.watchCommands', {}, (frame) => frames.push(frame));
    await expect.poll(() => frames).toEqual([{ sequence: 0 }]);
    const file = electron.menuTemplate.find(({ label }) => label === '&File');
    const [first] = Array.isArray(file?.submenu) ? file.submenu : [];
    first?.click?.({} as Electron.MenuItem, undefined, {});
    await expect.poll(() => frames).toEqual([{ sequence: 0 }, { sequence: 1, command: 'connection.add' }]);
  });

  it('carries bytes both ways', async () => {
    const channel = await connect().channel('diagnostics.echo', {});
    const got: number[] = [];
    channel.onChunk((chunk, consumed) => {
      got.push(...chunk);
      consumed();
    });
    await channel.write(new Uint8Array([1, 2, 255]));
    await expect.poll(() => got).toEqual([1, 2, 255]);
  });

  it('gives way to a newer link of the same window', async () => {
    const connection = connect();
    await connection.request('app.facts', {});
    const links: number[] = [];
    connection.onStateChange(({ phase }) => links.push(phase === 'open' ? 1 : 0));
    // As after a reload that the main process noticed late.
    await connect('window-one').request('app.facts', {});
    await expect.poll(() => links).toContain(0);
  });
});
