import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionSettings } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import { CoreRig, savedLab } from '../../testing/core-rig.ts';
import { MemoryVault } from '../../testing/memory-stores.ts';
import { aGuest, aListing, labId } from '../../testing/records.ts';
import { noCredential } from './access-changes.ts';

const token = (secret: Awaited<ReturnType<CoreRig['secret']>>): ConnectionSettings => ({
  ...savedLab().settings,
  access: {
    kind: 'pve',
    endpoints: [{ host: 'lab.example', port: 8006, fingerprint: 'AA:BB' }],
    auth: { method: 'token', tokenId: 'root@pam!desk', secret },
  },
});

describe('the catalogue of connections', () => {
  let rig: CoreRig;
  beforeEach(async () => {
    rig = new CoreRig();
    await rig.start();
  });
  afterEach(() => rig.close());

  it('adds a connection under an id of its own, keeps its secret and opens it', async () => {
    const secret = await rig.secret('s3cret', 'keep');
    const { id } = await rig.handlers['connection.save']({ settings: token(secret) }, rig.context());
    await rig.clock.settle();
    expect(id).toMatch(/^lab-[a-z2-7]{6}$/);
    expect(rig.connection(id).state).toBe('live');
    await rig.close();
    expect(rig.vault.secrets.get(secret)).toBe('s3cret');
  });

  it('leaves no secret of an abandoned wizard in the vault', async () => {
    await rig.secret('s3cret', 'keep');
    expect(rig.vault.secrets.size).toBe(1);
    await rig.close();
    expect(rig.vault.secrets.size).toBe(0);
  });

  it('forgets records, tasks, store and secrets with the connection', async () => {
    const secret = await rig.secret('s3cret', 'keep');
    const { id } = await rig.handlers['connection.save']({ settings: token(secret) }, rig.context());
    rig.host(id).listing = aListing([aGuest(1, { connectionId: id })]);
    await rig.clock.advance(30_000);
    expect(await rig.inventory.load()).toHaveLength(1);
    await rig.handlers['connection.remove']({ id }, rig.context());
    expect([...rig.core.inventory.records()]).toEqual([]);
    expect(await rig.inventory.load()).toEqual([]);
    expect(rig.vault.secrets.size).toBe(0);
    expect(rig.connections.saved.size).toBe(0);
    expect(rig.host(id).openSessions).toBe(0);
  });

  it('duplicates with a secret of its own, switched off', async () => {
    const secret = await rig.secret('s3cret', 'keep');
    const { id } = await rig.handlers['connection.save']({ settings: token(secret) }, rig.context());
    const copy = await rig.handlers['connection.duplicate']({ id }, rig.context());
    const { settings } = await rig.handlers['connection.get']({ id: copy.id }, rig.context());
    expect(settings).toMatchObject({ name: 'Lab (2)', isEnabled: false });
    await rig.handlers['connection.remove']({ id }, rig.context());
    expect([...rig.vault.secrets.values()]).toEqual(['s3cret']);
    expect(rig.host(copy.id).opens).toBe(0);
  });

  it('exports no secret and no name of one, and imports what it exported', async () => {
    const secret = await rig.secret('s3cret', 'keep');
    const { id } = await rig.handlers['connection.save']({ settings: token(secret) }, rig.context());
    const exported = await rig.handlers['connection.export']({ ids: [id] }, rig.context());
    const text = JSON.stringify(exported);
    expect(text).not.toContain('s3cret');
    expect(text).not.toContain(secret);
    const { ids } = await rig.handlers['connection.import']({ text }, rig.context());
    expect(ids).toHaveLength(1);
    const { settings } = await rig.handlers['connection.get']({ id: ids[0]! }, rig.context());
    expect(settings).toEqual(token(noCredential));
  });

  it('never lets an imported file name a secret of this profile', async () => {
    const secret = await rig.secret('s3cret', 'keep');
    const text = JSON.stringify({ format: 'wheelhouse-connections', version: 1, connections: [token(secret)] });
    const { ids } = await rig.handlers['connection.import']({ text }, rig.context());
    expect(rig.connections.saved.get(ids[0]!)?.settings).toEqual(token(noCredential));
  });

  it.each([
    ['not JSON', 'hello', ''],
    ['another format', '{"format":"x","version":1,"connections":[]}', 'format'],
    [
      'a connection without a host',
      '{"format":"wheelhouse-connections","version":1,"connections":[{"name":"x","access":{"kind":"pve","endpoints":[],"auth":{"method":"password","user":"a","realm":"b"}}}]}',
      'connections.0.access.endpoints',
    ],
  ])('refuses %s with the path of the fault, and adds nothing', async (_case, text, path) => {
    await expect(rig.handlers['connection.import']({ text }, rig.context())).rejects.toMatchObject({
      code: 'input.invalid',
      data: { issues: [expect.objectContaining({ path })] },
    });
    expect(rig.connections.saved.size).toBe(0);
  });

  it('follows what another process on the same profile changes', async () => {
    rig.connections.changeElsewhere((saved) => saved.set(labId, savedLab()));
    await rig.clock.settle();
    expect(rig.connection().state).toBe('live');
    rig.connections.changeElsewhere((saved) => saved.set(labId, savedLab({ name: 'Attic' })));
    await rig.clock.settle();
    expect(rig.connection()).toMatchObject({ name: 'Attic', state: 'live' });
    rig.connections.changeElsewhere((saved) => saved.clear());
    await rig.clock.settle();
    expect(rig.connection()).toBeUndefined();
  });

  it('says which connection does not exist', async () => {
    await expect(rig.handlers['connection.get']({ id: labId }, rig.context())).rejects.toMatchObject({
      code: 'entity.not-found',
    });
  });

  it('keeps what it learned beside what the user changed meanwhile', async () => {
    let learn: (fingerprint: string) => void = () => undefined;
    rig.host().onOpen = ({ onAccessLearned }) => {
      learn = (fingerprint) =>
        onAccessLearned((access) =>
          access.kind === 'pve'
            ? { ...access, endpoints: [...access.endpoints, { host: 'second', port: 8006, fingerprint }] }
            : access,
        );
      return Promise.resolve();
    };
    rig.connections.changeElsewhere((saved) => saved.set(labId, savedLab()));
    await rig.clock.settle();
    await rig.handlers['connection.save']({ id: labId, settings: savedLab({ name: 'Attic' }).settings }, rig.context());
    learn('CC:DD');
    await rig.clock.settle();
    expect(rig.connections.saved.get(labId)?.settings).toMatchObject({
      name: 'Attic',
      access: { endpoints: [{ host: 'lab.example' }, { host: 'second', fingerprint: 'CC:DD' }] },
    });
    expect(rig.host().opens).toBe(1);
  });
});

describe('the test of a connection', () => {
  let rig: CoreRig;
  const run = async (): Promise<readonly string[]> => {
    const secret = await rig.secret('s3cret');
    const { stages } = await rig.handlers['connection.test']({ settings: token(secret) }, rig.context());
    expect(await rig.core.credentials.get(secret)).toBeUndefined();
    return stages.map(({ stage, outcome }) => `${stage} ${outcome}`);
  };
  beforeEach(async () => {
    rig = new CoreRig();
    await rig.start();
  });
  afterEach(() => rig.close());

  it('goes through all stages, saves nothing and forgets the secret that it was given', async () => {
    expect(await run()).toEqual([
      'reach passed',
      'identity passed',
      'sign-in passed',
      'rights passed',
      'tools passed',
      'inventory warning',
    ]);
    expect(rig.connections.saved.size).toBe(0);
    expect(rig.host().openSessions).toBe(0);
  });

  it.each([
    [new AppError('connection.unreachable', 'x', { endpoint: 'x', cause: 'ECONNREFUSED' }), 'reach'],
    [new AppError('auth.rejected', 'x', { method: 'token', text: '' }), 'sign-in'],
    [new AppError('host.tool-missing', 'x', { tool: 'virsh', install: 'apt install libvirt-clients' }), 'tools'],
  ])('stops at the stage that failed, with the error: %s', async (reason, stage) => {
    rig.host().onOpen = () => Promise.reject(reason);
    const outcomes = await run();
    expect(outcomes.find((each) => each.endsWith('failed'))).toBe(`${stage} failed`);
    expect(outcomes.at(-1)).toBe('inventory skipped');
  });

  it('names the rights that are missing', async () => {
    rig.host().facts = { ...rig.host().facts, missingRights: ['VM.Audit on /vms'] };
    expect(await run()).toContain('rights warning');
  });
});

describe('questions and secrets', () => {
  let rig: CoreRig;
  afterEach(() => rig.close());

  const asking = (): void => {
    rig.host().onOpen = async ({ prompter, saved, secrets }, signal) => {
      const { access } = saved.settings;
      const ref = access.kind === 'pve' && access.auth.method === 'password' ? access.auth.password : undefined;
      const kept = ref === undefined ? undefined : await secrets.get(ref);
      if (kept === 's3cret') return;
      for (let again = false; ; again = true) {
        const reply = await prompter.ask({ type: 'password', account: 'root@pam', again }, signal);
        if (reply.type === 'secrets' && reply.secrets[0] === 's3cret') return;
      }
    };
  };
  const answer = async (text: string, remember: boolean): Promise<void> => {
    const ref = await rig.secret(text);
    const [prompt] = rig.openPrompts();
    const given = { type: 'secrets' as const, refs: [ref], remember };
    await rig.handlers['prompt.answer']({ promptId: prompt!.promptId, answer: given }, rig.context());
    await rig.clock.settle();
  };

  it('keeps a remembered password only once it has proved right, and does not ask again after a restart', async () => {
    rig = new CoreRig();
    asking();
    await rig.start(savedLab());
    await answer('wrong', true);
    expect(rig.openPrompts()).toMatchObject([{ question: { type: 'password', again: true } }]);
    expect(rig.vault.secrets.size).toBe(0);
    await answer('s3cret', true);
    expect(rig.connection().state).toBe('live');
    expect([...rig.vault.secrets.values()]).toEqual(['s3cret']);
    await rig.restart('close');
    await rig.clock.settle();
    expect(rig.openPrompts()).toEqual([]);
    expect(rig.connection().state).toBe('live');
  });

  it('forgets a password that is not to be remembered as soon as the sign-in is over', async () => {
    rig = new CoreRig();
    asking();
    await rig.start(savedLab());
    const ref = await rig.secret('s3cret');
    const [prompt] = rig.openPrompts();
    const given = { type: 'secrets' as const, refs: [ref], remember: false };
    await rig.handlers['prompt.answer']({ promptId: prompt!.promptId, answer: given }, rig.context());
    await rig.clock.settle();
    expect(rig.connection().state).toBe('live');
    expect(await rig.core.credentials.get(ref)).toBeUndefined();
    expect(rig.vault.secrets.size).toBe(0);
  });

  it('asks for the passphrase of the vault once for all who wait for it, and again when it is wrong', async () => {
    const vault = new MemoryVault('open sesame');
    rig = new CoreRig({ vault });
    const ref = 'cred_abcdefghijklmnopqrstuvwx' as Awaited<ReturnType<CoreRig['secret']>>;
    vault.secrets.set(ref, 's3cret');
    const withSecret = savedLab({ access: token(ref).access });
    const second = { ...withSecret, id: `${labId}-2` as typeof labId };
    for (const { id } of [withSecret, second])
      rig.host(id).onOpen = async ({ secrets }) => {
        if ((await secrets.get(ref)) !== 's3cret')
          throw new AppError('auth.rejected', 'x', { method: 'token', text: '' });
      };
    await rig.start(withSecret, second);
    await rig.clock.advance(600_000);
    expect(rig.openPrompts()).toMatchObject([{ question: { type: 'vault-passphrase', again: false } }]);
    await answer('guess', false);
    expect(rig.openPrompts()).toMatchObject([{ question: { type: 'vault-passphrase', again: true } }]);
    await answer('open sesame', false);
    expect([rig.connection().state, rig.connection(second.id).state]).toEqual(['live', 'live']);
  });

  it('rejects at once where nobody can come to answer', async () => {
    rig = new CoreRig({ mayWaitForAnswers: false });
    asking();
    await rig.start(savedLab());
    expect(rig.connection()).toMatchObject({ state: 'blocked', error: { code: 'auth.challenge-unanswered' } });
    expect(rig.openPrompts()).toEqual([]);
  });

  it('refuses answers that do not fit the question', async () => {
    rig = new CoreRig();
    asking();
    await rig.start(savedLab());
    const promptId = rig.openPrompts()[0]!.promptId;
    const give = (given: Parameters<CoreRig['handlers']['prompt.answer']>[0]['answer']): Promise<unknown> =>
      rig.handlers['prompt.answer']({ promptId, answer: given }, rig.context());
    await expect(give({ type: 'trust' })).rejects.toMatchObject({ code: 'input.invalid' });
    const ref = await rig.secret('x');
    await expect(give({ type: 'secrets', refs: [ref, ref], remember: false })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await expect(give({ type: 'secrets', refs: [noCredential], remember: false })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await expect(
      rig.handlers['prompt.answer']({ promptId: 'gone', answer: { type: 'refuse' } }, rig.context()),
    ).rejects.toMatchObject({ code: 'entity.not-found' });
    expect(rig.openPrompts()).toHaveLength(1);
  });
});

describe('a restart', () => {
  it.each(['close', 'kill'] as const)(
    'after a %s shows the last known state at once, before any host answers',
    async (how) => {
      const rig = new CoreRig();
      rig.host().listing = aListing([aGuest(1, { name: 'db <1> "prod"' })]);
      await rig.start(savedLab());
      await rig.clock.advance(61_000);
      const lastGoodAtMs = rig.connection().lastGoodAtMs;
      const left = rig.core;
      rig.host().onOpen = () => new Promise(() => undefined);
      await rig.restart(how);
      expect(rig.connection()).toMatchObject({ state: 'connecting', systemVersion: 'Scripted 1', account: 'root@pam' });
      expect(rig.connection().lastGoodAtMs).toBeGreaterThanOrEqual(lastGoodAtMs! - 60_000);
      expect(rig.core.inventory.get(aGuest(1).id)).toMatchObject({ name: 'db <1> "prod"' });
      if (how === 'kill') await left.close();
      await rig.close();
    },
  );
});
