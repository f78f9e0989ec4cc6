import { existsSync } from 'node:fs';
import { say } from '../start/house.mjs';
import { canInstall, findProgram, installPackages } from './debian-packages.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of a Chromium for the browser tests; Debian's package is installed where that is possible. Else `why` says how to get one. */
export function findOrInstallChromium() {
  const found = findChromium();
  if (found !== undefined) return { path: found };
  if (!existsSync('/usr/bin/apt-get'))
    return { why: 'there is no Chromium here; install one, or name one with CHROMIUM_PATH' };
  if (!canInstall())
    return {
      why: 'there is no Chromium here; install it with "sudo apt-get install chromium", or name one with CHROMIUM_PATH',
    };
  say("Installing Debian's package chromium for the browser tests.");
  installPackages(['chromium', 'fonts-dejavu-core']);
  const installed = findChromium();
  return installed === undefined
    ? { why: "Debian's package chromium could not be installed; apt-get's words are above" }
    : { path: installed };
}

function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  return [...names.map(findProgram), ...places].find((path) => path !== undefined && existsSync(path));
}
