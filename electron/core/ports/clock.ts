import type { Disposable } from '../../contract/disposable.ts';

/** Time as the core sees it, so that tests can move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with `operation.cancelled` when the signal aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls once after `ms` unless disposed before. */
  after(ms: number, callback: () => void): Disposable;
  /** 0 (inclusive) to 1 (exclusive), for jitter. */
  random(): number;
}
