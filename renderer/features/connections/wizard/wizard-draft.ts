import type {
  ConnectionSettings,
  ProbeResult,
  SavedConnection,
} from '../../../../electron/contract/connection-settings.ts';

/** One SSH hop as it is typed. Secrets stay in the wizard until they are stored, and are never part of an address or a store. */
export interface HopDraft {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly method: 'automatic' | 'agent' | 'key' | 'password';
  readonly keyPath: string;
  readonly secret: string;
  readonly hostKeys: readonly string[];
}

/** Everything that the wizard knows. Going back never loses any of it. */
export interface WizardDraft {
  /** Set when an existing connection is edited: empty secrets then mean "as before". */
  readonly edited: SavedConnection | undefined;
  readonly host: string;
  readonly port: string;
  readonly probe: ProbeResult | undefined;
  readonly kind: 'pve' | 'debian' | undefined;
  /** The fingerprint that the user said yes to; empty until then. */
  readonly trusted: string;
  readonly pve: {
    readonly method: 'password' | 'token';
    readonly user: string;
    readonly realm: string;
    readonly password: string;
    readonly tokenId: string;
    readonly tokenSecret: string;
  };
  readonly target: HopDraft;
  readonly jumps: readonly HopDraft[];
  readonly privilege: 'automatic' | 'none' | 'sudo';
  readonly remember: boolean;
  readonly name: string;
  readonly group: string;
}

export const emptyHop: HopDraft = {
  host: '',
  port: '22',
  user: 'root',
  method: 'automatic',
  keyPath: '',
  secret: '',
  hostKeys: [],
};

/** The wizard as it opens. */
export const emptyDraft: WizardDraft = {
  edited: undefined,
  host: '',
  port: '',
  probe: undefined,
  kind: undefined,
  trusted: '',
  pve: { method: 'password', user: 'root', realm: 'pam', password: '', tokenId: '', tokenSecret: '' },
  target: emptyHop,
  jumps: [],
  privilege: 'automatic',
  remember: true,
  name: '',
  group: '',
};

export const wizardSteps = ['host', 'identity', 'sign-in', 'test', 'name'] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** What answered, as the identity that is to be trusted. Undefined where nothing answered (a host behind a jump host). */
export function presentedFingerprint(draft: WizardDraft): string | undefined {
  if (draft.kind === 'pve')
    return draft.probe?.pve.found === true ? draft.probe.pve.certificate.fingerprint : undefined;
  if (draft.kind === 'debian')
    return draft.probe?.ssh.found === true ? hostKeyText(draft.probe.ssh.hostKey) : undefined;
  return undefined;
}

/** A host key as it is pinned: `<algorithm> SHA256:<base64>`. */
export function hostKeyText(key: { readonly algorithm: string; readonly fingerprint: string }): string {
  return `${key.algorithm} ${key.fingerprint}`;
}

/** Splits `host:port`, `https://host:8006/`, `user@host`, `[::1]:22` into what the fields want. */
export function parseAddress(text: string): { readonly host: string; readonly port: string; readonly user: string } {
  const bare = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/, '');
  const at = bare.lastIndexOf('@');
  const user = at < 0 ? '' : bare.slice(0, at);
  const rest = bare.slice(at + 1);
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(rest);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] ?? '', user };
  const single = /^([^:]+):(\d+)$/.exec(rest);
  if (single !== null) return { host: single[1] ?? '', port: single[2] ?? '', user };
  return { host: rest, port: '', user };
}

/** Takes over what the probe found: the only kind that answers, the default realm, what ~/.ssh/config says. */
export function withProbe(draft: WizardDraft, probe: ProbeResult): WizardDraft {
  const pveFound = probe.pve.found;
  const kind = pveFound ? 'pve' : probe.ssh.found ? 'debian' : undefined;
  const realms = probe.pve.found ? probe.pve.realms : [];
  const realm = realms.find((each) => each.isDefault) ?? realms[0];
  const config = probe.sshConfig;
  const [identityFile] = config?.identityFiles ?? [];
  return {
    ...draft,
    probe,
    kind: draft.edited === undefined ? kind : draft.kind,
    trusted: '',
    pve: realm === undefined || draft.edited !== undefined ? draft.pve : { ...draft.pve, realm: realm.realm },
    target:
      draft.edited !== undefined
        ? draft.target
        : {
            ...draft.target,
            host: draft.host,
            port: String(probe.ssh.found ? probe.ssh.port : (config?.port ?? 22)),
            user: config?.user ?? draft.target.user,
            ...(identityFile === undefined ? {} : { keyPath: identityFile }),
          },
  };
}

/** The name that is proposed: the host without its domain. */
export function proposedName(draft: WizardDraft): string {
  const host = draft.probe?.sshConfig?.alias ?? draft.host;
  return /^[\d.:]+$/.test(host) ? host : (host.split('.')[0] ?? host);
}

function hopDraft(hop: Extract<ConnectionSettings['access'], { kind: 'debian' }>['target']): HopDraft {
  return {
    host: hop.host,
    port: String(hop.port),
    user: hop.user,
    method: hop.auth.method,
    keyPath: hop.auth.method === 'key' ? hop.auth.path : '',
    secret: '',
    hostKeys: hop.hostKeys,
  };
}

/** The wizard filled with a saved connection. Its secrets are not here and need not be typed again. */
export function draftOf(saved: SavedConnection): WizardDraft {
  const { access, name, group } = saved.settings;
  const base: WizardDraft = { ...emptyDraft, edited: saved, name, group };
  if (access.kind === 'local') return { ...base, privilege: access.privilege };
  if (access.kind === 'debian') {
    const target = hopDraft(access.target);
    return {
      ...base,
      kind: 'debian',
      host: target.host,
      port: target.port,
      target,
      jumps: access.jumps.map(hopDraft),
      privilege: access.privilege,
    };
  }
  const [endpoint] = access.endpoints;
  const { auth } = access;
  return {
    ...base,
    kind: 'pve',
    host: endpoint?.host ?? '',
    port: String(endpoint?.port ?? 8006),
    trusted: endpoint?.fingerprint ?? '',
    pve:
      auth.method === 'token'
        ? { ...emptyDraft.pve, method: 'token', tokenId: auth.tokenId }
        : { ...emptyDraft.pve, method: 'password', user: auth.user, realm: auth.realm },
  };
}

/** Whether there is a password or passphrase whose keeping is the user's choice. A token without its secret is useless: it is always kept. */
export function hasTypedSecret(draft: WizardDraft): boolean {
  if (draft.kind === 'pve') return draft.pve.method === 'password' && draft.pve.password !== '';
  return [draft.target, ...draft.jumps].some(
    (hop) => hop.secret !== '' && (hop.method === 'key' || hop.method === 'password'),
  );
}

/** The account as the summary shows it. */
export function accountText(draft: WizardDraft): string {
  if (draft.kind === 'debian') return draft.target.user;
  return draft.pve.method === 'token' ? draft.pve.tokenId : `${draft.pve.user}@${draft.pve.realm}`;
}
