import * as electron from 'electron';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../assembly/create-app.ts';
import { defaultProfilePath } from '../assembly/default-profile-path.ts';
import { explainStartFailure } from '../assembly/start-failure.ts';
import { contract, contractVersion } from '../contract/rpc/table.ts';
import { RpcServer } from '../core/api/rpc-server.ts';
import { runShell } from './run-shell.ts';
import { createSafeStorageVault } from './safe-storage-vault.ts';

/** From the built file, dist/shell/main.js, in a checkout and inside the packed archive alike. */
const root = resolve(import.meta.dirname, '../..');

// Chromium's own switches stand among ours, so unknown ones are left alone.
const { values } = parseArgs({
  args: process.argv.slice(electron.app.isPackaged ? 1 : 2),
  options: { profile: { type: 'string' }, demo: { type: 'boolean', default: false } },
  strict: false,
  allowPositionals: true,
});

void runShell({
  electron,
  platform: process.platform,
  profilePath: resolve(typeof values.profile === 'string' ? values.profile : defaultProfilePath()),
  rendererFolder: join(root, 'dist', 'renderer'),
  preloadPath: join(root, 'dist', 'preload', 'preload.cjs'),
  iconPath: join(root, 'assets', 'icons', '512x512.png'),
  openDemonstration: values.demo === true,
  createApp,
  createServer: (handlers, log) => new RpcServer({ table: contract, handlers, version: contractVersion, log }),
  createVault: ({ safeStorage }, profilePath, onProblem) =>
    createSafeStorageVault(safeStorage, process.platform, profilePath, onProblem),
  reportStartFailure: (error) =>
    electron.dialog.showErrorBox('Wheelhouse', explainStartFailure(error) ?? error.message),
});
