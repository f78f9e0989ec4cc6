import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText, root, say } from './house.mjs';

const folder = `${root}node_modules/electron`;
const triedFile = `${root}.cache/electron-fetch.json`;

/** By itself a start waits no longer than this for Electron; whoever asks for Electron waits for all of its 110 MB. */
const briefFetchMs = 10_000;
const patientFetchMs = 600_000;

/**
 * The path of Electron's program, or undefined. Found without importing the package `electron`, whose import downloads.
 * ELECTRON_OVERRIDE_DIST_PATH names a folder to take it from, as Electron's own command does.
 */
export function findElectron() {
  const name = readText(`${folder}/path.txt`) ?? programName();
  const path = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? `${folder}/dist`, name);
  return existsSync(path) ? path : undefined;
}

function programName() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/** Why Electron cannot show a window here, as half a sentence; undefined when nothing speaks against it. */
export function whyNoElectron() {
  if (process.platform !== 'linux') return undefined;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display here';
  // Chromium's sandbox refuses to run as root, and a control room without a sandbox is none.
  if (process.getuid?.() === 0) return 'Electron does not run as root';
  return undefined;
}

/** Tries to fetch Electron's program: once for each version by itself, and each time when it was asked for. */
export function fetchElectron(wasAskedFor) {
  const version = JSON.parse(readText(`${folder}/package.json`) ?? '{}').version;
  if (!wasAskedFor && JSON.parse(readText(triedFile) ?? '{}').version === version) {
    say(
      `Electron ${version} is not here; opening in the browser. "npm start -- --host electron" tries to fetch it again.`,
    );
    return undefined;
  }
  const timeout = wasAskedFor ? patientFetchMs : briefFetchMs;
  say(`Electron ${version} is not here yet; fetching it (110 MB, for at most ${timeout / 1000} s).`);
  const { status } = spawnSync(process.execPath, [`${folder}/install.js`], { timeout, stdio: 'ignore' });
  const found = status === 0 ? findElectron() : undefined;
  if (found !== undefined) return found;
  mkdirSync(`${root}.cache`, { recursive: true });
  writeFileSync(triedFile, JSON.stringify({ version }));
  say('Electron could not be fetched in that time. "npm start -- --host electron" tries again and waits longer.');
  return undefined;
}
