/** Time as a simulated cluster sees it. */
export interface SimulationClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `action` once after `delayMs` divided by the clock's speed; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
  /** Lets time pass at once: timers that fall due run in their order, at their own moment. */
  advance(ms: number): void;
  /** How many times faster than life every delay is. */
  readonly speed: number;
  /** Cancels every timer. */
  close(): void;
}

/** How a clock is set up. */
export interface ClockOptions {
  /** Divides every delay (tasks, the wait after a failed sign-in, the collector's cadence). Default 1. */
  readonly speed?: number;
  /** Stands still at this epoch time and moves by `advance` alone. */
  readonly frozenAtMs?: number;
}

interface Timer {
  dueMs: number;
  readonly action: () => void;
  handle?: ReturnType<typeof setTimeout>;
}

class OffsetClock implements SimulationClock {
  readonly speed: number;
  readonly #frozenAtMs: number | undefined;
  readonly #timers = new Set<Timer>();
  #offsetMs = 0;

  constructor(options: ClockOptions) {
    this.speed = options.speed ?? 1;
    this.#frozenAtMs = options.frozenAtMs;
  }

  now(): number {
    return (this.#frozenAtMs ?? Date.now()) + this.#offsetMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { dueMs: this.now() + delayMs / this.speed, action };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => this.#drop(timer);
  }

  advance(ms: number): void {
    const target = this.now() + ms;
    for (let next = this.#earliest(target); next; next = this.#earliest(target)) {
      this.#offsetMs += Math.max(0, next.dueMs - this.now());
      this.#fire(next);
    }
    this.#offsetMs += Math.max(0, target - this.now());
    for (const timer of this.#timers) this.#arm(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer.handle);
    this.#timers.clear();
  }

  #earliest(targetMs: number): Timer | undefined {
    let found: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= targetMs && (!found || timer.dueMs < found.dueMs)) found = timer;
    }
    return found;
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    if (this.#frozenAtMs !== undefined) return;
    timer.handle = setTimeout(() => this.#fire(timer), Math.max(0, timer.dueMs - this.now()));
    timer.handle.unref();
  }

  #fire(timer: Timer): void {
    if (!this.#timers.has(timer)) return;
    this.#drop(timer);
    timer.action();
  }

  #drop(timer: Timer): void {
    clearTimeout(timer.handle);
    this.#timers.delete(timer);
  }
}

/** A clock that follows the machine's, or stands still when `frozenAtMs` is given. */
export function createClock(options: ClockOptions = {}): SimulationClock {
  return new OffsetClock(options);
}
