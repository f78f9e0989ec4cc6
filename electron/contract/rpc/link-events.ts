import type { Disposable } from '../disposable.ts';

/** The listeners of one frame link, for adapters over a socket or a port. */
export class LinkEvents {
  readonly #frames = new Set<(frame: string | Uint8Array) => void>();
  readonly #closings = new Set<(reason: string) => void>();
  readonly #drains = new Set<() => void>();
  #hasClosed = false;

  get hasClosed(): boolean {
    return this.#hasClosed;
  }

  onFrame(listener: (frame: string | Uint8Array) => void): Disposable {
    return subscribe(this.#frames, listener);
  }

  onClosed(listener: (reason: string) => void): Disposable {
    return subscribe(this.#closings, listener);
  }

  onDrained(listener: () => void): Disposable {
    return subscribe(this.#drains, listener);
  }

  /** Nothing is told after the end: a link that was closed on purpose may still have frames under way. */
  tellFrame(frame: string | Uint8Array): void {
    if (this.#hasClosed) return;
    for (const listener of this.#frames) listener(frame);
  }

  /** Tells the end, once; false when it was told before. */
  tellClosed(reason: string): boolean {
    if (this.#hasClosed) return false;
    this.#hasClosed = true;
    for (const listener of this.#closings) listener(reason);
    return true;
  }

  tellDrained(): void {
    if (this.#hasClosed) return;
    for (const listener of this.#drains) listener();
  }
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Disposable {
  listeners.add(listener);
  return { dispose: () => void listeners.delete(listener) };
}
