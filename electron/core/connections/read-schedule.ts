import type { Clock } from '../ports/clock.ts';
import type { ListingPass } from '../ports/driver.ts';
import {
  FULL_EVERY_MS,
  HINT_COALESCE_MS,
  jittered,
  READ_PAUSE_MS,
  STATUS_HIDDEN_MS,
  STATUS_VISIBLE_MS,
  TASKS_BUSY_MS,
  TASKS_HIDDEN_MS,
  TASKS_IDLE_MS,
} from './cadence.ts';

export type ReadKind = ListingPass | 'tasks';

/** What the pace depends on. */
export interface PaceConditions {
  readonly isVisible: boolean;
  readonly hasRunningTasks: boolean;
}

/** When one connection reads what next. Holds times only; whoever owns it waits and reads. */
export class ReadSchedule {
  readonly #dueMs: Record<ReadKind, number>;
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Pick<Clock, 'now' | 'random'>,
    private readonly hasTasks: boolean,
  ) {
    const now = clock.now();
    this.#dueMs = { full: now, status: Number.POSITIVE_INFINITY, tasks: hasTasks ? now : Number.POSITIVE_INFINITY };
  }

  /** The read that is due first; among equals the one that tells most. */
  next(): { readonly read: ReadKind; readonly dueMs: number } {
    const kinds = ['full', 'status', 'tasks'] as const;
    const read = kinds.reduce((best, kind) => (this.#dueMs[kind] < this.#dueMs[best] ? kind : best));
    return { read, dueMs: this.#dueMs[read] };
  }

  /** A read begins. What is asked for from now on is about a later state of the host than this read may see. */
  begin(read: ReadKind): void {
    this.#dueMs[read] = Number.POSITIVE_INFINITY;
    // A full read is a status read too.
    if (read === 'full') this.#dueMs.status = Number.POSITIVE_INFINITY;
  }

  /** A read has ended well; plans the next of its kind, unless one was asked for meanwhile that comes earlier. */
  done(read: ReadKind, conditions: PaceConditions): void {
    if (read === 'tasks') {
      this.#plan('tasks', tasksEveryMs(conditions));
      return;
    }
    this.#lastReadMs = this.clock.now();
    this.#plan('status', statusEveryMs(conditions));
    if (read === 'full') this.#plan('full', FULL_EVERY_MS);
  }

  /** A read has failed and is tried again after `delayMs`. */
  failed(read: ReadKind, delayMs: number): void {
    const now = this.clock.now();
    if (read !== 'tasks') this.#lastReadMs = now;
    // Whatever was asked for meanwhile waits as well: the host is in trouble.
    this.#dueMs[read] = now + delayMs;
    // The cheaper pass would run into the same trouble meanwhile.
    if (read === 'full') this.#dueMs.status = Number.POSITIVE_INFINITY;
  }

  /** Something may have changed: read soon, together with whatever else changes in the same moment. */
  hint(pass: ListingPass): void {
    const soonMs = Math.max(this.clock.now() + HINT_COALESCE_MS, this.#lastReadMs + READ_PAUSE_MS);
    this.#dueMs[pass] = Math.min(this.#dueMs[pass], soonMs);
  }

  /** Read at once: the user asked, or the machine woke up. */
  now(read: ReadKind): void {
    if (read === 'tasks' && !this.hasTasks) return;
    this.#dueMs[read] = Math.min(this.#dueMs[read], this.clock.now());
  }

  /** The pace has changed; what was planned too late for it comes forward. */
  repace(conditions: PaceConditions): void {
    const now = this.clock.now();
    if (this.#dueMs.status !== Number.POSITIVE_INFINITY)
      this.#dueMs.status = Math.min(this.#dueMs.status, Math.max(now, this.#lastReadMs + statusEveryMs(conditions)));
    if (this.hasTasks) this.#dueMs.tasks = Math.min(this.#dueMs.tasks, now + tasksEveryMs(conditions));
  }

  #plan(read: ReadKind, intervalMs: number): void {
    this.#dueMs[read] = Math.min(this.#dueMs[read], this.clock.now() + jittered(intervalMs, this.clock));
  }
}

function statusEveryMs(conditions: PaceConditions): number {
  return conditions.isVisible ? STATUS_VISIBLE_MS : STATUS_HIDDEN_MS;
}

function tasksEveryMs(conditions: PaceConditions): number {
  if (conditions.hasRunningTasks) return TASKS_BUSY_MS;
  return conditions.isVisible ? TASKS_IDLE_MS : TASKS_HIDDEN_MS;
}
