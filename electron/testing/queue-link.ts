import type { Disposable } from '../contract/disposable.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';

type Frame = string | Uint8Array;

/** One end of a pair of queues: the third host, for tests. */
export interface QueueLink extends FrameLink {
  /** Holds frames back that this end sends, and counts them in `bufferedBytes`, until `release`. */
  hold(): void;
  release(): void;
  /** Frames sent so far, held ones included. */
  readonly sent: readonly Frame[];
}

class QueueEnd implements QueueLink {
  readonly sent: Frame[] = [];
  #other: QueueEnd | undefined;
  readonly #queue: Frame[] = [];
  readonly #frameListeners = new Set<(frame: Frame) => void>();
  readonly #closedListeners = new Set<(reason: string) => void>();
  readonly #drainedListeners = new Set<() => void>();
  #isHeld = false;
  #isClosed = false;

  join(other: QueueEnd): void {
    this.#other = other;
  }

  get bufferedBytes(): number {
    return this.#isHeld ? this.#queue.reduce((sum, frame) => sum + frame.length, 0) : 0;
  }

  send(frame: Frame): void {
    if (this.#isClosed) throw new Error('the queue is closed');
    const copy = typeof frame === 'string' ? frame : frame.slice();
    this.sent.push(copy);
    this.#queue.push(copy);
    if (!this.#isHeld) queueMicrotask(() => this.#deliver());
  }

  onFrame(listener: (frame: Frame) => void): Disposable {
    this.#frameListeners.add(listener);
    return { dispose: () => this.#frameListeners.delete(listener) };
  }

  onClosed(listener: (reason: string) => void): Disposable {
    this.#closedListeners.add(listener);
    return { dispose: () => this.#closedListeners.delete(listener) };
  }

  onDrained(listener: () => void): Disposable {
    this.#drainedListeners.add(listener);
    return { dispose: () => this.#drainedListeners.delete(listener) };
  }

  /** Like a socket: what was sent before still arrives, then both ends hear of the end. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    queueMicrotask(() => {
      this.#deliver();
      this.#tellClosed(reason);
      this.#other?.close(reason);
    });
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    queueMicrotask(() => {
      this.#deliver();
      for (const listener of this.#drainedListeners) listener();
    });
  }

  receive(frame: Frame): void {
    for (const listener of this.#frameListeners) listener(frame);
  }

  #deliver(): void {
    if (this.#isHeld && !this.#isClosed) return;
    for (const frame of this.#queue.splice(0)) this.#other?.receive(frame);
  }

  #tellClosed(reason: string): void {
    for (const listener of this.#closedListeners) listener(reason);
    this.#closedListeners.clear();
  }
}

/** Two joined ends. Frames arrive in order, never within the call of `send`, as on a socket or a port. */
export function createQueueLinks(): { readonly window: QueueLink; readonly core: QueueLink } {
  const window = new QueueEnd();
  const core = new QueueEnd();
  window.join(core);
  core.join(window);
  return { window, core };
}
