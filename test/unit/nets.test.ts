import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The nets of docs/architecture.md are only worth something if they catch: each case is a small house with one thing wrong. */
const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

let house: string;
beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'wheelhouse-nets-'));
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
});
afterAll(() => rm(house, { recursive: true, force: true }));

async function build(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(house, 'case-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** The output of a command, whether it succeeds or not. */
async function outputOf(
  folder: string,
  program: string,
  args: readonly string[],
): Promise<{ ok: boolean; text: string }> {
  try {
    const { stdout, stderr } = await run(join(root, 'node_modules', '.bin', program), [...args], { cwd: folder });
    return { ok: true, text: stdout + stderr };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { ok: false, text: stdout + stderr };
  }
}

describe('the import table', () => {
  const cruise = async (files: Readonly<Record<string, string>>): Promise<{ ok: boolean; text: string }> => {
    const folder = await build(files);
    return outputOf(folder, 'depcruise', ['--config', join(root, '.dependency-cruiser.cjs'), 'electron', 'renderer']);
  };
  const nothing = 'export const nothing = 0;\n';
  const importing = (path: string): string => `import { nothing } from '${path}';\nexport const x = nothing;\n`;

  it('lets a sound house pass', async () => {
    const result = await cruise({
      'electron/contract/a.ts': nothing,
      'electron/core/b.ts': importing('../contract/a.ts'),
      'electron/drivers/pve/c.ts': importing('../../core/b.ts'),
      'renderer/ui/d.ts': nothing,
      'renderer/features/guest/e.ts': importing('../../ui/d.ts'),
    });
    expect(result).toMatchObject({ ok: true });
  });

  /** File by file: what is wrong in it, by the rule that must name it. One house for all, since a run takes a second. */
  const wrong = {
    'electron/contract/wrong.ts': ['layer:electron/contract', importing('../core/right.ts')],
    'electron/core/wrong.ts': ['layer:electron/core', importing('../transport/right.ts')],
    'electron/demo/wrong.ts': ['layer:electron/demo', importing('../core/right.ts')],
    'electron/host-node/wrong.ts': ['layer:electron/host-node', importing('../shell/right.ts')],
    'renderer/ui/wrong.ts': ['layer:renderer/ui', importing('../stores/right.ts')],
    'renderer/lib/wrong.ts': ['layer:renderer/lib', importing('../ui/right.ts')],
    'electron/drivers/pve/wrong.ts': ['driver-isolation', importing('../debian/right.ts')],
    'renderer/features/guest/wrong.ts': ['feature-isolation', importing('../tasks/right.ts')],
    'electron/storage/wrong.ts': ['testing-only-from-tests', importing('../testing/right.ts')],
    'electron/cli/wrong.ts': ['electron-only-in-shell', "import { app } from 'electron';\nexport const x = app;\n"],
    'electron/drivers/debian/wrong.ts': [
      'no-node-in-pure-layers',
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    ],
    'electron/core/socket.ts': [
      'sockets-only-in-node-layers',
      "import { Client } from 'ssh2';\nexport const x = Client;\n",
    ],
    'electron/core/circle-a.ts': ['no-cycles', importing('./circle-b.ts')],
    'electron/core/lost.ts': ['nothing-unresolved', importing('./gone.ts')],
  } as const;
  const right = [
    'electron/core',
    'electron/transport',
    'electron/shell',
    'electron/testing',
    'electron/drivers/debian',
    'renderer/stores',
    'renderer/ui',
    'renderer/features/tasks',
  ].map((folder) => [`${folder}/right.ts`, nothing]);
  // A circle is reported once, by the file that is met first.
  const circle = ['electron/core/circle-b.ts', importing('./circle-a.ts')];

  it('names every wrong import by its rule', async () => {
    const files = Object.fromEntries([
      ...right,
      circle,
      ...Object.entries(wrong).map(([path, [, text]]) => [path, text]),
    ]) as Record<string, string>;
    const result = await cruise(files);
    expect(result.ok).toBe(false);
    const missed = Object.entries(wrong).filter(([path, [rule]]) => !result.text.includes(`error ${rule}: ${path} →`));
    expect(missed.map(([path]) => path)).toEqual([]);
  });
});

describe('the compiler', () => {
  it.each([
    ['electron/contract', 'export const x = process.pid;', 'process'],
    ['electron/core', 'export const x = document.title;', 'document'],
    ['electron/core', 'export const x = setTimeout(() => undefined, 1);', 'setTimeout'],
    ['electron/drivers/pve', 'export const x = Buffer.alloc(1);', 'Buffer'],
    ['electron/drivers/debian', "export const x = fetch('https://example.org');", 'fetch'],
    ['renderer', 'export const x = process.pid;', 'process'],
  ])('refuses in %s: %s', async (layer, text, name) => {
    const folder = await build({ [`${layer}/bad.ts`]: text });
    for (const path of ['tsconfig.base.json', 'electron/runtime.d.ts'])
      await cp(join(root, path), join(folder, path), { recursive: true });
    const project = JSON.parse(await readFile(join(root, layer, 'tsconfig.json'), 'utf8')) as object;
    await writeFile(join(folder, layer, 'tsconfig.json'), JSON.stringify({ ...project, references: [] }));
    const result = await outputOf(folder, 'tsc', ['-p', join(folder, layer), '--noEmit']);
    expect(result.ok).toBe(false);
    expect(result.text).toMatch(new RegExp(`bad\\.ts.*(TS2304|TS2584|TS2591|TS2580).*'${name}'`));
  });
});
