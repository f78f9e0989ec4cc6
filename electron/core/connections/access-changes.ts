import type { ConnectionSettings, CredentialRef, Prompt, SshAuth, SshHop } from '../../contract/connection-settings.ts';
import { credentialRefSchema } from '../../contract/connection-settings.ts';

type Access = ConnectionSettings['access'];
type Question = Prompt['question'];

/** Stands where the form demands a reference and there is none: exported connections, and those imported again. Names no secret. */
export const noCredential: CredentialRef = credentialRefSchema.parse('cred_0000000000000000');

/** `host:port` of the first configured address; empty for this machine. IPv6 addresses in brackets. */
export function endpointOf(access: Access): string {
  if (access.kind === 'local') return '';
  const first = access.kind === 'pve' ? access.endpoints[0] : access.target;
  return first === undefined ? '' : joinEndpoint(first.host, first.port);
}

/** The account as configured: `user@realm`, a token id, or the SSH user. */
export function accountOf(access: Access): string {
  if (access.kind === 'local') return '';
  if (access.kind === 'debian') return access.target.user;
  return access.auth.method === 'token' ? access.auth.tokenId : `${access.auth.user}@${access.auth.realm}`;
}

/** Every reference to a secret that these settings hold. */
export function credentialRefsOf(access: Access): readonly CredentialRef[] {
  const refs: (CredentialRef | undefined)[] = [];
  if (access.kind === 'pve') refs.push(access.auth.method === 'token' ? access.auth.secret : access.auth.password);
  if (access.kind === 'debian') for (const hop of hopsOf(access)) refs.push(...refsOf(hop.auth));
  return refs.filter((ref): ref is CredentialRef => ref !== undefined && ref !== noCredential);
}

/** The same settings with every reference replaced by what `replace` gives; undefined takes it out. */
export function mapCredentials(access: Access, replace: (ref: CredentialRef) => CredentialRef | undefined): Access {
  if (access.kind === 'local') return access;
  if (access.kind === 'debian') return mapHops(access, (hop) => ({ ...hop, auth: mapRefs(hop.auth, replace) }));
  const { auth } = access;
  if (auth.method === 'token') return { ...access, auth: { ...auth, secret: replace(auth.secret) ?? noCredential } };
  const { password, ...rest } = auth;
  const next = replaced(password, replace);
  return { ...access, auth: next === undefined ? rest : { ...rest, password: next } };
}

/**
 * The same settings trusting what was presented: a certificate's fingerprint or a host key. Of the hops of an SSH connection
 * `hop` says which; without it only one that is written as `endpoint`. Unchanged when nothing of theirs is meant.
 */
export function withPin(
  access: Access,
  { endpoint, presented, hop: place }: Pick<Extract<Question, { type: 'identity' }>, 'endpoint' | 'presented' | 'hop'>,
): Access {
  if (access.kind === 'local') return access;
  const isMeant = (place: { readonly host: string; readonly port: number }): boolean =>
    [joinEndpoint(place.host, place.port), `${place.host}:${place.port}`].includes(endpoint);
  if (access.kind === 'debian') {
    const meant =
      place === undefined ? hopsOf(access).find(isMeant) : place === 'target' ? access.target : access.jumps[place];
    return mapHops(access, (hop) => (hop === meant ? { ...hop, hostKeys: [presented] } : hop));
  }
  return {
    ...access,
    endpoints: access.endpoints.map((place) => (isMeant(place) ? { ...place, fingerprint: presented } : place)),
  };
}

/** The same settings naming the secret that answered a question, so that it is not asked again; undefined where the question has no place in them. */
export function withRememberedSecret(access: Access, question: Question, ref: CredentialRef): Access | undefined {
  if (access.kind === 'pve' && question.type === 'password')
    return access.auth.method === 'token'
      ? { ...access, auth: { ...access.auth, secret: ref } }
      : { ...access, auth: { ...access.auth, password: ref } };
  if (access.kind !== 'debian') return undefined;
  if ((question.type !== 'password' && question.type !== 'key-passphrase') || question.hop === undefined)
    return undefined;
  // Jump hosts that only ~/.ssh/config names have no place, and their password must never reach the target.
  const meant = question.hop === 'target' ? access.target : access.jumps[question.hop];
  const auth = meant && withAnswer(meant.auth, question.type, ref);
  if (meant === undefined || auth === undefined) return undefined;
  return mapHops(access, (hop) => (hop === meant ? { ...hop, auth } : hop));
}

/** The way to sign in stays what the user chose. Undefined where it has no place for such an answer: a second factor after a key. */
function withAnswer(auth: SshAuth, type: 'password' | 'key-passphrase', ref: CredentialRef): SshAuth | undefined {
  if (type === 'password')
    return auth.method === 'password' || auth.method === 'automatic' ? { ...auth, password: ref } : undefined;
  return auth.method === 'key' || auth.method === 'automatic' ? { ...auth, passphrase: ref } : undefined;
}

function replaced(
  ref: CredentialRef | undefined,
  replace: (ref: CredentialRef) => CredentialRef | undefined,
): CredentialRef | undefined {
  return ref === undefined ? undefined : replace(ref);
}

function refsOf(auth: SshAuth): readonly (CredentialRef | undefined)[] {
  switch (auth.method) {
    case 'agent':
      return [];
    case 'key':
      return [auth.passphrase];
    case 'password':
      return [auth.password];
    case 'automatic':
      return [auth.passphrase, auth.password];
  }
}

function mapRefs(auth: SshAuth, replace: (ref: CredentialRef) => CredentialRef | undefined): SshAuth {
  if (auth.method === 'agent') return auth;
  const { passphrase, password, ...bare } = { passphrase: undefined, password: undefined, ...auth };
  const nextPassphrase = replaced(passphrase, replace);
  const nextPassword = replaced(password, replace);
  return {
    ...bare,
    ...(nextPassphrase === undefined ? {} : { passphrase: nextPassphrase }),
    ...(nextPassword === undefined ? {} : { password: nextPassword }),
  };
}

type DebianAccess = Extract<Access, { kind: 'debian' }>;

function hopsOf(access: DebianAccess): readonly SshHop[] {
  return [access.target, ...access.jumps];
}

function mapHops(access: DebianAccess, change: (hop: SshHop) => SshHop): DebianAccess {
  return { ...access, target: change(access.target), jumps: access.jumps.map(change) };
}

function joinEndpoint(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}
