import type { SavedConnection } from '../../contract/connection-settings.ts';
import type { ConnectionId } from '../../contract/ids.ts';
import type { InventoryDelta } from '../../contract/inventory.ts';
import type { Preferences } from '../../contract/preferences.ts';
import type { EntityRecord, LoadRow } from '../../contract/records/index.ts';

/** Configured connections. Written through to disk before the promise resolves. Rejects with `profile.not-writable`. */
export interface ConnectionStore {
  list(): Promise<readonly SavedConnection[]>;
  put(connection: SavedConnection): Promise<void>;
  remove(id: ConnectionId): Promise<void>;
  /** Told when another process on the same profile (the CLI) changed the list. */
  onDidChangeElsewhere(listener: () => void): { dispose(): void };
}

/** What was last known of one connection. */
export interface KnownInventory {
  readonly connectionId: ConnectionId;
  readonly records: readonly EntityRecord[];
  readonly loads: readonly LoadRow[];
  /** When it was last read without error. */
  readonly lastGoodAtMs: number;
}

/** The memory of the inventory. Never throws into the poll: a failed write is reported once through `onProblem`. */
export interface InventoryStore {
  load(): Promise<readonly KnownInventory[]>;
  /** Queues a change; written in one transaction, soon, off the caller's turn. */
  save(
    connectionId: ConnectionId,
    delta: Pick<InventoryDelta, 'put' | 'removed' | 'loads'>,
    lastGoodAtMs: number,
  ): void;
  forget(connectionId: ConnectionId): void;
  /** Resolves when everything queued is on disk. */
  flush(): Promise<void>;
}

/** What the window remembers. A value that does not fit its schema falls back to its default. */
export interface PreferenceStore {
  read(): Promise<Preferences>;
  write(change: Partial<Preferences>): Promise<void>;
}
