import type {
  ConnectionSettingsInput,
  CredentialRef,
  PveEndpoint,
  PveSettings,
  SshAuth,
  SshHop,
} from '../../../../electron/contract/connection-settings.ts';
import type { ContractClient } from '../../../../electron/contract/rpc/table.ts';
import { hostKeyText, presentedFingerprint, type HopDraft, type WizardDraft } from './wizard-draft.ts';

/** How long what was typed is kept: `once` for a test, `keep` in the vault for a saved connection. */
export type Keep = 'once' | 'keep';

type StoreSecret = (secret: string) => Promise<CredentialRef>;
type Access = ConnectionSettingsInput['access'];

/**
 * Turns the draft into settings. Each secret that was typed is stored first, by the contract's one method for it, and named by
 * its reference; one that was not typed keeps the reference of the edited connection.
 */
export async function toSettings(
  draft: WizardDraft,
  keep: Keep,
  client: Pick<ContractClient, 'request'>,
): Promise<ConnectionSettingsInput> {
  const store: StoreSecret = async (secret) => (await client.request('credentials.store', { secret, keep })).ref;
  const access = draft.kind === 'pve' ? await pveAccess(draft, store) : await debianAccess(draft, store);
  return {
    name: draft.name.trim() === '' ? draft.host : draft.name.trim(),
    group: draft.group.trim(),
    isEnabled: draft.edited?.settings.isEnabled ?? true,
    access,
  };
}

async function pveAccess(draft: WizardDraft, store: StoreSecret): Promise<Access> {
  const before = draft.edited?.settings.access.kind === 'pve' ? draft.edited.settings.access : undefined;
  return { kind: 'pve', endpoints: pveEndpoints(draft, before), auth: await pveAuth(draft, before, store) };
}

/** The given node first. Nodes that were learned stay as long as the address stays the same. */
function pveEndpoints(draft: WizardDraft, before: PveSettings | undefined): PveEndpoint[] {
  const foundPort = draft.probe?.pve.found === true ? draft.probe.pve.port : 8006;
  const given = {
    host: draft.host,
    port: draft.port === '' ? foundPort : Number(draft.port),
    ...(draft.trusted === '' ? {} : { fingerprint: draft.trusted }),
  };
  const [first, ...learned] = before?.endpoints ?? [];
  return first?.host === given.host && first.port === given.port ? [given, ...learned] : [given];
}

async function pveAuth(
  { pve }: WizardDraft,
  before: PveSettings | undefined,
  store: StoreSecret,
): Promise<PveSettings['auth']> {
  if (pve.method === 'token') {
    const kept = before?.auth.method === 'token' ? before.auth.secret : undefined;
    const secret = pve.tokenSecret === '' && kept !== undefined ? kept : await store(pve.tokenSecret);
    return { method: 'token', tokenId: pve.tokenId.trim(), secret };
  }
  const auth = before?.auth;
  const isSameUser = auth?.method === 'password' && auth.user === pve.user && auth.realm === pve.realm;
  const kept = isSameUser ? auth.password : undefined;
  const password = pve.password === '' ? kept : await store(pve.password);
  return {
    method: 'password',
    user: pve.user.trim(),
    realm: pve.realm,
    ...(password === undefined ? {} : { password }),
  };
}

async function debianAccess(draft: WizardDraft, store: StoreSecret): Promise<Access> {
  const before = draft.edited?.settings.access.kind === 'debian' ? draft.edited.settings.access : undefined;
  const presented = presentedFingerprint({ ...draft, kind: 'debian' });
  const hostKeys =
    draft.trusted !== '' && draft.trusted === presented && draft.probe?.ssh.found === true
      ? [hostKeyText(draft.probe.ssh.hostKey)]
      : draft.target.hostKeys;
  const target = await toHop({ ...draft.target, host: draft.host, hostKeys }, before?.target, store);
  const jumps: SshHop[] = [];
  for (const [index, jump] of draft.jumps.entries()) jumps.push(await toHop(jump, before?.jumps[index], store));
  return { kind: 'debian', target, jumps, privilege: draft.privilege };
}

async function toHop(hop: HopDraft, before: SshHop | undefined, store: StoreSecret): Promise<SshHop> {
  return {
    host: hop.host.trim(),
    port: Number(hop.port),
    user: hop.user.trim(),
    auth: await toAuth(hop, before?.auth, store),
    hostKeys: [...hop.hostKeys],
  };
}

async function toAuth(hop: HopDraft, before: SshAuth | undefined, store: StoreSecret): Promise<SshAuth> {
  switch (hop.method) {
    case 'agent':
      return { method: 'agent' };
    case 'automatic':
      return before?.method === 'automatic' ? before : { method: 'automatic' };
    case 'key': {
      const kept = before?.method === 'key' && before.path === hop.keyPath ? before.passphrase : undefined;
      const passphrase = hop.secret === '' ? kept : await store(hop.secret);
      return { method: 'key', path: hop.keyPath.trim(), ...(passphrase === undefined ? {} : { passphrase }) };
    }
    case 'password': {
      const kept = before?.method === 'password' ? before.password : undefined;
      const password = hop.secret === '' ? kept : await store(hop.secret);
      return { method: 'password', ...(password === undefined ? {} : { password }) };
    }
  }
}

/** The draft without anything secret, for when it has been saved or left. */
export function withoutSecrets(draft: WizardDraft): WizardDraft {
  return {
    ...draft,
    pve: { ...draft.pve, password: '', tokenSecret: '' },
    target: { ...draft.target, secret: '' },
    jumps: draft.jumps.map((jump) => ({ ...jump, secret: '' })),
  };
}
