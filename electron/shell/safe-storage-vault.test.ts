import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialRef } from '../contract/connection-settings.ts';
import type { SecretVault } from '../core/ports/vault.ts';
import { ElectronStandIn } from '../testing/electron-stand-in.ts';
import { createSafeStorageVault } from './safe-storage-vault.ts';

const ref = 'cred_aaaaaaaaaaaaaaaa' as CredentialRef;
const other = 'cred_bbbbbbbbbbbbbbbb' as CredentialRef;

let folder: string;
let electron: ElectronStandIn;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wheelhouse-safe-storage-'));
  electron = new ElectronStandIn();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (platform: NodeJS.Platform = 'linux'): Promise<SecretVault | undefined> =>
  createSafeStorageVault(electron.apis.safeStorage, platform, folder, (error) => {
    throw error;
  });

async function filesOfProfile(): Promise<string> {
  const names = await readdir(folder);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

describe('the vault on safeStorage', () => {
  it('keeps a secret across starts, sealed, and forgets it when told', async () => {
    const first = await open();
    await first?.put(ref, 'hunter2 ä€😀');
    expect(await filesOfProfile()).not.toContain('hunter2');
    const second = await open();
    expect(await second?.get(ref)).toBe('hunter2 ä€😀');
    await second?.remove(ref);
    expect(await (await open())?.get(ref)).toBeUndefined();
  });

  it('opens a sealed text only under the reference that it was sealed for', async () => {
    const vault = await open();
    await vault?.put(ref, 'for ref');
    await vault?.put(other, 'for other');
    const path = join(folder, 'vault-safe-storage.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as { entries: Record<string, string> };
    const swapped: unknown = { ...file, entries: { [ref]: file.entries[other], [other]: file.entries[ref] } };

    await writeFile(path, JSON.stringify(swapped));
    await expect((await open())?.get(ref)).rejects.toMatchObject({ code: 'vault.unavailable' });
  });

  it.each([
    [
      'safeStorage is not available',
      'linux',
      (stand: ElectronStandIn): void => {
        stand.safeStorage.isAvailable = false;
      },
    ],
    [
      'Linux has no keyring',
      'linux',
      (stand: ElectronStandIn): void => {
        stand.safeStorage.backend = 'basic_text';
      },
    ],
  ] as const)('is not used where it would protect nothing: %s', async (_why, platform, change) => {
    change(electron);
    expect(await open(platform)).toBeUndefined();
  });

  it('is used on macOS and Windows, which have no backends to tell apart', async () => {
    electron.safeStorage.backend = 'unknown';
    expect(await open('darwin')).toBeDefined();
  });
});
