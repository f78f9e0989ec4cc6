import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parts } from '../parts.mjs';
import { readText, root, say } from './house.mjs';

const notSources = /[.](test|lab)[.]tsx?$|tsconfig.*[.]json$/;
const stampFile = `${root}dist/stamps.json`;

/**
 * Builds the parts whose sources have another content than when they were built; well under a second when nothing is.
 * Throws an Error with a sentence for the user.
 */
export function buildIfStale() {
  const stamps = stampsOnDisk();
  const digests = new Map();
  const missing = Object.values(parts).filter(({ entry }) => !existsSync(`${root}${entry}`));
  if (missing.length > 0)
    throw new Error(`Sources are missing (is the checkout complete?): ${missing.map(({ entry }) => entry).join(', ')}`);
  const current = Object.fromEntries(
    Object.entries(parts).map(([part, { sources }]) => [part, stampOf(sources, digests)]),
  );
  const stale = Object.keys(current).filter(
    (part) => stamps[part] !== current[part] || !existsSync(`${root}dist/${part}`),
  );
  if (stale.length === 0) return;
  say(`Building ${stale.join(', ')}.`);
  const { status } = spawnSync(process.execPath, [`${root}build/build.mjs`, ...stale], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error('The build failed; its words are above.');
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(stampFile, JSON.stringify(current, null, 1));
}

function stampsOnDisk() {
  try {
    return JSON.parse(readText(stampFile) ?? '{}');
  } catch {
    return {};
  }
}

/** One digest over names and contents. Contents, because a checkout gives old files new times. */
function stampOf(sources, digests) {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const path of filesOf(source)) hash.update(`${path}\0${digestOf(path, digests)}\n`);
  return hash.digest('hex');
}

function filesOf(source) {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return notSources.test(source) ? [] : [source];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(`${source}/${name}`));
}

function digestOf(path, digests) {
  const known = digests.get(path);
  if (known !== undefined) return known;
  const digest = createHash('sha256')
    .update(readFileSync(join(root, path)))
    .digest('hex');
  digests.set(path, digest);
  return digest;
}
