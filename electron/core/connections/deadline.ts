import type { Disposable } from '../../contract/disposable.ts';
import { cancelled } from '../../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';

/** A limit that can stand still, e.g. while a person thinks about a question. */
export interface Deadline {
  pause(): void;
  /** Begins anew with the whole time. */
  resume(): void;
}

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The error that the time-out is. */
  readonly error: () => Error;
}

/**
 * Runs work under a time limit and settles in bounded time even where the work ignores its signal: a host that hangs must
 * not hang us. What the work does afterwards is its own affair.
 */
export function withDeadline<T>(
  options: DeadlineOptions,
  work: (signal: AbortSignal, deadline: Deadline) => Promise<T>,
): Promise<T> {
  const { clock, timeoutMs, signal, error } = options;
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) return reject(cancelled());
    const inner = new AbortController();
    let timer: Disposable | undefined;
    let isSettled = false;
    const settle = (finish: () => void): void => {
      if (isSettled) return;
      isSettled = true;
      timer?.dispose();
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    const onAbort = (): void => settle(() => (inner.abort(signal.reason), reject(cancelled())));
    const deadline: Deadline = {
      pause: () => timer?.dispose(),
      resume: () => {
        timer?.dispose();
        if (!isSettled)
          timer = clock.after(timeoutMs, () => {
            const failure = error();
            settle(() => (reject(failure), inner.abort(failure)));
          });
      },
    };
    signal.addEventListener('abort', onAbort, { once: true });
    deadline.resume();
    work(inner.signal, deadline).then(
      (value) => settle(() => resolve(value)),
      (failure: unknown) => settle(() => reject(failure instanceof Error ? failure : new Error(String(failure)))),
    );
  });
}
