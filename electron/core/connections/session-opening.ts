import type { CredentialRef, Prompt, SavedConnection } from '../../contract/connection-settings.ts';
import { AppError, isAppError, toAppError } from '../../contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { DriverSession } from '../ports/driver.ts';
import type { Log } from '../ports/log.ts';
import type { PromptReply } from '../ports/prompter.ts';
import type { AccessChange, SessionOpener } from '../ports/session-opener.ts';
import { endpointOf, withRememberedSecret } from './access-changes.ts';
import { OPEN_TIMEOUT_MS, PLACE_HELD_MS } from './cadence.ts';
import type { Credentials } from './credentials.ts';
import { withDeadline, type Deadline } from './deadline.ts';
import type { Places } from './places.ts';
import type { Prompts } from './prompts.ts';

/** What opening a session needs from the rest of the core. */
export interface OpeningPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly places: Places;
  readonly prompts: Prompts;
  readonly credentials: Pick<Credentials, 'get' | 'keep' | 'forgetOnce'>;
  readonly openSession: SessionOpener;
}

/** What whoever opens wants to hear meanwhile. */
export interface OpeningEvents {
  onAsked(question: Prompt['question']): void;
  /** Undefined: the question was taken back. */
  onAnswered(reply: PromptReply | undefined): void;
  /** Also called later, while the session lives. */
  onAccessLearned(change: AccessChange): void;
}

interface Remembered {
  readonly question: Prompt['question'];
  readonly ref: CredentialRef;
}

/** One try to open a session: what it used, and what it must do with that in the end. */
class Opening {
  readonly #usedRefs = new Set<CredentialRef>();
  /** Typed for this try alone: the next one asks again. */
  readonly #typedRefs = new Set<CredentialRef>();
  #remembered: readonly Remembered[] = [];

  constructor(
    private readonly ports: OpeningPorts,
    private readonly saved: SavedConnection,
    private readonly events: OpeningEvents,
  ) {}

  async run(signal: AbortSignal): Promise<DriverSession> {
    const { clock } = this.ports;
    const endpoint = endpointOf(this.saved.settings.access);
    const release = await this.ports.places.take(signal);
    const held = clock.after(PLACE_HELD_MS, release);
    const error = (): Error =>
      new AppError('connection.silent', `no session after ${OPEN_TIMEOUT_MS} ms`, {
        endpoint,
        afterMs: OPEN_TIMEOUT_MS,
      });
    try {
      const session = await withDeadline({ clock, timeoutMs: OPEN_TIMEOUT_MS, signal, error }, (inner, deadline) =>
        this.#open(inner, deadline, release),
      );
      await this.#keepRemembered();
      this.ports.credentials.forgetOnce(this.#usedRefs);
      return session;
    } catch (failure) {
      // A refused secret is used up as well: trying it again by itself could lock the account out.
      if (isAppError(failure, 'auth.rejected')) this.ports.credentials.forgetOnce(this.#usedRefs);
      throw failure;
    } finally {
      this.ports.credentials.forgetOnce(this.#typedRefs);
      held.dispose();
      release();
    }
  }

  async #open(signal: AbortSignal, deadline: Deadline, release: () => void): Promise<DriverSession> {
    const session = await this.ports.openSession(
      {
        saved: this.saved,
        secrets: {
          get: async (ref) => {
            this.#usedRefs.add(ref);
            // The vault may ask the user for its passphrase.
            deadline.pause();
            try {
              return await this.ports.credentials.get(ref);
            } finally {
              deadline.resume();
            }
          },
        },
        prompter: { ask: (question, asker) => this.#ask(question, asker, deadline, release) },
        onAccessLearned: (change) => this.events.onAccessLearned(change),
      },
      signal,
    );
    // Nobody waits for a session that comes after its time; it must not stay open behind our back.
    if (signal.aborted) await session.close();
    return session;
  }

  async #ask(
    question: Prompt['question'],
    signal: AbortSignal,
    deadline: Deadline,
    release: () => void,
  ): Promise<PromptReply> {
    deadline.pause();
    release();
    this.events.onAsked(question);
    let given: PromptReply | undefined;
    try {
      const { reply, refs } = await this.ports.prompts.ask(
        { connectionId: this.saved.id, connectionName: this.saved.settings.name, question },
        signal,
      );
      given = reply;
      for (const ref of refs) this.#typedRefs.add(ref);
      const [ref] = refs;
      if (reply.type === 'secrets' && reply.remember && ref !== undefined)
        this.#remembered = [
          ...this.#remembered.filter((known) => !isSameSecret(known.question, question)),
          { question, ref },
        ];
      return reply;
    } finally {
      deadline.resume();
      this.events.onAnswered(given);
    }
  }

  /** What the user wanted to be remembered is kept once it has proved right, never before. */
  async #keepRemembered(): Promise<void> {
    for (const { question, ref } of this.#remembered) {
      if (withRememberedSecret(this.saved.settings.access, question, ref) === undefined) continue;
      try {
        await this.ports.credentials.keep(ref);
      } catch (error) {
        // The session is open; that the secret will be asked for again is no reason to close it.
        this.ports.log('warning', 'secret-not-kept', {
          connection: this.saved.id,
          code: toAppError(error, 'vault').code,
        });
        continue;
      }
      this.events.onAccessLearned((access) => withRememberedSecret(access, question, ref) ?? access);
    }
  }
}

/** Whether two questions ask for the same secret; the second one because the first answer was wrong. */
function isSameSecret(a: Prompt['question'], b: Prompt['question']): boolean {
  if (a.type === 'password' && b.type === 'password') return a.account === b.account;
  return a.type === 'key-passphrase' && b.type === 'key-passphrase' && a.path === b.path;
}

/**
 * Opens a session in bounded time; time in which the user thinks does not count. Secrets given for once are forgotten when
 * the sign-in is over.
 */
export function openUnderDeadline(
  ports: OpeningPorts,
  saved: SavedConnection,
  events: OpeningEvents,
  signal: AbortSignal,
): Promise<DriverSession> {
  return new Opening(ports, saved, events).run(signal);
}
