import type { ClusterState } from '../state/cluster-state.ts';
import { rolesOf } from './roles.ts';

/** Who asks. */
export interface Caller {
  /** Without the token. */
  readonly user: string;
  readonly tokenId?: string;
}

/** The name that the access list and the logs use: `user@realm` or `user@realm!token`. */
export function authenticationId(caller: Caller): string {
  return caller.tokenId === undefined ? caller.user : `${caller.user}!${caller.tokenId}`;
}

type Privileges = ReadonlyMap<string, boolean>;

/** The rights of one caller; what it worked out it keeps, so make a new one per request. */
export class Rights {
  readonly #state: ClusterState;
  readonly #roles: ReadonlyMap<string, readonly string[]>;
  readonly #caller: Caller;
  readonly #cache = new Map<string, Privileges>();
  readonly #everything: Privileges;

  constructor(state: ClusterState, caller: Caller) {
    this.#state = state;
    this.#roles = rolesOf(state.release);
    this.#caller = caller;
    this.#everything = new Map((this.#roles.get('Administrator') ?? []).map((privilege) => [privilege, true]));
  }

  /** Whether the caller is root itself or a token of it without separation. */
  get isRoot(): boolean {
    return this.#caller.user === 'root@pam' && !this.#isSeparated();
  }

  /** The caller holds every one of these. */
  has(path: string, ...privileges: readonly string[]): boolean {
    const held = this.on(path);
    return privileges.every((privilege) => held.has(privilege));
  }

  /** The caller holds at least one of these. */
  hasAny(path: string, privileges: readonly string[]): boolean {
    const held = this.on(path);
    return privileges.some((privilege) => held.has(privilege));
  }

  /** Privileges on a path; the value says whether they are passed on to what lies below. */
  on(path: string): Privileges {
    const known = this.#cache.get(path);
    if (known) return known;
    const found = this.#compute(path);
    this.#cache.set(path, found);
    return found;
  }

  #isSeparated(): boolean {
    if (this.#caller.tokenId === undefined) return false;
    const token = this.#state.users.get(this.#caller.user)?.tokens.get(this.#caller.tokenId);
    return token?.privilegeSeparation ?? true;
  }

  #compute(path: string): Privileges {
    const own = this.#ofSubject(path, this.#caller.user, 'user');
    if (!this.#isSeparated()) return own;
    const separate = this.#ofSubject(path, authenticationId(this.#caller), 'token');
    return new Map([...separate].filter(([privilege]) => own.has(privilege)));
  }

  #ofSubject(path: string, subject: string, kind: 'user' | 'token'): Privileges {
    if (subject === 'root@pam') return this.#everything;
    const held = this.#fromRoles(path, subject, kind);
    const guest = /^\/vms\/(\d+)$/.exec(path);
    const pool = guest ? this.#state.guests.get(Number(guest[1]))?.pool : undefined;
    if (pool === undefined) return held;
    return new Map([...this.#fromRoles(`/pool/${pool}`, subject, kind), ...held]);
  }

  #fromRoles(path: string, subject: string, kind: 'user' | 'token'): Privileges {
    let current = new Map<string, boolean>();
    for (const prefix of prefixesOf(path)) {
      const granted = this.#grantedAt(prefix, prefix === path, subject, kind);
      if (granted) current = granted;
    }
    return current;
  }

  /** What the list says at one path for this subject: its own lines win over those of its groups. */
  #grantedAt(
    path: string,
    isTarget: boolean,
    subject: string,
    kind: 'user' | 'token',
  ): Map<string, boolean> | undefined {
    const groups = kind === 'user' ? (this.#state.users.get(subject)?.groups ?? []) : [];
    const here = this.#state.grants.filter((grant) => grant.path === path && (isTarget || grant.propagate));
    const own = here.filter((grant) => grant.kind === kind && grant.subject === subject);
    const shared = here.filter((grant) => grant.kind === 'group' && groups.includes(grant.subject));
    const lines = own.length > 0 ? own : shared;
    if (lines.length === 0) return undefined;
    const privileges = new Map<string, boolean>();
    for (const line of lines) {
      for (const privilege of this.#roles.get(line.role) ?? []) privileges.set(privilege, line.propagate);
    }
    return privileges;
  }
}

function prefixesOf(path: string): string[] {
  const prefixes = ['/'];
  let prefix = '';
  for (const part of path.split('/').filter((piece) => piece !== '')) {
    prefix += `/${part}`;
    prefixes.push(prefix);
  }
  return prefixes;
}
