import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** The licence file of an installed package, by the names in use. */
function licenceTextOf(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)([.-].*)?$/i.test(name));
  return file === undefined ? '' : readFileSync(join(folder, file), 'utf8');
}

/** The packages that stay outside the bundles, and everything that they need in turn. */
function installedPackages(names) {
  const found = new Map();
  const visit = (name, from) => {
    const nested = join(from, 'node_modules', name);
    const folder = existsSync(nested) ? nested : join(root, 'node_modules', name);
    // An optional dependency of another platform, or one that was left out on purpose.
    if (found.has(folder) || !existsSync(folder)) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    found.set(folder, {
      name: manifest.name,
      version: manifest.version,
      identifier: manifest.license ?? '',
      text: licenceTextOf(folder),
    });
    for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      visit(dependency, folder);
    }
  };
  for (const name of names) visit(name, root);
  return [...found.values()];
}

/**
 * Writes the notices of everything that is shipped: what Vite has put into the bundles of dist/, and the packages beside them.
 * Once for the packages (dist/notices) and once for the window (dist/renderer).
 */
export function writeNotices(outsidePackages) {
  const dist = join(root, 'dist');
  const bundled = readdirSync(dist)
    .map((part) => join(dist, part, 'licences.json'))
    .filter((path) => existsSync(path))
    .flatMap((path) => JSON.parse(readFileSync(path, 'utf8')));
  const all = new Map();
  for (const each of [...bundled, ...installedPackages(outsidePackages)]) all.set(`${each.name} ${each.version}`, each);
  const sorted = [...all.values()].sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version));
  const head =
    'Wheelhouse is licensed under the GNU Affero General Public License, version 3 or later.\nIt includes the following software.\n';
  const blocks = sorted.map(
    ({ name, version, identifier, text }) =>
      `${'-'.repeat(80)}\n${name} ${version} (${identifier})\n\n${(text ?? '').trim() || 'The package carries no licence file of its own.'}\n`,
  );
  const notices = [head, ...blocks].join('\n');
  mkdirSync(join(dist, 'notices'), { recursive: true });
  writeFileSync(join(dist, 'notices', 'third-party.txt'), notices);
  // The window shows them as a list, and its hosts serve no plain text.
  if (existsSync(join(dist, 'renderer')))
    writeFileSync(join(dist, 'renderer', 'third-party.json'), JSON.stringify(sorted));
  return sorted;
}
