import type { HttpRequest } from '../http/request.ts';

/** Which requests a fault hits; a member that is left out fits everything. */
export interface FaultMatch {
  /** Node whose socket the request comes in through. */
  readonly node?: string;
  readonly method?: string;
  /** Path below /api2/json without the query: exact text, or a pattern. */
  readonly path?: string | RegExp;
}

/** What goes wrong. Delays are divided by the cluster's speed. */
export type FaultAction =
  /** The connection stays open and nothing comes. */
  | { readonly kind: 'silence' }
  /** The connection breaks before a byte of the answer. */
  | { readonly kind: 'drop' }
  /** The right answer is cut off after this share of its body and the connection breaks. */
  | { readonly kind: 'break-in-body'; readonly share?: number }
  /** A complete answer whose JSON stops in the middle. */
  | { readonly kind: 'truncated-json'; readonly share?: number }
  /** 200 with this body. */
  | { readonly kind: 'body'; readonly text: string; readonly contentType?: string }
  /** A status line as it stands, with an empty body unless one is given. */
  | { readonly kind: 'status'; readonly status: number; readonly reason: string; readonly body?: string }
  /** The right answer, late. */
  | { readonly kind: 'delay'; readonly ms: number };

interface ActiveFault {
  readonly match: FaultMatch;
  readonly action: FaultAction;
  left: number;
}

/** Scripted faults of a cluster's answers. */
export class Faults {
  readonly #active = new Set<ActiveFault>();

  /** Adds a fault for the next `times` fitting requests (default: until removed). The answer removes it. */
  add(match: FaultMatch, action: FaultAction, times = Number.POSITIVE_INFINITY): () => void {
    const fault: ActiveFault = { match, action, left: times };
    this.#active.add(fault);
    return () => void this.#active.delete(fault);
  }

  /** Removes all of them. */
  clear(): void {
    this.#active.clear();
  }

  /** The fault that hits this request, if any; counts it. */
  take(node: string, request: HttpRequest): FaultAction | undefined {
    const path = (request.target.split('?')[0] ?? '').replace(/^\/api2\/[a-z]+/, '');
    for (const fault of this.#active) {
      if (!fits(fault.match, node, request.method, path)) continue;
      fault.left -= 1;
      if (fault.left <= 0) this.#active.delete(fault);
      return fault.action;
    }
    return undefined;
  }
}

function fits(match: FaultMatch, node: string, method: string, path: string): boolean {
  if (match.node !== undefined && match.node !== node) return false;
  if (match.method !== undefined && match.method !== method) return false;
  if (match.path === undefined) return true;
  return typeof match.path === 'string' ? match.path === path : match.path.test(path);
}
