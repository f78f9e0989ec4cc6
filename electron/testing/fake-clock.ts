import type { Disposable } from '../contract/disposable.ts';
import { cancelled } from '../contract/errors.ts';
import type { Clock } from '../core/ports/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Everything that is already resolved runs to its end: a turn of the event loop empties the queue of microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until a test moves it. The same seed gives the same jitter. */
export class FakeClock implements Clock {
  /** What timers go by; the wall clock may be elsewhere. */
  #elapsedMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  #seed: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs = 1_800_000_000_000, seed = 1) {
    this.#wallOffsetMs = nowMs;
    this.#seed = seed;
  }

  now(): number {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  after(ms: number, callback: () => void): Disposable {
    const timer: Timer = { dueMs: this.#elapsedMs + Math.max(0, ms), order: (this.#order += 1), callback };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled());
      const onAbort = (): void => {
        timer.dispose();
        reject(cancelled());
      };
      const timer = this.after(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 0x1_0000_0000;
  }

  /** How many timers wait; a closed thing leaves none behind. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Lets everything run that needs no time. */
  settle(): Promise<void> {
    return settle();
  }

  /** Moves time on, timer by timer, letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#elapsedMs + ms;
    await settle();
    for (let timer = this.#nextUntil(untilMs); timer !== undefined; timer = this.#nextUntil(untilMs)) {
      this.#timers.delete(timer);
      this.#elapsedMs = Math.max(this.#elapsedMs, timer.dueMs);
      timer.callback();
      await settle();
    }
    this.#elapsedMs = untilMs;
  }

  /** The wall clock moves and timers do not: a machine that slept, or a clock that was set. */
  jump(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  #nextUntil(untilMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (
        first === undefined ||
        timer.dueMs < first.dueMs ||
        (timer.dueMs === first.dueMs && timer.order < first.order)
      )
        first = timer;
    }
    return first;
  }
}
