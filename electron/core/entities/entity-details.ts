import type { Disposable } from '../../contract/disposable.ts';
import { AppError, toAppError, type ErrorShape } from '../../contract/errors.ts';
import { splitEntityId, type EntityId } from '../../contract/ids.ts';
import type { EntityDetails } from '../../contract/records/index.ts';
import { withDeadline } from '../connections/deadline.ts';
import { Waiter } from '../connections/waiter.ts';
import type { Visibility } from '../connections/visibility.ts';
import { isSameValue } from '../inventory/record-equality.ts';
import type { Clock } from '../ports/clock.ts';
import type { DriverSession } from '../ports/driver.ts';

/** A guest somebody looks at: PVE's own window asks every second, at a cost of one QMP query; every other second still moves. */
export const GUEST_DETAILS_EVERY_MS = 2_000;
/** Nodes, storages and the rest: their details rarely move, and some (storage content) are dear to read. */
export const OTHER_DETAILS_EVERY_MS = 10_000;
/** Any details in a window that is hidden. */
export const HIDDEN_DETAILS_EVERY_MS = 30_000;
/** One read: agents and dead NFS mounts make a host wait; what was known is shown meanwhile. */
const DETAILS_TIMEOUT_MS = 15_000;

/** What `entity.watchDetails` sends. With an error the last details that are known come along. */
export interface DetailsFrame {
  readonly details?: EntityDetails | undefined;
  readonly error?: ErrorShape | undefined;
}

export interface EntityDetailsPorts {
  readonly clock: Clock;
  readonly visibility: Visibility;
  /** Throws `entity.not-found` or `connection.not-ready`. */
  sessionOf(id: EntityId): DriverSession;
}

interface Reader {
  readonly watchers: Set<(frame: DetailsFrame) => void>;
  readonly life: AbortController;
  readonly waiter: Waiter;
  last: DetailsFrame | undefined;
}

/** Details are read only while somebody looks, by one reader for each entity however many windows show it. */
export class EntityDetailsReaders {
  readonly #readers = new Map<EntityId, Reader>();
  readonly #held: Disposable;

  constructor(private readonly ports: EntityDetailsPorts) {
    this.#held = ports.visibility.onDidChange(() => {
      for (const reader of this.#readers.values()) reader.waiter.wake();
    });
  }

  watch(id: EntityId, watcher: (frame: DetailsFrame) => void): Disposable {
    let reader = this.#readers.get(id);
    if (reader === undefined) {
      reader = {
        watchers: new Set(),
        life: new AbortController(),
        waiter: new Waiter(this.ports.clock),
        last: undefined,
      };
      this.#readers.set(id, reader);
      void this.#run(id, reader);
    }
    const own = reader;
    own.watchers.add(watcher);
    if (own.last !== undefined) watcher(own.last);
    return {
      dispose: () => {
        own.watchers.delete(watcher);
        if (own.watchers.size > 0 || this.#readers.get(id) !== own) return;
        this.#readers.delete(id);
        own.life.abort();
      },
    };
  }

  /** Reads at once: something was done to it. */
  refresh(id: EntityId): void {
    this.#readers.get(id)?.waiter.wake();
  }

  close(): void {
    this.#held.dispose();
    for (const reader of this.#readers.values()) reader.life.abort();
    this.#readers.clear();
  }

  async #run(id: EntityId, reader: Reader): Promise<void> {
    const { signal } = reader.life;
    const everyMs = splitEntityId(id).kind === 'guest' ? GUEST_DETAILS_EVERY_MS : OTHER_DETAILS_EVERY_MS;
    while (!signal.aborted) {
      const frame = await this.#read(id, reader.last, signal);
      if (signal.aborted) return;
      if (reader.last === undefined || !isSameFrame(reader.last, frame)) {
        reader.last = frame;
        for (const watcher of reader.watchers) watcher(frame);
      }
      const pauseMs = this.ports.visibility.isVisible ? everyMs : HIDDEN_DETAILS_EVERY_MS;
      await reader.waiter.wait(pauseMs, signal).catch(() => undefined);
    }
  }

  async #read(id: EntityId, last: DetailsFrame | undefined, signal: AbortSignal): Promise<DetailsFrame> {
    const { clock } = this.ports;
    const error = (): Error =>
      new AppError('operation.timed-out', 'details', { operation: 'details', afterMs: DETAILS_TIMEOUT_MS });
    try {
      const session = this.ports.sessionOf(id);
      const details = await withDeadline({ clock, timeoutMs: DETAILS_TIMEOUT_MS, signal, error }, (inner) =>
        session.details.read(id, inner),
      );
      return { details };
    } catch (failure) {
      const shape = toAppError(failure, 'entity details').toShape();
      return last?.details === undefined ? { error: shape } : { details: last.details, error: shape };
    }
  }
}

/** The moment of reading alone is no news. */
function isSameFrame(a: DetailsFrame, b: DetailsFrame): boolean {
  if (!isSameValue(a.error, b.error)) return false;
  if (a.details === undefined || b.details === undefined) return a.details === b.details;
  return isSameValue({ ...a.details, readAtMs: 0 }, { ...b.details, readAtMs: 0 });
}
