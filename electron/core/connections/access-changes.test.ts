import { describe, expect, it } from 'vitest';
import {
  connectionSettingsSchema,
  credentialRefSchema,
  type ConnectionSettings,
  type ConnectionSettingsInput,
} from '../../contract/connection-settings.ts';
import {
  accountOf,
  credentialRefsOf,
  endpointOf,
  mapCredentials,
  noCredential,
  withPin,
  withRememberedSecret,
} from './access-changes.ts';

const ref = (letter: string) => credentialRefSchema.parse(`cred_${letter.repeat(24)}`);
const accessOf = (access: ConnectionSettingsInput['access']): ConnectionSettings['access'] =>
  connectionSettingsSchema.parse({ name: 'x', access }).access;

const pve = accessOf({
  kind: 'pve',
  endpoints: [{ host: 'a.example' }, { host: 'fd00::1', fingerprint: 'AA' }],
  auth: { method: 'password', user: 'root', realm: 'pam', password: ref('p') },
});
const viaJump = accessOf({
  kind: 'debian',
  target: { host: 'inner', user: 'root', auth: { method: 'password', password: ref('t') }, hostKeys: ['old'] },
  jumps: [{ host: 'outer', port: 2222, user: 'hop', auth: { method: 'key', path: '/k', passphrase: ref('j') } }],
});

describe('settings of a way in', () => {
  it('name their address and account', () => {
    expect([endpointOf(pve), accountOf(pve)]).toEqual(['a.example:8006', 'root@pam']);
    expect([endpointOf(viaJump), accountOf(viaJump)]).toEqual(['inner:22', 'root']);
    expect(endpointOf(accessOf({ kind: 'local' }))).toBe('');
  });

  it('take a pin at the address that presented it, in either way of writing IPv6', () => {
    expect(withPin(pve, { endpoint: 'a.example:8006', presented: 'BB' })).toMatchObject({
      endpoints: [{ fingerprint: 'BB' }, { fingerprint: 'AA' }],
    });
    for (const written of ['[fd00::1]:8006', 'fd00::1:8006'])
      expect(withPin(pve, { endpoint: written, presented: 'BB' })).toMatchObject({
        endpoints: [{ host: 'a.example' }, { fingerprint: 'BB' }],
      });
    expect(withPin(pve, { endpoint: 'elsewhere:8006', presented: 'BB' })).toEqual(pve);
  });

  it('take a host key at the hop that presented it, in the place of the old one', () => {
    expect(withPin(viaJump, { endpoint: 'inner:22', presented: 'new' })).toMatchObject({
      target: { hostKeys: ['new'] },
      jumps: [{ hostKeys: [] }],
    });
    expect(withPin(viaJump, { endpoint: 'outer:2222', presented: 'new' })).toMatchObject({
      target: { hostKeys: ['old'] },
      jumps: [{ hostKeys: ['new'] }],
    });
  });

  it('take the host key of a name that stands for another address at the hop that is meant, and nowhere else', () => {
    const target = { host: 'web', user: 'root', auth: { method: 'automatic' as const } };
    const alias = accessOf({ kind: 'debian', target, jumps: [{ ...target, host: 'gate' }] });
    const seen = { endpoint: '10.0.0.7:22', presented: 'new' };
    expect(withPin(alias, { ...seen, hop: 'target' })).toMatchObject({
      target: { hostKeys: ['new'] },
      jumps: [{ hostKeys: [] }],
    });
    expect(withPin(alias, { ...seen, hop: 0 })).toMatchObject({
      target: { hostKeys: [] },
      jumps: [{ hostKeys: ['new'] }],
    });
    // A jump host that only ~/.ssh/config names: its key must never become the host's.
    const direct = accessOf({ kind: 'debian', target });
    expect(withPin(direct, { ...seen, hop: 0 })).toEqual(direct);
    expect(withPin(direct, seen)).toEqual(direct);
  });

  it('list their secrets, and lose or change them together', () => {
    expect([credentialRefsOf(pve), credentialRefsOf(viaJump)]).toEqual([[ref('p')], [ref('t'), ref('j')]]);
    expect(credentialRefsOf(mapCredentials(viaJump, () => undefined))).toEqual([]);
    expect(credentialRefsOf(mapCredentials(viaJump, (known) => (known === ref('t') ? ref('x') : known)))).toEqual([
      ref('x'),
      ref('j'),
    ]);
  });

  it('hold a reference that names nothing where a token needs one', () => {
    const token = accessOf({
      kind: 'pve',
      endpoints: [{ host: 'a' }],
      auth: { method: 'token', tokenId: 'a@pve!b', secret: ref('s') },
    });
    const without = mapCredentials(token, () => undefined);
    expect(without).toMatchObject({ auth: { secret: noCredential } });
    expect(credentialRefsOf(without)).toEqual([]);
  });

  it('remember answers without giving up what ~/.ssh/config says, and never one that is a second factor', () => {
    const alias = accessOf({ kind: 'debian', target: { host: 'web', user: 'root', auth: { method: 'automatic' } } });
    const password = { type: 'password', account: 'root@10.0.0.7', again: false, hop: 'target' } as const;
    const passphrase = { type: 'key-passphrase', path: '/k', again: false, hop: 'target' } as const;
    const both = withRememberedSecret(withRememberedSecret(alias, password, ref('a'))!, passphrase, ref('b'))!;
    expect(both).toMatchObject({
      target: { host: 'web', auth: { method: 'automatic', password: ref('a'), passphrase: ref('b') } },
    });
    expect(credentialRefsOf(both)).toEqual([ref('b'), ref('a')]);
    expect(mapCredentials(both, () => undefined)).toEqual(alias);
    // A jump host of ProxyJump: its password is not the target's.
    expect(withRememberedSecret(alias, { ...password, hop: 0 }, ref('n'))).toBeUndefined();
    const key = accessOf({ kind: 'debian', target: { host: 'a', user: 'b', auth: { method: 'key', path: '/k' } } });
    expect(withRememberedSecret(key, password, ref('n'))).toBeUndefined();
  });

  it('remember the answer to a question at the hop that asked it', () => {
    const password = { type: 'password', account: 'root@inner', again: false, hop: 'target' } as const;
    expect(withRememberedSecret(viaJump, password, ref('n'))).toMatchObject({
      target: { auth: { method: 'password', password: ref('n') } },
      jumps: [{ auth: { passphrase: ref('j') } }],
    });
    const passphrase = { type: 'key-passphrase', path: '/k', again: false, hop: 0 } as const;
    expect(withRememberedSecret(viaJump, passphrase, ref('n'))).toMatchObject({
      target: { auth: { password: ref('t') } },
      jumps: [{ auth: { passphrase: ref('n') } }],
    });
    const stranger = { type: 'password', account: 'somebody@else', again: false, hop: 1 } as const;
    expect(withRememberedSecret(viaJump, stranger, ref('n'))).toBeUndefined();
    const code = { type: 'tfa', account: 'root@pam', kinds: ['totp'], recoveryKeysLeft: [], again: false } as const;
    expect(
      withRememberedSecret(pve, { ...code, kinds: [...code.kinds], recoveryKeysLeft: [] }, ref('n')),
    ).toBeUndefined();
  });
});
