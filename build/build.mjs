import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { writeNotices } from './notices.mjs';
import { outsidePackages, parts } from './parts.mjs';

/** Builds the named parts of dist/, or all of them: `node build/build.mjs renderer host-node`. */
const root = fileURLToPath(new URL('../', import.meta.url));
const all = Object.keys(parts);
const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !all.includes(part));
if (unknown.length > 0) {
  console.error(`no part is called ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}
const missing = all.filter((part) => !existsSync(`${root}${parts[part].entry}`));
if (missing.length > 0) {
  console.error(`sources are missing: ${missing.map((part) => parts[part].entry).join(', ')}`);
  process.exit(1);
}

for (const part of asked.length > 0 ? asked : all) {
  const configFile = part === 'renderer' ? `${root}vite.config.ts` : `${root}build/vite.node.config.ts`;
  const mode = part === 'renderer' ? 'production' : part;
  await build({ root: part === 'renderer' ? `${root}renderer` : root, configFile, mode, logLevel: 'warn' });
}
writeNotices(outsidePackages);
