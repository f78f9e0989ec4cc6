import type { ErrorShape } from '../../contract/errors.ts';
import type { FreshnessState } from '../../contract/records/index.ts';

/** Where a connection stands, with exactly what that place needs. The words are those of {@link FreshnessState}. */
export type ConnectionState =
  | { readonly state: 'disabled' }
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'stale'; readonly error: ErrorShape }
  /** Without `nextTryAtMs` a try is under way. */
  | { readonly state: 'offline'; readonly error: ErrorShape; readonly nextTryAtMs?: number }
  | { readonly state: 'blocked'; readonly error: ErrorShape };

/** The whole life of a connection. What is not listed is a bug, not a surprise. */
const allowed: { readonly [From in FreshnessState]: readonly FreshnessState[] } = {
  disabled: ['connecting'],
  connecting: ['live', 'offline', 'blocked', 'disabled'],
  live: ['stale', 'blocked', 'connecting', 'disabled'],
  stale: ['live', 'offline', 'blocked', 'connecting', 'disabled'],
  // A try by itself stays `offline` until it succeeds: a tree that flickers between two words says less than one.
  offline: ['live', 'blocked', 'connecting', 'disabled'],
  blocked: ['connecting', 'disabled'],
};

/** Goes from one state to another; throws a RangeError where the table has no such way. */
export function transition(from: ConnectionState, to: ConnectionState): ConnectionState {
  if (from.state !== to.state && !allowed[from.state].includes(to.state))
    throw new RangeError(`a connection cannot go from ${from.state} to ${to.state}`);
  return to;
}
