import { spawnSync } from 'node:child_process';
import { readText, root, say } from './house.mjs';

/** Runs `npm ci` unless what is installed is what the lock file says. Throws an Error with a sentence for the user. */
export function installIfStale() {
  const why = whyStale();
  if (why === undefined) return;
  say(`Installing dependencies (${why}); this takes a minute.`);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // npm names itself to what it runs; without it (node build/start.mjs) the one of the path will do.
  const npm = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (error !== undefined) throw new Error(`npm cannot be run: ${error.message}`);
  if (status !== 0) throw new Error('npm ci failed; its words are above. Without network it cannot fetch anything.');
}

/** Compares npm's own note of what it installed with the lock file, so that any way of installing counts. */
function whyStale() {
  const wanted = readText(`${root}package-lock.json`);
  const present = readText(`${root}node_modules/.package-lock.json`);
  if (wanted === undefined) return undefined;
  if (present === undefined) return 'nothing is installed';
  const installed = JSON.parse(present).packages;
  for (const [path, entry] of Object.entries(JSON.parse(wanted).packages)) {
    if (path === '') continue;
    const there = installed[path];
    // Binaries for other platforms are optional and not installed.
    if (there === undefined && !entry.optional && !entry.devOptional) return `${path.slice(13)} is missing`;
    if (there !== undefined && there.version !== entry.version) return `${path.slice(13)} is not ${entry.version}`;
  }
  return undefined;
}
