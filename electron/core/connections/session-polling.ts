import type { Disposable } from '../../contract/disposable.ts';
import { AppError, retryRuleOf, toAppError } from '../../contract/errors.ts';
import type { TaskRecord } from '../../contract/records/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { DriverSession, InventoryHint, InventoryListing } from '../ports/driver.ts';
import {
  FULL_LATE_MS,
  FULL_TIMEOUT_MS,
  HOST_FAILURES,
  LINE_FAILURES,
  PLACE_HELD_MS,
  retryDelayMs,
  STATUS_LATE_MS,
  STATUS_TIMEOUT_MS,
  TASKS_TIMEOUT_MS,
} from './cadence.ts';
import { withDeadline } from './deadline.ts';
import type { Places } from './places.ts';
import { ReadSchedule, type PaceConditions, type ReadKind } from './read-schedule.ts';
import { Waiter } from './waiter.ts';

/** What polling needs from the rest of the core. */
export interface PollingPorts {
  readonly clock: Clock;
  readonly places: Places;
  conditions(): PaceConditions;
}

/** What comes out of it. */
export interface PollingEvents {
  onListing(listing: InventoryListing, read: ReadKind): void;
  onTasks(tasks: readonly TaskRecord[]): void;
  /** A read takes longer than it should, or has failed and will be tried again on the same session. */
  onDoubt(error: AppError): void;
}

interface RefreshWaiter {
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
}

const limits: { readonly [Read in ReadKind]: { readonly timeoutMs: number; readonly lateMs: number } } = {
  full: { timeoutMs: FULL_TIMEOUT_MS, lateMs: FULL_LATE_MS },
  status: { timeoutMs: STATUS_TIMEOUT_MS, lateMs: STATUS_LATE_MS },
  tasks: { timeoutMs: TASKS_TIMEOUT_MS, lateMs: Number.POSITIVE_INFINITY },
};

/** Reads one open session again and again, one thing at a time, until it can no longer be used. */
export class SessionPolling {
  readonly #schedule: ReadSchedule;
  readonly #waiter: Waiter;
  #refreshers: RefreshWaiter[] = [];
  #ended: AppError | undefined;
  #failures = 0;

  constructor(
    private readonly ports: PollingPorts,
    private readonly session: DriverSession,
    private readonly events: PollingEvents,
  ) {
    this.#schedule = new ReadSchedule(ports.clock, session.tasks !== undefined);
    this.#waiter = new Waiter(ports.clock);
  }

  /** Never resolves; rejects with the reason why the session must be closed. */
  async run(signal: AbortSignal): Promise<never> {
    const life = new AbortController();
    const whileAlive = AbortSignal.any([signal, life.signal]);
    const watched: Disposable[] = [
      this.session.watchInventory((hint) => this.hint(hint)),
      this.session.onEnded((error) => {
        this.#ended = toAppError(error, 'driver session');
        life.abort(this.#ended);
      }),
    ];
    try {
      for (;;) {
        const { read, dueMs } = this.#schedule.next();
        const waitMs = dueMs - this.ports.clock.now();
        if (waitMs > 0) await this.#waiter.wait(waitMs, whileAlive);
        else await this.#readOnce(read, whileAlive);
      }
    } catch (error) {
      // A read that broke because the session ended says less than the session's own reason.
      const reason = this.#ended ?? toAppError(error, 'polling');
      for (const refresher of this.#refreshers.splice(0)) refresher.reject(reason);
      throw reason;
    } finally {
      for (const each of watched) each.dispose();
    }
  }

  hint(hint: InventoryHint): void {
    this.#schedule.hint(hint.pass);
    this.#waiter.wake();
  }

  /** Reads everything now without telling when it is done. */
  readNow(): void {
    this.#schedule.now('full');
    this.#schedule.now('tasks');
    this.#waiter.wake();
  }

  /** Reads everything now; settles with that read. */
  refresh(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#refreshers.push({ resolve, reject });
      this.#schedule.now('full');
      this.#schedule.now('tasks');
      this.#waiter.wake();
    });
  }

  /** A window was shown or hidden, or a task began: the pace changes. */
  repace(): void {
    this.#schedule.repace(this.ports.conditions());
    this.#waiter.wake();
  }

  async #readOnce(read: ReadKind, signal: AbortSignal): Promise<void> {
    const refreshers = read === 'full' ? this.#refreshers.splice(0) : [];
    this.#schedule.begin(read);
    try {
      await this.#limited(read, signal);
      if (read !== 'tasks') this.#failures = 0;
      this.#schedule.done(read, this.ports.conditions());
      for (const refresher of refreshers) refresher.resolve();
    } catch (error) {
      const failure = this.#ended ?? toAppError(error, `${read} read`);
      for (const refresher of refreshers) refresher.reject(failure);
      if (signal.aborted) throw failure;
      this.#failed(read, failure);
    }
  }

  #failed(read: ReadKind, failure: AppError): void {
    if (read === 'tasks') {
      // The inventory decides about the connection; a task list that cannot be read is asked for again, less often.
      this.#schedule.failed('tasks', retryDelayMs(4, this.ports.clock));
      if (failure.code.startsWith('connection.')) this.#schedule.now('status');
      return;
    }
    this.#failures += 1;
    const rule = retryRuleOf(failure.code);
    if (rule === 'user' || this.#failures >= failureLimitOf(failure)) throw failure;
    this.events.onDoubt(failure);
    this.#schedule.failed(read, retryDelayMs(this.#failures, this.ports.clock));
  }

  /** One read with its place, its time limit and its moment of doubt. */
  async #limited(read: ReadKind, signal: AbortSignal): Promise<void> {
    const { clock, places } = this.ports;
    const { timeoutMs, lateMs } = limits[read];
    const { endpoint } = this.session.facts;
    const silent = (afterMs: number): AppError =>
      new AppError('connection.silent', `no answer to a ${read} read after ${afterMs} ms`, { endpoint, afterMs });
    const release = await places.take(signal);
    const timers = [clock.after(PLACE_HELD_MS, release)];
    if (Number.isFinite(lateMs)) timers.push(clock.after(lateMs, () => this.events.onDoubt(silent(lateMs))));
    try {
      await withDeadline({ clock, timeoutMs, signal, error: () => silent(timeoutMs) }, async (inner) => {
        if (read === 'tasks') {
          const tasks = await this.session.tasks?.list(inner);
          if (!inner.aborted && tasks !== undefined) this.events.onTasks(tasks);
          return;
        }
        const listing = await this.session.listInventory(read, inner);
        if (!inner.aborted) this.events.onListing(listing, read);
      });
    } finally {
      for (const timer of timers) timer.dispose();
      release();
    }
  }
}

/** How many failures in a row a session survives, by what failed. A refusal by right is told and polled on: rights are given back without us. */
function failureLimitOf(failure: AppError): number {
  if (failure.code === 'connection.lost') return 1;
  if (failure.code.startsWith('connection.') || failure.code === 'operation.timed-out') return LINE_FAILURES;
  return retryRuleOf(failure.code) === 'never' ? Number.POSITIVE_INFINITY : HOST_FAILURES;
}
