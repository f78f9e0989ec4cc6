import type { Route } from './route.ts';

/** A route that fits a path, with what the path says. */
export interface RouteMatch {
  readonly route: Route;
  readonly pathParameters: ReadonlyMap<string, string>;
}

interface Branch {
  readonly fixed: Map<string, Branch>;
  variable?: { readonly name: string; readonly branch: Branch };
  readonly methods: Map<string, Route>;
}

/** The routes as a tree, so that finding one does not depend on how many there are. */
export class RouteTable {
  readonly #root = emptyBranch();

  constructor(routes: readonly Route[]) {
    for (const route of routes) this.#add(route);
  }

  /** The route of a method and a path below /api2/json; extra slashes count for nothing. */
  find(method: string, path: string): RouteMatch | undefined {
    const pathParameters = new Map<string, string>();
    let branch: Branch = this.#root;
    for (const part of split(path)) {
      const fixed = branch.fixed.get(part);
      if (fixed) {
        branch = fixed;
        continue;
      }
      if (!branch.variable) return undefined;
      pathParameters.set(branch.variable.name, part);
      branch = branch.variable.branch;
    }
    const route = branch.methods.get(method);
    return route && { route, pathParameters };
  }

  #add(route: Route): void {
    let branch = this.#root;
    for (const part of split(route.path)) branch = descend(branch, part);
    if (branch.methods.has(route.method)) throw new Error(`Two routes for ${route.method} ${route.path}`);
    branch.methods.set(route.method, route);
  }
}

function descend(branch: Branch, part: string): Branch {
  const name = /^\{(.+)\}$/.exec(part)?.[1];
  if (name === undefined) {
    const next = branch.fixed.get(part) ?? emptyBranch();
    branch.fixed.set(part, next);
    return next;
  }
  branch.variable ??= { name, branch: emptyBranch() };
  return branch.variable.branch;
}

function emptyBranch(): Branch {
  return { fixed: new Map(), methods: new Map() };
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
