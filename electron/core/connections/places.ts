import { cancelled } from '../../contract/errors.ts';

/** Gives a place back; harmless when given back already. */
export type ReleasePlace = () => void;

/** A fixed number of places; whoever comes when all are taken waits its turn. */
export class Places {
  #free: number;
  readonly #queue: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Resolves with the release when a place is free; rejects with `operation.cancelled` when the signal aborts first. */
  take(signal: AbortSignal): Promise<ReleasePlace> {
    if (signal.aborted) return Promise.reject(cancelled());
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(this.#release());
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(this.#release());
      };
      const onAbort = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(cancelled());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(enter);
    });
  }

  #release(): ReleasePlace {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const next = this.#queue.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}
