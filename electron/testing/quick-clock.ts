import { cancelled } from '../contract/errors.ts';
import type { Clock } from '../core/ports/clock.ts';

/** Real time that passes faster, for tests over real sockets whose waits would be long: every delay is divided by `speed`. */
export function quickClock(speed: number): Clock {
  const startedMs = Date.now();
  const after: Clock['after'] = (ms, callback) => {
    const timer = setTimeout(callback, ms / speed);
    return { dispose: () => clearTimeout(timer) };
  };
  return {
    now: () => startedMs + (Date.now() - startedMs) * speed,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(cancelled());
        const onAbort = (): void => {
          timer.dispose();
          reject(cancelled());
        };
        const timer = after(ms, () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        });
        signal.addEventListener('abort', onAbort, { once: true });
      }),
    random: () => 0.5,
  };
}
