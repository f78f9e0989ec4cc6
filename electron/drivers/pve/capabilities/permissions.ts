/** `GET /access/permissions`: path to privilege to 1 (also below) or 0 (here alone). */
export type PermissionTable = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * What the account may do. PVE computes the table with everything inherited, for its base paths and for every path that
 * an ACL or a pool names; a path that is not listed has what the nearest listed one above it hands down.
 */
export class Permissions {
  readonly #table: PermissionTable;

  constructor(table: PermissionTable) {
    this.#table = table;
  }

  has(path: string, privilege: string): boolean {
    const own = this.#table[path];
    if (own !== undefined) return own[privilege] !== undefined;
    for (let above = parentOf(path); above !== undefined; above = parentOf(above)) {
      const entry = this.#table[above];
      if (entry !== undefined) return entry[privilege] === 1;
    }
    return false;
  }

  hasAny(path: string, privileges: readonly string[]): boolean {
    return privileges.some((privilege) => this.has(path, privilege));
  }

  /** A guest also gets what its pool hands down. */
  guestHas(vmid: string, pool: string | undefined, privilege: string): boolean {
    if (this.has(`/vms/${vmid}`, privilege)) return true;
    return pool !== undefined && this.#table[`/pool/${pool}`]?.[privilege] === 1;
  }

  /**
   * What a complete inventory would need and the account lacks, as `Privilege on path`. PVE leaves out silently what
   * may not be seen: an empty list is an answer, not an error.
   */
  missingForInventory(): readonly string[] {
    const wanted = [
      ['Sys.Audit', '/'],
      ['Sys.Audit', '/nodes'],
      ['VM.Audit', '/vms'],
      ['Datastore.Audit', '/storage'],
      ['Pool.Audit', '/pool'],
    ] as const;
    const missing = wanted.filter(([privilege, path]) => !this.has(path, privilege));
    // Who gets Sys.Audit on `/` has it on `/nodes`, too.
    const needsRoot = missing.some(([, path]) => path === '/');
    return missing
      .filter(([, path]) => !(needsRoot && path === '/nodes'))
      .map(([privilege, path]) => `${privilege} on ${path}`);
  }
}

function parentOf(path: string): string | undefined {
  if (path === '/') return undefined;
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}
