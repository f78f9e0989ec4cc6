/** Runs work before the next picture is painted, once for each request however often it is asked for. */
export interface FrameScheduler {
  request(work: () => void): void;
}

/** How long work waits at most where no picture is painted: a hidden window gets no animation frames. */
const hiddenDelayMs = 250;

/** The scheduler of a browser window. */
export function createFrameScheduler(): FrameScheduler {
  const waiting = new Set<() => void>();
  let cancel: (() => void) | undefined;
  const run = (): void => {
    cancel?.();
    cancel = undefined;
    const works = [...waiting];
    waiting.clear();
    for (const work of works) work();
  };
  return {
    request(work) {
      waiting.add(work);
      if (cancel !== undefined) return;
      const frame = requestAnimationFrame(run);
      const timer = setTimeout(run, hiddenDelayMs);
      cancel = () => {
        cancelAnimationFrame(frame);
        clearTimeout(timer);
      };
    },
  };
}
