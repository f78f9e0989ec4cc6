import { cancelled } from '../../contract/errors.ts';

/** sshd's MaxSessions is 10 by default; two are left for what comes with consoles and for other users of the account's limits. */
export const defaultChannelLimit = 8;

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Admits a limited number of channels at a time, first come, first served. One place is kept for a stream, so that long
 * queues of commands never keep the event stream out; further streams take ordinary places.
 */
export class ChannelGate {
  readonly #queue: Waiting[] = [];
  #limit: number;
  #commands = 0;
  #streams = 0;
  #closedBecause: Error | undefined;

  constructor(limit: number = defaultChannelLimit) {
    this.#limit = limit;
  }

  /** How many are open now. */
  get openCount(): number {
    return this.#commands + this.#streams;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Resolves with the function that gives the place back. Rejects when the signal aborts or the gate closes first. */
  async enter(use: 'command' | 'stream', signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw cancelled();
    if (this.#closedBecause !== undefined) throw this.#closedBecause;
    if (use === 'stream' && this.#streams === 0) return this.#take('stream');
    return this.#queue.length > 0 || !this.#hasRoom() ? await this.#wait(use, signal) : this.#take(use);
  }

  /** The server allows fewer than thought (MaxSessions was lowered there). Never below one. */
  lowerLimit(limit: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, limit));
  }

  /** Refuses everything that waits and everything that comes. */
  close(because: Error): void {
    this.#closedBecause ??= because;
    for (const waiting of this.#queue.splice(0)) waiting.refuse(this.#closedBecause);
  }

  /** Streams beyond the first count as commands; the first one's place is kept free even while it is not used. */
  #hasRoom(): boolean {
    return this.#commands + Math.max(0, this.#streams - 1) < Math.max(1, this.#limit - 1);
  }

  /** The place is taken in the same turn in which another one is given back, so that nobody can slip in between. */
  #wait(use: 'command' | 'stream', signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        const place = this.#queue.indexOf(waiting);
        if (place >= 0) this.#queue.splice(place, 1);
        reject(cancelled());
      };
      const waiting: Waiting = {
        admit: () => {
          signal.removeEventListener('abort', onAbort);
          resolve(this.#take(use));
        },
        refuse: (error) => {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(waiting);
    });
  }

  #take(use: 'command' | 'stream'): () => void {
    if (use === 'stream') this.#streams += 1;
    else this.#commands += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (use === 'stream') this.#streams -= 1;
      else this.#commands -= 1;
      if (this.#hasRoom()) this.#queue.shift()?.admit();
    };
  }
}
