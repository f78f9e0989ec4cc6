import { cancelled } from '../../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** One sleeper that can be woken early. A wake-up that comes while nobody sleeps is kept for the next sleep. */
export class Waiter {
  #wake: (() => void) | undefined;
  #isWoken = false;

  constructor(private readonly clock: Clock) {}

  /** Resolves after `ms` (never by itself for Infinity) or at {@link wake}; rejects with `operation.cancelled` on abort. */
  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(cancelled());
    if (this.#isWoken || ms <= 0) {
      this.#isWoken = false;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const end = (finish: () => void) => (): void => {
        timer?.dispose();
        signal.removeEventListener('abort', onAbort);
        this.#wake = undefined;
        this.#isWoken = false;
        finish();
      };
      const onAbort = end(() => reject(cancelled()));
      const timer = Number.isFinite(ms) ? this.clock.after(ms, end(resolve)) : undefined;
      this.#wake = end(resolve);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }
}
