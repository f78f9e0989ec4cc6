import type { SignedIn } from './password-sign-in.ts';

/** A ticket, what it was got with, and since when it counts. */
export interface RememberedTicket {
  readonly state: SignedIn;
  readonly issuedAtMs: number;
}

/** Tickets live for two hours; from here on a renewal would only cost the 3 s of a refusal. */
export const deadAfterMs = 118 * 60_000;

/**
 * The last ticket of each connection, in memory alone. When a line was down, the next session renews the ticket of the
 * one before it: nobody is asked for a second factor again because a laptop was asleep for an hour.
 */
export class TicketMemory {
  readonly #tickets = new Map<string, RememberedTicket>();

  remember(key: string, ticket: RememberedTicket): void {
    this.#tickets.set(key, ticket);
  }

  /** The ticket, while a server may still take it. */
  recall(key: string, nowMs: number): RememberedTicket | undefined {
    for (const [each, { issuedAtMs }] of this.#tickets) {
      if (nowMs - issuedAtMs >= deadAfterMs) this.#tickets.delete(each);
    }
    return this.#tickets.get(key);
  }

  forget(key: string): void {
    this.#tickets.delete(key);
  }
}
