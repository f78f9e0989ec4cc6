import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createPackage, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform, type Configuration } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import configuration from '../../build/packaging/electron-builder.config.mjs';

/**
 * The packages cannot be made in full without Electron's binary and the packaging tools of each system. What can be held is:
 * the configuration fits electron-builder's schema, the `dir` target runs on a stand-in Electron folder, the archive holds what
 * the app needs and nothing else, and the fuses are set in the binary.
 */
const root = resolve(import.meta.dirname, '../..');
const config: Configuration = configuration;

/** Where Electron's fuses stand in its binary: this text, a version byte, a length byte, one byte for each fuse ('0' off, '1' on). */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

let folder: string;
let unpacked: string;
let packed: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelhouse-packaging-'));
  const electronDist = await makeStandInElectron(join(folder, 'electron'));
  unpacked = join(folder, 'out', 'linux-unpacked');
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget('dir'),
    config: { ...config, electronDist, directories: { ...config.directories, output: join(folder, 'out') } },
  });
  packed = listPackage(join(unpacked, 'resources', 'app.asar'), { isPack: false }).map((path) =>
    path.replaceAll('\\', '/'),
  );
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeStandInElectron(path: string): Promise<string> {
  await mkdir(join(path, 'resources'), { recursive: true });
  await mkdir(join(folder, 'default-app'));
  await writeFile(join(folder, 'default-app', 'package.json'), '{"name":"default","main":"main.js"}');
  await writeFile(join(folder, 'default-app', 'main.js'), '');
  await createPackage(join(folder, 'default-app'), join(path, 'resources', 'default_app.asar'));
  const wire = Buffer.concat([Buffer.from(fuseSentinel), Buffer.from([1, 9]), Buffer.from('101100001')]);
  await writeFile(join(path, 'electron'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]));
  await chmod(join(path, 'electron'), 0o755);
  await writeFile(join(path, 'version'), '45.4.1');
  return path;
}

describe('the packaging configuration', () => {
  it("fits electron-builder's schema, which refuses what it does not know", async () => {
    const { validateConfiguration } = createRequire(import.meta.url)('app-builder-lib/out/util/config/config') as {
      validateConfiguration: (config: object, debug: { add(): void; isEnabled: boolean }) => Promise<void>;
    };
    const debug = { add: () => undefined, isEnabled: false };
    await validateConfiguration(config, debug);
    await expect(validateConfiguration({ ...config, linuxx: {} }, debug)).rejects.toThrow('linuxx');
  });

  it('names targets for Linux, Windows and macOS, and icons that exist', () => {
    expect(config.linux?.target).toEqual(['AppImage', 'deb', 'rpm']);
    expect(config.win?.target).toEqual(['nsis']);
    expect(config.mac?.target).toEqual(['dmg']);
    for (const icon of [config.linux?.icon, config.win?.icon, config.mac?.icon])
      expect(existsSync(join(root, String(icon)))).toBe(true);
  });
});

describe('the packed app', () => {
  it('holds the three bundles, the licence and the notices', () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/LICENSE',
        '/dist/shell/main.js',
        '/dist/preload/preload.cjs',
        '/dist/renderer/index.html',
        '/dist/notices/third-party.txt',
      ]),
    );
  });

  it('holds the packages that stay outside the bundle, with their native parts beside the archive', () => {
    for (const name of ['@photostructure/sqlite', '@napi-rs/keyring', 'ssh2', 'node-ssh'])
      expect(packed).toContain(`/node_modules/${name}/package.json`);
    expect(
      existsSync(join(unpacked, 'resources', 'app.asar.unpacked', 'node_modules', '@photostructure', 'sqlite')),
    ).toBe(true);
  });

  it('holds no source, no test, no map, no development package and nothing of another host', () => {
    const unwanted = packed.filter(
      (path) =>
        /\.(map|tsx?|tsbuildinfo)$/.test(path) ||
        /^\/(electron|renderer|test|docs|build|\.ci|out)(\/|$)/.test(path) ||
        /^\/dist\/(host-node|cli)(\/|$)/.test(path) ||
        /^\/node_modules\/(react|react-dom|vite|vitest|electron|electron-builder|typescript|playwright-core)(\/|$)/.test(
          path,
        ),
    );
    expect(unwanted).toEqual([]);
  });

  it('starts at the shell', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { main: string };
    expect(packed).toContain(`/${manifest.main}`);
  });

  it("has Electron's fuses set: no Node mode, no inspector, only our archive", async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'wheelhouse'));
    const [off, on] = ['0'.charCodeAt(0), '1'.charCodeAt(0)];
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    });
  });
});
