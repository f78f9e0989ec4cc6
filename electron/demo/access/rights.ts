import type { ClusterState } from '../state/cluster-state.ts';
import { rolesOf } from './roles.ts';
import type { SimGrant } from '../state/access.ts';

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
  readonly #isSeparated: boolean;
  readonly #user: SubjectRights;
  readonly #token: SubjectRights;
  readonly #cache = new Map<string, Privileges>();
  #lastCut: { own: Privileges; separate: Privileges; both: Privileges } | undefined;

  constructor(state: ClusterState, caller: Caller) {
    this.#state = state;
    const roles = rolesOf(state.release);
    const token = state.users.get(caller.user)?.tokens.get(caller.tokenId ?? '');
    this.#isSeparated = caller.tokenId !== undefined && (token?.privilegeSeparation ?? true);
    const isOwnGroup = (group: string): boolean => state.users.get(caller.user)?.groups.includes(group) ?? false;
    this.#user = new SubjectRights(state.grants, roles, 'user', caller.user, isOwnGroup);
    this.#token = new SubjectRights(state.grants, roles, 'token', authenticationId(caller), () => false);
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

  #compute(path: string): Privileges {
    const own = this.#withPool(this.#user, path);
    return this.#isSeparated ? this.#common(own, this.#withPool(this.#token, path)) : own;
  }

  /** A token with rights of its own never has more than its user. */
  #common(own: Privileges, separate: Privileges): Privileges {
    const last = this.#lastCut;
    if (last && last.own === own && last.separate === separate) return last.both;
    const both = new Map([...separate].filter(([privilege]) => own.has(privilege)));
    this.#lastCut = { own, separate, both };
    return both;
  }

  /** Rights on a pool are rights on the guests in it. */
  #withPool(rights: SubjectRights, path: string): Privileges {
    const held = rights.on(path);
    const pool = path.startsWith('/vms/') ? this.#state.guests.get(Number(path.slice(5)))?.pool : undefined;
    if (pool === undefined) return held;
    const pooled = rights.on(`/pool/${pool}`);
    return pooled === held || pooled.size === 0 ? held : new Map([...pooled, ...held]);
  }
}

/** What the access list gives to one user or token. */
class SubjectRights {
  readonly #grants = new Map<string, SimGrant[]>();
  readonly #roles: ReadonlyMap<string, readonly string[]>;
  readonly #kind: SimGrant['kind'];
  readonly #everything: Privileges | undefined;
  readonly #inherited = new Map<string, Privileges>();

  constructor(
    grants: readonly SimGrant[],
    roles: ReadonlyMap<string, readonly string[]>,
    kind: 'user' | 'token',
    subject: string,
    isOwnGroup: (group: string) => boolean,
  ) {
    this.#roles = roles;
    this.#kind = kind;
    if (subject === 'root@pam') this.#everything = this.#privilegesOf(['Administrator'], true);
    for (const grant of grants) {
      const isMine = grant.kind === kind && grant.subject === subject;
      if (!isMine && !(kind === 'user' && grant.kind === 'group' && isOwnGroup(grant.subject))) continue;
      const here = this.#grants.get(grant.path);
      if (here) here.push(grant);
      else this.#grants.set(grant.path, [grant]);
    }
  }

  /** What is held on a path itself. */
  on(path: string): Privileges {
    if (this.#everything) return this.#everything;
    return this.#granted(path, true) ?? this.#handedDown(path);
  }

  /** What a path hands down to those below it. */
  #handedDown(path: string): Privileges {
    const parent = path === '/' ? undefined : path.slice(0, path.lastIndexOf('/')) || '/';
    if (parent === undefined) return nothing;
    const known = this.#inherited.get(parent);
    if (known) return known;
    const found = this.#granted(parent, false) ?? this.#handedDown(parent);
    this.#inherited.set(parent, found);
    return found;
  }

  /** The lines of the list at one path: those for the subject itself win over those of its groups. */
  #granted(path: string, isTarget: boolean): Privileges | undefined {
    const here = this.#grants.get(path)?.filter((grant) => isTarget || grant.propagate);
    if (!here || here.length === 0) return undefined;
    const own = here.filter((grant) => grant.kind === this.#kind);
    const lines = own.length > 0 ? own : here;
    return this.#privilegesOf(
      lines.map((line) => line.role),
      lines.every((line) => line.propagate),
    );
  }

  #privilegesOf(roles: readonly string[], propagates: boolean): Privileges {
    return new Map(roles.flatMap((role) => this.#roles.get(role) ?? []).map((privilege) => [privilege, propagates]));
  }
}

const nothing: Privileges = new Map();
