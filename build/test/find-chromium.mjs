import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from '../start/house.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of a Chromium for the browser tests; Debian's package is installed where that is possible. Else `why` says how to get one. */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found !== undefined) return { path: found };
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get'))
    return { why: 'there is no Chromium here; install one, or name one with CHROMIUM_PATH' };
  if (process.getuid() !== 0)
    return {
      why: 'there is no Chromium here; install it with "sudo apt-get install chromium", or name one with CHROMIUM_PATH',
    };
  say("Installing Debian's package chromium for the browser tests.");
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-q'], options);
  spawnSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], options);
  const installed = findChromium();
  return installed === undefined
    ? { why: "Debian's package chromium could not be installed; apt-get's words are above" }
    : { path: installed };
}

function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find((path) => existsSync(path));
}
