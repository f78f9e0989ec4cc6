import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings, CredentialRef } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { MemoryVault } from '../../testing/memory-stores.ts';
import { labId } from '../../testing/records.ts';

const rejected = (): AppError => new AppError('auth.rejected', 'no', { method: 'password', text: 'no' });

function withPassword(password: CredentialRef): ConnectionSettings {
  return savedLab({
    access: {
      kind: 'pve',
      endpoints: [{ host: 'lab.example', port: 8006 }],
      auth: { method: 'password', user: 'root', realm: 'pam', password },
    },
  }).settings;
}

describe('secrets of a connection', () => {
  let rig: CoreRig;
  const reply = async (text: string, remember = false): Promise<CredentialRef> => {
    const ref = await rig.secret(text);
    const promptId = rig.openPrompts()[0]!.promptId;
    await rig.handlers['prompt.answer'](
      { promptId, answer: { type: 'secrets', refs: [ref], remember } },
      rig.context(),
    );
    await rig.clock.settle();
    return ref;
  };
  const askingForPassword = (): void => {
    rig.host().onOpen = async ({ prompter, secrets, saved }, signal) => {
      const { access } = saved.settings;
      const ref = access.kind === 'pve' && access.auth.method === 'password' ? access.auth.password : undefined;
      if (ref !== undefined && (await secrets.get(ref)) === 'right') return;
      const given = await prompter.ask({ type: 'password', account: 'root@pam', again: false }, signal);
      if (given.type !== 'secrets' || given.secrets[0] !== 'right') throw rejected();
    };
  };
  afterEach(() => rig.close());

  it('that took the place of a wrong one leave no orphan in the vault', async () => {
    rig = new CoreRig();
    askingForPassword();
    await rig.start();
    const old = await rig.secret('wrong', 'keep');
    await rig.handlers['connection.save']({ settings: withPassword(old) }, rig.context());
    const [id] = rig.core.connections.ids();
    rig.hosts.set(id!, rig.host());
    await rig.handlers['connection.reconnect']({ id: id! }, rig.context());
    await rig.clock.settle();
    await reply('right', true);
    expect([...rig.vault.secrets.values()]).toEqual(['right']);
    expect(rig.vault.secrets.has(old)).toBe(false);
  });

  it('that another process removed or replaced in the settings are forgotten here as well', async () => {
    rig = new CoreRig();
    await rig.start();
    const first = await rig.secret('first', 'keep');
    const second = await rig.secret('second', 'keep');
    const saved = { id: labId, settings: withPassword(first) };
    rig.connections.changeElsewhere((list) => list.set(labId, saved));
    await rig.clock.settle();
    rig.connections.changeElsewhere((list) => list.set(labId, { id: labId, settings: withPassword(second) }));
    await rig.clock.settle();
    expect([...rig.vault.secrets.values()]).toEqual(['second']);
    rig.connections.changeElsewhere((list) => list.clear());
    await rig.clock.settle();
    expect(rig.vault.secrets.size).toBe(0);
  });

  it('that were typed for one try are forgotten with it, whatever it failed of', async () => {
    rig = new CoreRig();
    rig.host().onOpen = async ({ prompter }, signal) => {
      await prompter.ask({ type: 'password', account: 'root@pam', again: false }, signal);
      throw new AppError('connection.lost', 'gone', { endpoint: 'lab.example:8006', cause: 'ECONNRESET' });
    };
    await rig.start(savedLab());
    const ref = await reply('s3cret');
    expect(await rig.core.credentials.get(ref)).toBeUndefined();
  });

  it('that were typed during a test are forgotten with it', async () => {
    rig = new CoreRig();
    askingForPassword();
    await rig.start();
    const named = await rig.secret('wrong');
    const testing = rig.handlers['connection.test']({ settings: withPassword(named) }, rig.context());
    await rig.clock.settle();
    const typed = await reply('right');
    await testing;
    expect(await rig.core.credentials.get(typed)).toBeUndefined();
    expect(await rig.core.credentials.get(named)).toBeUndefined();
  });

  it('hold the passphrase of the vault no longer than it takes to open it', async () => {
    const vault = new MemoryVault('open sesame');
    rig = new CoreRig({ vault });
    askingForPassword();
    const kept = 'cred_abcdefghijklmnopqrstuvwx' as CredentialRef;
    vault.secrets.set(kept, 'right');
    await rig.start({ id: labId, settings: withPassword(kept) });
    const ref = await reply('open sesame');
    expect(rig.connection().state).toBe('live');
    expect(await rig.core.credentials.get(ref)).toBeUndefined();
  });
});

describe('a refused password', () => {
  it('is not sent again because the user asked for a refresh while it was being tried', async () => {
    const rig = new CoreRig();
    let refuse: () => void = () => undefined;
    rig.host().onOpen = () =>
      Promise.reject(new AppError('connection.unreachable', 'x', { endpoint: 'x', cause: 'x' }));
    await rig.start(savedLab());
    rig.host().onOpen = () => new Promise((_resolve, reject) => (refuse = () => reject(rejected())));
    await rig.clock.advance(10_000);
    const tries = rig.host().opens;
    await rig.handlers['inventory.refresh']({}, rig.context());
    refuse();
    await rig.clock.advance(600_000);
    expect(rig.connection()).toMatchObject({ state: 'blocked', error: { code: 'auth.rejected' } });
    expect(rig.host().opens).toBe(tries);
    await rig.close();
  });
});

describe('a copy', () => {
  it('of a connection with the longest name gets a name that can be saved', async () => {
    const rig = new CoreRig();
    await rig.start(savedLab({ name: 'x'.repeat(250) }));
    const { id } = await rig.handlers['connection.duplicate']({ id: labId }, rig.context());
    const { settings } = await rig.handlers['connection.get']({ id }, rig.context());
    expect([settings.name.length, settings.name.endsWith(' (2)')]).toEqual([250, true]);
    await rig.close();
  });
});
