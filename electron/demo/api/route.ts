import type { Caller, Rights } from '../access/rights.ts';
import type { Json } from '../json.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimNode } from '../state/node.ts';
import type { ParameterRules, Parameters } from './parameters.ts';

/** The methods of PVE's API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Who may call: anybody, anybody who is signed in, or who holds privileges on a path. */
export type Access =
  | { readonly kind: 'world' }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'check';
      /** May name path parameters: `/vms/{vmid}`. */
      readonly path: string;
      readonly privileges: readonly string[];
      /** One of them is enough. */
      readonly any?: boolean;
    };

/** One call, checked. */
export interface Call {
  readonly state: ClusterState;
  /** The node whose socket the call came in through. */
  readonly local: SimNode;
  /** The node that the path names, else the local one. */
  readonly node: SimNode;
  readonly caller: Caller;
  readonly rights: Rights;
  readonly parameters: Parameters;
}

/** An answer with more members than `data`. */
export class RichAnswer {
  readonly data: Json;
  readonly more: Readonly<Record<string, Json>>;
  constructor(data: Json, more: Readonly<Record<string, Json>>) {
    this.data = data;
    this.more = more;
  }
}

/** A body that is already text, for answers that are kept until something changes. */
export class PreparedAnswer {
  readonly body: string;
  constructor(body: string) {
    this.body = body;
  }
}

/** What a handler may answer. */
export type Answer = Json | RichAnswer | PreparedAnswer;

/** One method of the API. */
export interface Route {
  readonly method: Method;
  /** Below /api2/json, path parameters in braces. */
  readonly path: string;
  readonly parameters: ParameterRules;
  readonly access: Access;
  /** Runs only from this release on. */
  readonly sinceNine?: boolean;
  readonly run: (call: Call) => Answer | Promise<Answer>;
}

/** Anybody, without signing in. */
export const world: Access = { kind: 'world' };

/** Anybody who is signed in; what is listed depends on rights. */
export const signedIn: Access = { kind: 'all' };

/** Holders of every one of these privileges on a path. */
export function holders(path: string, ...privileges: readonly string[]): Access {
  return { kind: 'check', path, privileges };
}

/** Holders of one of these privileges on a path. */
export function holdersOfAny(path: string, ...privileges: readonly string[]): Access {
  return { kind: 'check', path, privileges, any: true };
}
