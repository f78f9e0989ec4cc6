import type { Disposable } from '../../contract/disposable.ts';
import type { Clock } from '../ports/clock.ts';

/** How often the clock is compared with itself: a machine that woke up is noticed this late at worst. */
const TICK_MS = 5_000;
/** A tick later (or earlier) than this is no busy moment but a sleep of the machine, or a clock that was set. */
const JUMP_MS = 20_000;

/** Tells when time has jumped: the machine slept, or its clock was set. Whatever was planned before means nothing then. */
export function watchForWake(clock: Clock, onWake: () => void): Disposable {
  let timer: Disposable;
  const tick = (): void => {
    const startedMs = clock.now();
    timer = clock.after(TICK_MS, () => {
      if (Math.abs(clock.now() - startedMs - TICK_MS) > JUMP_MS) onWake();
      tick();
    });
  };
  tick();
  return { dispose: () => timer.dispose() };
}
