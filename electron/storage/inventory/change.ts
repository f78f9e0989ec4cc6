import type { ConnectionId, EntityId } from '../../contract/ids.ts';

/** A row to write: an id and its record or load as JSON text. */
export type TextRow = readonly [id: EntityId, json: string];

/** What a transaction does to one connection, in this order: forget, remove, put. */
export interface ConnectionChange {
  readonly connectionId: ConnectionId;
  /** Removes everything known of it first. */
  readonly forgets: boolean;
  /** Absent when nothing is kept of it from now on. */
  readonly lastGoodAtMs?: number;
  readonly removed: readonly EntityId[];
  readonly records: readonly TextRow[];
  readonly loads: readonly TextRow[];
}
