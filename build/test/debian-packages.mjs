import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from '../start/house.mjs';

/**
 * Programs that tests run beside the product, by the Debian package they come in. Without them tests skip and say so.
 * `service`: installing the package starts a server for the whole machine, which only a CI machine should get.
 */
const programs = [
  { program: 'ssh-keygen', packageName: 'openssh-client' },
  { program: 'ps', packageName: 'procps' },
  { program: 'sshd', packageName: 'openssh-server', service: true },
  { program: 'dbus-run-session', packageName: 'dbus-daemon', service: true },
  { program: 'gnome-keyring-daemon', packageName: 'gnome-keyring', service: true },
  { program: 'secret-tool', packageName: 'libsecret-tools', service: true },
];

/** Where administrators' programs lie; they are not on every user's path. */
const sbin = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program, or undefined. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...sbin];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Whether Debian packages can be installed here: by root, on a system that has apt. */
export function canInstall() {
  return process.platform === 'linux' && existsSync('/usr/bin/apt-get') && process.getuid() === 0;
}

/** Installs Debian packages without asking anything; apt's words go to standard error. Tells whether it worked. */
export function installPackages(names) {
  const options = {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' },
  };
  const apt = (...args) =>
    spawnSync('apt-get', ['-q', '-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120', ...args], options).status;
  // A machine that was just made has no package lists, and old ones name versions that are gone.
  return apt('update') === 0 && apt('install', '-y', '--no-install-recommends', ...names) === 0;
}

/** Installs, where that is possible, what tests need beside Node. */
export function installTestPrograms() {
  const wanted = programs.filter(({ service }) => !service || process.env.CI !== undefined);
  const missing = wanted.filter(({ program }) => findProgram(program) === undefined);
  if (missing.length === 0 || !canInstall()) return;
  const names = missing.map(({ packageName }) => packageName);
  say(`Installing Debian packages for the tests: ${names.join(', ')}.`);
  if (!installPackages(names)) say('They could not be installed; tests that need them say so.');
}
