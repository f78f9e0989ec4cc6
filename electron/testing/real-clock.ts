import { cancelled } from '../contract/errors.ts';
import type { Clock } from '../core/ports/clock.ts';

/** The machine's own time, for tests that talk to real servers. */
export const realClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return { dispose: () => clearTimeout(timer) };
  },
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(cancelled());
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(cancelled());
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal.addEventListener('abort', onAbort, { once: true });
    }),
};

/** Real time, but every delay is divided: for the limits of 10 s and more that a test cannot wait for. */
export function hurriedClock(factor: number): Clock {
  return {
    ...realClock,
    after: (ms, callback) => realClock.after(ms / factor, callback),
    sleep: (ms, signal) => realClock.sleep(ms / factor, signal),
  };
}
