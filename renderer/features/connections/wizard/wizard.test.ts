import { describe, expect, it } from 'vitest';
import type { ProbeResult, SavedConnection } from '../../../../electron/contract/connection-settings.ts';
import { connectionSettingsSchema } from '../../../../electron/contract/connection-settings.ts';
import type { ContractClient } from '../../../../electron/contract/rpc/table.ts';
import { stepProblems } from './wizard-checks.ts';
import {
  draftOf,
  emptyDraft,
  emptyHop,
  parseAddress,
  proposedName,
  withProbe,
  type WizardDraft,
} from './wizard-draft.ts';
import { toSettings, withoutSecrets } from './wizard-settings.ts';

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
const hostKey = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:abc', known: 'unknown' } as const;
const bothAnswer: ProbeResult = {
  host: 'pve1.example.org',
  pve: {
    found: true,
    port: 8006,
    certificate: {
      fingerprint,
      subject: 'CN=pve1',
      issuer: 'CN=ca',
      validFromMs: 0,
      validToMs: 1,
      isSelfSigned: false,
    },
    realms: [
      { realm: 'pam', type: 'pam', comment: '', isDefault: false },
      { realm: 'ldap', type: 'ldap', comment: 'Company', isDefault: true },
    ],
  },
  ssh: { found: true, port: 2222, hostKey, serverVersion: 'OpenSSH_9.2p1', authMethods: ['publickey'] },
};
const refused = {
  code: 'connection.unreachable' as const,
  message: 'refused',
  data: { endpoint: 'lab.example:22', cause: 'ECONNREFUSED' },
};
const nothingAnswers: ProbeResult = {
  host: 'inner',
  pve: { found: false, why: refused },
  ssh: { found: false, why: refused },
};

function fakeVault(): { client: Pick<ContractClient, 'request'>; stored: { secret: string; keep: string }[] } {
  const stored: { secret: string; keep: string }[] = [];
  const request = (_name: string, input: { secret: string; keep: string }) => {
    stored.push(input);
    return Promise.resolve({ ref: `cred_${String(stored.length).padStart(16, '0')}` });
  };
  return { client: { request } as unknown as Pick<ContractClient, 'request'>, stored };
}

const draftFor = (change: Partial<WizardDraft>): WizardDraft => ({
  ...withProbe({ ...emptyDraft, host: 'pve1.example.org' }, bothAnswer),
  ...change,
});

describe('an address', () => {
  it.each([
    ['pve1', { host: 'pve1', port: '', user: '' }],
    ['https://pve1.example.org:8006/#v1', { host: 'pve1.example.org', port: '8006', user: '' }],
    ['root@10.0.0.5', { host: '10.0.0.5', port: '', user: 'root' }],
    ['ssh://admin@node:2222', { host: 'node', port: '2222', user: 'admin' }],
    ['[2001:db8::1]:8006', { host: '2001:db8::1', port: '8006', user: '' }],
    ['2001:db8::1', { host: '2001:db8::1', port: '', user: '' }],
    ['  ', { host: '', port: '', user: '' }],
  ])('%s is understood', (text, parts) => {
    expect(parseAddress(text)).toEqual(parts);
  });
});

describe('what the probe found', () => {
  it('prefers the API of a cluster, takes the default realm and the SSH port', () => {
    const draft = draftFor({});
    expect(draft).toMatchObject({ kind: 'pve', trusted: '', pve: { realm: 'ldap' }, target: { port: '2222' } });
    expect(proposedName(draft)).toBe('pve1');
  });

  it('leaves the choice open when nothing answers, and says so', () => {
    const draft = withProbe({ ...emptyDraft, host: 'inner' }, nothingAnswers);
    expect(stepProblems('host', draft)).toEqual({ kind: 'wizard.kind.choose' });
    expect(stepProblems('identity', { ...draft, kind: 'debian' })).toEqual({});
  });
});

describe('going on', () => {
  it('is refused until the identity that is shown was trusted', () => {
    expect(stepProblems('identity', draftFor({}))).toEqual({ trusted: 'wizard.identity.mustTrust' });
    expect(stepProblems('identity', draftFor({ trusted: fingerprint }))).toEqual({});
    expect(stepProblems('identity', draftFor({ kind: 'debian', trusted: fingerprint }))).toEqual({
      trusted: 'wizard.identity.mustTrust',
    });
  });

  it('names each field that is missing', () => {
    const jump = { ...emptyHop, port: '99999', method: 'key' } as const;
    expect(stepProblems('sign-in', draftFor({ kind: 'debian', jumps: [jump] }))).toEqual({
      'jump.0.host': 'common.required',
      'jump.0.port': 'wizard.port.bad',
      'jump.0.keyPath': 'common.required',
    });
    const token = { ...emptyDraft.pve, method: 'token', tokenId: 'root@pam' } as const;
    expect(stepProblems('sign-in', draftFor({ pve: token }))).toEqual({
      'pve.tokenId': 'wizard.token.bad',
      'pve.tokenSecret': 'common.required',
    });
  });
});

describe('the settings', () => {
  it('of a cluster hold the pin and a reference instead of the password', async () => {
    const { client, stored } = fakeVault();
    const draft = draftFor({
      trusted: fingerprint,
      name: 'North',
      pve: { ...emptyDraft.pve, user: 'ada', realm: 'ldap', password: 'hunter2' },
    });
    const settings = connectionSettingsSchema.parse(await toSettings(draft, 'keep', client));
    expect(settings.access).toEqual({
      kind: 'pve',
      endpoints: [{ host: 'pve1.example.org', port: 8006, fingerprint }],
      auth: { method: 'password', user: 'ada', realm: 'ldap', password: 'cred_0000000000000001' },
    });
    expect(stored).toEqual([{ secret: 'hunter2', keep: 'keep' }]);
    expect(JSON.stringify(withoutSecrets(draft))).not.toContain('hunter2');
  });

  it('of a host pin its key and keep the order of the jumps', async () => {
    const { client } = fakeVault();
    const jumps = [
      { ...emptyHop, host: 'first' },
      { ...emptyHop, host: 'second', method: 'agent' as const },
    ];
    const draft = draftFor({ kind: 'debian', trusted: 'ssh-ed25519 SHA256:abc', name: 'Host', jumps });
    const { access } = connectionSettingsSchema.parse(await toSettings(draft, 'keep', client));
    expect(access).toMatchObject({
      kind: 'debian',
      target: { host: 'pve1.example.org', port: 2222, hostKeys: ['ssh-ed25519 SHA256:abc'] },
      jumps: [{ host: 'first' }, { host: 'second', auth: { method: 'agent' } }],
    });
  });

  it('of an edited connection keep what was not typed again, and learned nodes', async () => {
    const { client, stored } = fakeVault();
    const saved = {
      id: 'c1',
      settings: connectionSettingsSchema.parse({
        name: 'North',
        access: {
          kind: 'pve',
          endpoints: [
            { host: 'a', port: 8006, fingerprint },
            { host: 'b', port: 8006, fingerprint: 'CD' },
          ],
          auth: { method: 'token', tokenId: 'root@pam!desk', secret: 'cred_aaaaaaaaaaaaaaaa' },
        },
      }),
    } as SavedConnection;
    const draft = draftOf(saved);
    expect(stepProblems('sign-in', draft)).toEqual({});
    const settings = connectionSettingsSchema.parse(await toSettings({ ...draft, name: 'South' }, 'keep', client));
    expect(settings).toEqual({ ...saved.settings, name: 'South' });
    expect(stored).toEqual([]);
  });
});
