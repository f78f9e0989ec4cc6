import type { Availability, CapabilityName } from '../../contract/capabilities.ts';
import type { Disposable } from '../../contract/disposable.ts';
import type { ConnectionId, EntityId } from '../../contract/ids.ts';
import type {
  EntityDetails,
  EntityHistory,
  EntityRecord,
  GuestRecord,
  HistoryWindow,
  LoadRow,
  TaskRecord,
} from '../../contract/records/index.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** What a driver may touch. Drivers never construct sockets, timers or loggers themselves. */
export interface DriverContext<Link> {
  readonly connectionId: ConnectionId;
  readonly link: Link;
  readonly clock: Clock;
  readonly log: Log;
}

/** One kind of system. */
export interface Driver<Link> {
  readonly name: 'pve' | 'debian';
  /** Signs in and finds out what the host can do. Rejects with any `connection.*`, `auth.*` or `remote.*` error. */
  open(context: DriverContext<Link>, signal: AbortSignal): Promise<DriverSession>;
}

/**
 * - `status`: cheap, as often as the cadence allows; power, load, presence.
 * - `full`: everything the inventory holds; after opening, on a hint that says so, and on a slow round.
 */
export type ListingPass = 'status' | 'full';

/** All that a connection holds at one moment. Complete in either pass: what is not listed is gone, unless it is named as not read. */
export interface InventoryListing {
  readonly records: readonly EntityRecord[];
  readonly loads: readonly LoadRow[];
  /** Guests that the host could not tell this time, e.g. because libvirtd is down: those known from before stay, in an unknown state. */
  readonly unread?: readonly GuestRecord['virtualization'][];
}

/** A reason to read again. Never new truth by itself. */
export interface InventoryHint {
  readonly because: string;
  readonly pass: ListingPass;
}

/** What is known of the connection as a whole, once open. */
export interface SessionFacts {
  readonly systemVersion: string;
  readonly account: string;
  /** `host:port` in use now; changes on fail-over. */
  readonly endpoint: string;
  readonly missingRights: readonly string[];
  readonly clockSkewMs?: number;
}

/**
 * One open connection. Facets that are absent are not implemented by this driver; verbs of a present facet may still be
 * unavailable for an entity, which `capability` says with the reason.
 */
export interface DriverSession {
  readonly facts: SessionFacts;
  /**
   * One entity in its present state; `undefined` when it makes no sense for its kind.
   * `known` is the inventory's record of it. Answered from memory, without asking the host.
   */
  capability(name: CapabilityName, known: EntityRecord): Availability | undefined;
  listInventory(pass: ListingPass, signal: AbortSignal): Promise<InventoryListing>;
  /** Hints from the host, e.g. libvirt events. A driver without events never calls. */
  watchInventory(onHint: (hint: InventoryHint) => void): Disposable;
  /** Told once when the session can no longer be used (connection lost, ticket not renewable). */
  onEnded(listener: (error: Error) => void): Disposable;

  readonly power: PowerFacet;
  readonly details: DetailsFacet;
  readonly tasks?: TaskFacet;

  /** Ends everything; harmless when ended. Resolves when nothing is left open. */
  close(): Promise<void>;
}

/** Verbs on a guest. They resolve as soon as the host accepted the work. */
export interface PowerFacet {
  /** Rejects with `entity.not-found`, `entity.wrong-state`, `entity.locked`, `access.denied`, `capability.unavailable`. */
  perform(action: GuestPowerAction, guest: EntityId, signal: AbortSignal): Promise<RemoteOperation>;
}

/** What a details page reads. */
export interface DetailsFacet {
  read(entity: EntityId, signal: AbortSignal): Promise<EntityDetails>;
  history(entity: EntityId, window: HistoryWindow, signal: AbortSignal): Promise<EntityHistory>;
}

/** The host's own list of tasks, where it keeps one. */
export interface TaskFacet {
  /** The recent ones, in no particular order. */
  list(signal: AbortSignal): Promise<readonly TaskRecord[]>;
  /** Lines from `firstLine` on; `isComplete` when the task has ended and nothing follows. */
  readLog(
    task: EntityId,
    firstLine: number,
    signal: AbortSignal,
  ): Promise<{ readonly lines: readonly string[]; readonly isComplete: boolean }>;
  cancel(task: EntityId, signal: AbortSignal): Promise<void>;
}

/** Something the host is doing: a PVE UPID, a libvirt job, or a remote process we started. */
export interface RemoteOperation {
  /** PVE: the UPID, and the task appears in the host's list under the same id. Else a name of our own. */
  readonly nativeId: string;
  /** Ends with one `end` event; one reader. */
  readonly events: AsyncIterable<OperationEvent>;
  cancel(): Promise<void>;
}

/** `unknown`: the host went away while it ran, so nobody can say how it ended. */
export type OperationEvent =
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'progress'; readonly done: number; readonly total: number; readonly unit: 'bytes' | 'steps' }
  | {
      readonly type: 'end';
      readonly outcome: 'succeeded' | 'warnings' | 'failed' | 'cancelled' | 'unknown';
      readonly text: string;
    };
