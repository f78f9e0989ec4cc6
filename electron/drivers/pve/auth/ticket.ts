import { isAnyAppError } from '../../../contract/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { Authentication } from './authentication.ts';
import { deadAfterMs, type RememberedTicket } from './ticket-memory.ts';
import { renewTicket, signInWithPassword, type PasswordSignIn, type SignedIn } from './password-sign-in.ts';

/** As PVE's own interface does it. */
const renewAfterMs = 15 * 60_000;
export interface TicketAuthenticationOptions {
  readonly signIn: PasswordSignIn;
  readonly clock: Clock;
  /** Of the session: a renewal serves all callers, so no single one may call it off. */
  readonly signal: AbortSignal;
  /** Told about every new ticket; undefined when the server takes none of ours any more. */
  readonly onTicket: (ticket: RememberedTicket | undefined) => void;
}

/** A ticket in its cookie, renewed while it holds and replaced by a new sign-in when it does not. */
export class TicketAuthentication implements Authentication {
  readonly #signIn: PasswordSignIn;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onTicket: TicketAuthenticationOptions['onTicket'];
  #state: SignedIn;
  #issuedAtMs: number;
  #generation = 1;
  #renewing: Promise<void> | undefined;

  constructor(options: TicketAuthenticationOptions, state: SignedIn) {
    this.#signIn = options.signIn;
    this.#clock = options.clock;
    this.#signal = options.signal;
    this.#onTicket = options.onTicket;
    this.#state = state;
    this.#issuedAtMs = options.clock.now();
    this.#onTicket({ state, issuedAtMs: this.#issuedAtMs });
  }

  get account(): string {
    return this.#state.ticket.account;
  }

  get clusterName(): string {
    return this.#state.ticket.clusterName ?? '';
  }

  get generation(): number {
    return this.#generation;
  }

  headers(method: string): Readonly<Record<string, string>> {
    const { ticket, csrfToken } = this.#state.ticket;
    const cookie = `PVEAuthCookie=${encodeURIComponent(ticket)}`;
    return method === 'GET' ? { cookie } : { cookie, csrfpreventiontoken: csrfToken };
  }

  async keepFresh(): Promise<void> {
    if (this.#clock.now() - this.#issuedAtMs < renewAfterMs) return;
    try {
      await this.#renewOnce();
    } catch (error) {
      // The network may be gone for a while; until the ticket is dead that is not our business.
      if (this.#clock.now() - this.#issuedAtMs >= deadAfterMs || !isTransient(error)) throw error;
    }
  }

  async recover(generation: number, _text: string): Promise<void> {
    if (generation !== this.#generation) return;
    await this.#renewOnce();
  }

  #renewOnce(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    if (this.#clock.now() - this.#issuedAtMs < deadAfterMs) {
      const answer = await renewTicket(this.#signIn, this.#state.ticket.ticket, this.#signal);
      if (typeof answer !== 'string' && !('challenge' in answer))
        return this.#accept({ ...this.#state, ticket: answer });
    }
    this.#onTicket(undefined);
    this.#accept(await signInWithPassword({ ...this.#signIn, password: this.#state.password }, this.#signal));
  }

  #accept(state: SignedIn): void {
    this.#state = state;
    this.#issuedAtMs = this.#clock.now();
    this.#generation += 1;
    this.#onTicket({ state, issuedAtMs: this.#issuedAtMs });
  }
}

function isTransient(error: unknown): boolean {
  return isAnyAppError(error) && (error.code.startsWith('connection.') || error.code.startsWith('remote.'));
}
