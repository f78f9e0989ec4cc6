import { execFileSync, spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/**
 * `npm start` in a house of stand-ins: the real start scripts, and in place of npm, of the builds and of Electron small scripts that
 * write down how they were called.
 */
const build = resolve(import.meta.dirname, '..');
let house: string;

const lockOf = (version: string): string =>
  JSON.stringify({
    packages: {
      '': { name: 'x' },
      'node_modules/left': { version },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  });

async function put(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(house, path)), { recursive: true });
  await writeFile(join(house, path), text);
  await chmod(join(house, path), mode);
}

/** Lines that the stand-ins wrote down since the last call. */
async function notes(): Promise<string[]> {
  const text = await readFile(join(house, 'notes'), 'utf8').catch(() => '');
  await rm(join(house, 'notes'), { force: true });
  return text.split('\n').filter((line) => line !== '');
}

const note = (text: string): string =>
  `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(join(house, 'notes'))}, ${text} + '\\n');\n`;

beforeEach(async () => {
  house = await mkdtemp(join(tmpdir(), 'wheelhouse-start-'));
  await cp(join(build, 'start.mjs'), join(house, 'build/start.mjs'));
  // One part of the real ones is enough to see what is built when.
  await cp(join(build, 'parts.mjs'), join(house, 'build/real-parts.mjs'));
  await put(
    'build/parts.mjs',
    `import { parts as all } from './real-parts.mjs';\nexport const parts = { 'host-node': all['host-node'] };\n`,
  );
  await cp(join(build, 'start'), join(house, 'build/start'), { recursive: true });
  await put('package.json', '{"version":"7.8.9","type":"module"}');
  await put('package-lock.json', lockOf('1.0.0'));
  await put('node_modules/.package-lock.json', lockOf('1.0.0'));
  await put('electron/host-node/main.ts', '// source');
  await put('electron/host-node/main.test.ts', '// test');
  const main = `console.log('host', JSON.stringify(process.argv.slice(2)));`;
  await put(
    'build/build.mjs',
    `${note("'build ' + process.argv.slice(2).join(' ')")}
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/host-node', { recursive: true });
writeFileSync('dist/host-node/main.js', ${JSON.stringify(main)});`,
  );
  await put(
    'npm.js',
    `${note("'npm ' + process.argv.slice(2).join(' ')")}
import { copyFileSync, mkdirSync } from 'node:fs';
mkdirSync('node_modules', { recursive: true });
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');`,
  );
});
afterEach(() => rm(house, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  user: { uid?: number; gid?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(house, 'build/start.mjs'), ...args], {
    ...user,
    cwd: house,
    env: {
      PATH: process.env['PATH'],
      npm_execpath: join(house, 'npm.js'),
      DISPLAY: undefined,
      WAYLAND_DISPLAY: undefined,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((done) => {
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}

describe('npm start', () => {
  it('names the sources that are missing instead of leaving a part out', async () => {
    await rm(join(house, 'electron/host-node/main.ts'));
    const ended = await start(['--no-open']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('electron/host-node/main.ts');
    expect(await notes()).toEqual([]);
  });

  it('builds what is stale and nothing else, by content and without tests', async () => {
    expect(await start(['--no-open'])).toMatchObject({ code: 0, stdout: 'host ["--port","0","--no-open"]\n' });
    expect(await notes()).toEqual(['build host-node']);
    await start(['--no-open']);
    await put('electron/host-node/main.test.ts', '// another test');
    await put('electron/host-node/main.ts', '// source');
    await start(['--no-open']);
    expect(await notes()).toEqual([]);
    await put('electron/core/new.ts', '// new');
    await start(['--no-open']);
    expect(await notes()).toEqual(['build host-node']);
    await rm(join(house, 'dist'), { recursive: true });
    await start(['--no-open']);
    expect(await notes()).toEqual(['build host-node']);
  });

  it('survives stamps that cannot be read', async () => {
    await start(['--no-open']);
    await put('dist/stamps.json', '{"host-node":');
    expect(await start(['--no-open'])).toMatchObject({ code: 0 });
    expect(await notes()).toEqual(['build host-node', 'build host-node']);
  });

  it('installs when nothing is installed, when a package is missing, and when one has another version', async () => {
    const install = 'npm ci --ignore-scripts --no-audit --no-fund --loglevel=error';
    await start(['--no-open']);
    await notes();
    await rm(join(house, 'node_modules'), { recursive: true });
    const first = await start(['--no-open']);
    expect(first.stderr).toContain('Installing dependencies (nothing is installed)');
    await put('package-lock.json', lockOf('2.0.0'));
    expect((await start(['--no-open'])).stderr).toContain('(left is not 2.0.0)');
    await put('node_modules/.package-lock.json', '{"packages":{}}');
    expect((await start(['--no-open'])).stderr).toContain('(left is missing)');
    const installs = (await notes()).filter((line) => line.startsWith('npm'));
    expect(installs).toEqual([install, install, install]);
  });

  it('stops with its words when npm or the build fails', async () => {
    await rm(join(house, 'node_modules'), { recursive: true });
    await put('npm.js', 'process.exit(3)');
    expect(await start(['--no-open'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('npm ci failed') as string,
    });
    await put('node_modules/.package-lock.json', lockOf('1.0.0'));
    await put('build/build.mjs', 'process.exit(3)');
    expect(await start(['--no-open'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The build failed') as string,
    });
  });

  it('answers --version and --help without installing or building anything', async () => {
    await rm(join(house, 'node_modules'), { recursive: true });
    expect(await start(['--version'])).toEqual({ code: 0, stdout: '7.8.9\n', stderr: '' });
    const { code, stdout } = await start(['--help']);
    expect(code).toBe(0);
    for (const option of ['--demo', '--host', '--port', '--no-open', '--profile', '--version', '--help'])
      expect(stdout).toContain(option);
    expect(await notes()).toEqual([]);
  });

  it.each([
    [['--what'], "Unknown option '--what'"],
    [['loopback'], "Unexpected argument 'loopback'"],
    [['--port', 'x'], '--port takes a number from 0 to 65535, not "x"'],
    [['--port', '65536'], '--port takes a number from 0 to 65535'],
    [['--host', 'chrome'], '--host is electron or loopback, not "chrome"'],
    [['--profile', ''], '--profile takes a folder'],
    [['--host', 'electron', '--port', '1'], '--port and --no-open belong to --host loopback'],
  ])('refuses %j in words', async (args, words) => {
    const { code, stdout, stderr } = await start(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('Usage: npm start');
  });

  it('passes on what the host needs, with the profile relative to where the user is', async () => {
    const { stdout } = await start(['--host', 'loopback', '--demo', '--profile', 'mine', '--port', '80'], {
      INIT_CWD: '/somewhere',
    });
    expect(stdout).toBe('host ["--port","80","--demo","--profile","/somewhere/mine"]\n');
  });
});

describe('npm start and its end', () => {
  it('comes when npm is ended by a signal, which npm itself does not pass on', async () => {
    await put(
      'package.json',
      '{"name":"house","version":"7.8.9","type":"module","scripts":{"start":"node build/start.mjs"}}',
    );
    await put('electron/host-node/main.ts', '// long-lived');
    const main = `${note("'up'")}setInterval(() => undefined, 1000);
process.on('SIGTERM', () => { ${note("'stopped'").replace(/^import.*?; /, '')} process.exit(0); });`;
    await put(
      'build/build.mjs',
      `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/host-node', { recursive: true });
writeFileSync('dist/host-node/main.js', ${JSON.stringify(main)});`,
    );
    const npm = spawn('npm', ['start', '--', '--no-open'], { cwd: house, stdio: 'ignore' });
    const lines = (): Promise<string> => readFile(join(house, 'notes'), 'utf8').catch(() => '');
    await expect.poll(lines).toContain('up');
    npm.kill('SIGTERM');
    await expect.poll(lines).toContain('stopped');
  });
});

/** Electron refuses to run as root, so root starts these as `nobody`. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const giveToNobody = (): void => {
  if (nobody.uid !== undefined) execFileSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, house]);
};

describe('npm start and Electron', () => {
  it('takes the loopback host where there is no display', async () => {
    expect(await start([])).toMatchObject({ code: 0, stdout: 'host ["--port","0"]\n' });
    expect(await start(['--host', 'electron'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/there is no display here|Electron does not run as root/) as string,
    });
  });

  it('opens Electron where it is, and ends with its exit code', async () => {
    await put('node_modules/electron/path.txt', 'electron');
    await put('node_modules/electron/dist/electron', '#!/bin/sh\necho "electron $*"; exit 5\n', 0o755);
    giveToNobody();
    const { code, stdout } = await start(['--demo'], { DISPLAY: ':0' }, nobody);
    expect(code).toBe(5);
    expect(stdout).toContain(`electron ${house}/ --demo`);
  });

  it('tries once to fetch Electron, then again only when asked', async () => {
    await put('node_modules/electron/package.json', '{"version":"45.0.0"}');
    await put('node_modules/electron/install.js', `${note("'fetch'")}process.exit(1);`);
    giveToNobody();
    const first = await start([], { DISPLAY: ':0' }, nobody);
    expect(first).toMatchObject({ code: 0, stdout: 'host ["--port","0"]\n' });
    expect(first.stderr).toContain('Electron could not be fetched');
    await start([], { DISPLAY: ':0' }, nobody);
    await start(['--host', 'electron'], { DISPLAY: ':0' }, nobody);
    expect((await notes()).filter((line) => line === 'fetch')).toHaveLength(2);
  });
});
