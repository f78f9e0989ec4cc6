import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CredentialRef } from '../../contract/connection-settings.ts';
import type { AppError } from '../../contract/errors.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { CipherVault } from './cipher-vault.ts';
import { PassphraseVault } from './passphrase-vault.ts';
import type { SecretCipher } from './secret-file.ts';

const ref = (digit: number): CredentialRef => `cred_${String(digit).repeat(20)}` as CredentialRef;
const [one, two] = [ref(1), ref(2)];
const passphrase = 'correct horse battery staple';
const secret = 'p\'ass"wörd 🔑\n';

interface StoredVault {
  header: Record<string, unknown>;
  entries: Record<string, string>;
}

async function vaultIn(folder: string, isWritable = true) {
  const problems: AppError[] = [];
  const vault = await PassphraseVault.open({
    path: join(folder, 'vault.json'),
    lockPath: join(folder, 'files.lock'),
    isWritable,
    now: () => 0,
    onProblem: (problem) => problems.push(problem),
    costN: 2 ** 14,
  });
  return { vault, problems };
}

/** A vault with one secret, closed. */
async function folderWithVault(): Promise<string> {
  const folder = temporaryFolder();
  const { vault } = await vaultIn(folder);
  await vault.unlock(passphrase);
  await vault.put(one, secret);
  return folder;
}

function change(folder: string, edit: (stored: StoredVault) => void): void {
  const path = join(folder, 'vault.json');
  const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredVault;
  edit(stored);
  writeFileSync(path, JSON.stringify(stored));
}

describe('a vault under a passphrase', () => {
  test('is new, then unlocked, and at the next start locked until the passphrase is given', async () => {
    const folder = temporaryFolder();
    const { vault } = await vaultIn(folder);
    expect(vault.state).toBe('file-new');
    await expect(vault.put(one, secret)).rejects.toMatchObject({ code: 'vault.locked' });
    expect(await vault.get(one)).toBeUndefined();
    await vault.unlock(passphrase);
    expect(vault.state).toBe('file-unlocked');
    await vault.put(one, secret);
    await vault.put(two, 'second');
    expect(await vault.get(one)).toBe(secret);

    const { vault: later } = await vaultIn(folder);
    expect(later.state).toBe('file-locked');
    await expect(later.get(one)).rejects.toMatchObject({ code: 'vault.locked' });
    await expect(later.put(one, 'x')).rejects.toMatchObject({ code: 'vault.locked' });
    await expect(later.unlock('correct horse')).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    expect(later.state).toBe('file-locked');
    await later.unlock(passphrase);
    expect(await later.get(one)).toBe(secret);
    expect(await later.get(two)).toBe('second');
    await later.remove(one);
    await later.remove(one);
    expect(await later.get(one)).toBeUndefined();
  });

  test('costs a guess 128 MiB and the better part of a second', async () => {
    const folder = temporaryFolder();
    const file = { path: join(folder, 'vault.json'), lockPath: join(folder, 'files.lock'), isWritable: true };
    const vault = await PassphraseVault.open({ ...file, now: () => 0, onProblem: () => undefined });
    await vault.unlock(passphrase);
    const { header } = JSON.parse(readFileSync(file.path, 'utf8')) as StoredVault;
    expect(header).toMatchObject({ cipher: 'aes-256-gcm', kdf: 'scrypt', costN: 131_072, blockSizeR: 8, parallelP: 1 });
    expect(Buffer.from(String(header['salt']), 'base64')).toHaveLength(32);
  });

  test('takes the passphrase however its accents were typed', async () => {
    const folder = temporaryFolder();
    const { vault } = await vaultIn(folder);
    await vault.unlock('Schl\u00fcssel');
    const { vault: later } = await vaultIn(folder);
    await later.unlock('Schlu\u0308ssel');
    expect(later.state).toBe('file-unlocked');
  });

  test('shows nobody else the file, and nothing of secret or passphrase in it or its backup', async () => {
    const folder = await folderWithVault();
    const { vault } = await vaultIn(folder);
    await vault.unlock(passphrase);
    await vault.put(two, secret);
    for (const name of readdirSync(folder).filter((file) => file.startsWith('vault.json'))) {
      const text = readFileSync(join(folder, name), 'latin1');
      for (const hidden of [secret, passphrase, Buffer.from(secret).toString('base64').slice(0, 12)]) {
        expect(text).not.toContain(hidden);
      }
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
    expect(existsSync(join(folder, 'vault.json.bak'))).toBe(true);
  });

  test('seals the same secret differently each time', async () => {
    const folder = await folderWithVault();
    const { vault } = await vaultIn(folder);
    await vault.unlock(passphrase);
    await vault.put(two, secret);
    const { entries } = JSON.parse(readFileSync(join(folder, 'vault.json'), 'utf8')) as StoredVault;
    expect(entries[one]).not.toBe(entries[two]);
  });

  test('changes its passphrase and locks whoever still has the old key', async () => {
    const folder = await folderWithVault();
    const [{ vault }, { vault: other }] = [await vaultIn(folder), await vaultIn(folder)];
    await Promise.all([vault.unlock(passphrase), other.unlock(passphrase)]);
    await expect(vault.changePassphrase('wrong', 'new')).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    await vault.changePassphrase(passphrase, 'new');
    expect(await vault.get(one)).toBe(secret);
    await expect(other.get(one)).rejects.toMatchObject({ code: 'vault.locked' });
    expect(other.state).toBe('file-locked');
    await expect(other.unlock(passphrase)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
    await other.unlock('new');
    expect(await other.get(one)).toBe(secret);
  });

  test('that two make at once has one passphrase in the end', async () => {
    const folder = temporaryFolder();
    const [{ vault }, { vault: other }] = [await vaultIn(folder), await vaultIn(folder)];
    const outcomes = await Promise.allSettled([vault.unlock('first'), other.unlock('second')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const winner = outcomes[0].status === 'fulfilled' ? vault : other;
    await winner.put(one, secret);
    const { vault: later } = await vaultIn(folder);
    await later.unlock(winner === vault ? 'first' : 'second');
    expect(await later.get(one)).toBe(secret);
  });

  test.each<[string, (stored: StoredVault) => void]>([
    [
      'an entry is changed',
      ({ entries }) => {
        const bytes = Buffer.from(entries[one]!, 'base64');
        bytes[14]! ^= 1;
        entries[one] = bytes.toString('base64');
      },
    ],
    ['an entry is cut', ({ entries }) => void (entries[one] = entries[one]!.slice(0, 8))],
    ['an entry is put under another name', ({ entries }) => void (entries[one] = entries[two]!)],
  ])('does not open when %s', async (_what, edit) => {
    const folder = await folderWithVault();
    const { vault } = await vaultIn(folder);
    await vault.unlock(passphrase);
    await vault.put(two, 'second');
    change(folder, edit);
    await expect(vault.get(one)).rejects.toMatchObject({ code: 'vault.unavailable' });
    expect(await vault.get(two)).toBe('second');
  });

  test('does not open under a header that asks for another key', async () => {
    const folder = await folderWithVault();
    change(folder, ({ header }) => void (header['costN'] = 2 ** 15));
    const { vault } = await vaultIn(folder);
    await expect(vault.unlock(passphrase)).rejects.toMatchObject({ code: 'vault.wrong-passphrase' });
  });

  test.each([
    ['costN', 2 ** 30],
    ['costN', 2],
    ['kdf', 'rot13'],
  ])('does not even try a header with %s %s', async (key, value) => {
    const folder = await folderWithVault();
    change(folder, ({ header }) => void (header[key] = value));
    writeFileSync(join(folder, 'vault.json.bak'), 'as bad');
    const { vault, problems } = await vaultIn(folder);
    expect(vault.state).toBe('file-new');
    expect(problems.map(({ code }) => code)).toEqual(['profile.corrupt']);
  });

  test('that is unreadable is kept aside and its backup opens', async () => {
    const folder = await folderWithVault();
    const { vault: before } = await vaultIn(folder);
    await before.unlock(passphrase);
    await before.put(two, 'second');
    writeFileSync(join(folder, 'vault.json'), readFileSync(join(folder, 'vault.json')).subarray(0, 50));
    const { vault, problems } = await vaultIn(folder);
    expect(problems.map(({ code }) => code)).toEqual(['profile.corrupt']);
    await vault.unlock(passphrase);
    expect(await vault.get(one)).toBe(secret);
  });

  test('on a read-only profile gives what it has and takes nothing', async () => {
    const folder = await folderWithVault();
    const { vault } = await vaultIn(folder, false);
    await vault.unlock(passphrase);
    expect(await vault.get(one)).toBe(secret);
    await expect(vault.put(two, 'x')).rejects.toMatchObject({ code: 'profile.not-writable' });
    await expect(vault.remove(one)).rejects.toMatchObject({ code: 'profile.not-writable' });
  });
});

describe('a vault under a cipher of the desktop', () => {
  const reversing: SecretCipher = {
    seal: (text, context) => Promise.resolve(Buffer.from(`${context}|${text}`).reverse().toString('latin1')),
    open: (sealed, context) => {
      const text = Buffer.from(sealed, 'latin1').reverse().toString();
      return text.startsWith(`${context}|`)
        ? Promise.resolve(text.slice(context.length + 1))
        : Promise.reject(new Error('sealed otherwise'));
    },
  };
  const openIn = (profilePath: string, cipherName = 'reversing') =>
    new CipherVault({ profilePath, cipherName, cipher: reversing, onProblem: () => undefined });

  test('keeps secrets over a start and forgets them on request', async () => {
    const folder = temporaryFolder();
    await openIn(folder).put(one, secret);
    const vault = openIn(folder);
    expect(vault.state).toBe('keyring');
    expect(await vault.get(one)).toBe(secret);
    expect(await vault.get(two)).toBeUndefined();
    await vault.remove(one);
    expect(await vault.get(one)).toBeUndefined();
  });

  test('tells of an entry that does not open any more', async () => {
    const folder = temporaryFolder();
    await openIn(folder).put(one, secret);
    const path = join(folder, 'vault-reversing.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('|', '!'));
    await expect(openIn(folder).get(one)).rejects.toMatchObject({ code: 'vault.unavailable' });
  });
});
