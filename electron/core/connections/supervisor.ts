import type { ConnectionSettings, Prompt, SavedConnection } from '../../contract/connection-settings.ts';
import { AppError, retryRuleOf, toAppError } from '../../contract/errors.ts';
import { connectionEntityId } from '../../contract/ids.ts';
import type { ConnectionRecord, TaskRecord } from '../../contract/records/index.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { isSameValue } from '../inventory/record-equality.ts';
import type { DriverSession, InventoryHint, SessionFacts } from '../ports/driver.ts';
import type { AccessChange } from '../ports/session-opener.ts';
import { accountOf, endpointOf, withPin } from './access-changes.ts';
import { CLOSE_TIMEOUT_MS, retryDelayMs } from './cadence.ts';
import { transition, type ConnectionState } from './connection-state.ts';
import { withDeadline } from './deadline.ts';
import { unanswered } from './prompts.ts';
import { openUnderDeadline, type OpeningPorts } from './session-opening.ts';
import { SessionPolling } from './session-polling.ts';
import { Waiter } from './waiter.ts';

type Access = ConnectionSettings['access'];

/** What a supervisor needs from the rest of the core. */
export interface SupervisorPorts extends OpeningPorts {
  readonly inventory: Inventory;
  isVisible(): boolean;
  hasRunningTasks(connectionId: SavedConnection['id']): boolean;
  onTasks(connectionId: SavedConnection['id'], tasks: readonly TaskRecord[]): void;
  /** The session is gone; whatever ran there can no longer be followed. */
  onSessionLost(connectionId: SavedConnection['id']): void;
  /** The profile should keep this. */
  onAccessLearned(connectionId: SavedConnection['id'], change: AccessChange): void;
}

/** What is known from earlier runs. */
export interface FormerKnowledge {
  readonly systemVersion: string;
  readonly account: string;
  readonly lastGoodAtMs?: number;
}

/**
 * Keeps one connection open and read: opens, polls, notices silence, waits with back-off, stops and asks where the user
 * is needed. Says where it stands in the connection's own record; never takes a record of its host away for being unreachable.
 */
export class ConnectionSupervisor {
  readonly #waiter: Waiter;
  #saved: SavedConnection;
  #state: ConnectionState = { state: 'disabled' };
  #sinceMs: number;
  #facts: SessionFacts | undefined;
  #former: FormerKnowledge;
  #lastGoodAtMs: number | undefined;
  #session: DriverSession | undefined;
  #polling: SessionPolling | undefined;
  #life: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();
  #twins: readonly SavedConnection['id'][] = [];
  #isClosed = false;
  #isRefused = false;

  constructor(
    private readonly ports: SupervisorPorts,
    saved: SavedConnection,
    private readonly options: { readonly isDemonstration: boolean; readonly former?: FormerKnowledge },
  ) {
    this.#saved = saved;
    this.#waiter = new Waiter(ports.clock);
    this.#sinceMs = ports.clock.now();
    this.#former = options.former ?? { systemVersion: '', account: accountOf(saved.settings.access) };
    this.#lastGoodAtMs = options.former?.lastGoodAtMs;
    this.#publish();
  }

  get saved(): SavedConnection {
    return this.#saved;
  }

  get state(): ConnectionState['state'] {
    return this.#state.state;
  }

  /** When the host was last read without error; undefined if never. */
  get lastGoodAtMs(): number | undefined {
    return this.#lastGoodAtMs;
  }

  /** The open session; undefined while there is none. */
  get session(): DriverSession | undefined {
    return this.#session;
  }

  /** The open session. Throws `connection.not-ready` while there is none. */
  requireSession(): DriverSession {
    if (this.#session !== undefined) return this.#session;
    throw new AppError('connection.not-ready', `${this.#saved.id} is ${this.state}`, {
      connectionId: this.#saved.id,
      state: this.state,
    });
  }

  /** Begins, unless the user switched the connection off. */
  start(): void {
    if (this.#isClosed || this.#life !== undefined || !this.#saved.settings.isEnabled) return;
    const life = new AbortController();
    this.#life = life;
    this.#enter({ state: 'connecting' });
    this.#ended = this.#live(life.signal).catch((error: unknown) => {
      if (life.signal.aborted) return;
      const bug = toAppError(error, 'connection supervisor');
      this.ports.log('error', 'supervisor-failed', { connection: this.#saved.id, message: bug.message });
      this.#enter({ state: 'blocked', error: bug.toShape() });
    });
  }

  /** Ends it for good; resolves when nothing is left open. Open questions are taken back, the record stays as it is. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#halt();
  }

  /** Takes new settings over; opens anew only where the way in has changed. */
  async update(saved: SavedConnection, mustReopen: boolean): Promise<void> {
    this.#saved = saved;
    if (mustReopen || !saved.settings.isEnabled) {
      await this.#halt();
      if (!saved.settings.isEnabled) this.#enter({ state: 'disabled' });
      this.#facts = undefined;
      this.#former = { ...this.#former, account: accountOf(saved.settings.access) };
    }
    this.#publish();
    this.start();
  }

  /** Pins or endpoints that the connection itself learned: nothing to open anew for. */
  learn(access: Access): void {
    this.#saved = { ...this.#saved, settings: { ...this.#saved.settings, access } };
    this.#publish();
  }

  /** Other connections that were found to lead to the same place. */
  setTwins(twins: readonly SavedConnection['id'][]): void {
    if (isSameValue(this.#twins, twins)) return;
    this.#twins = twins;
    this.#publish();
  }

  /** Tries now, whatever the back-off says; an open session is opened anew. */
  async reconnect(): Promise<void> {
    if (!this.#saved.settings.isEnabled) return;
    await this.#halt();
    this.start();
  }

  /** Reads everything now and settles with that; where nothing is open, tries to open now. */
  async refresh(): Promise<void> {
    if (this.#polling !== undefined) return this.#polling.refresh();
    if (this.state === 'offline') this.#waiter.wake();
  }

  hint(hint: InventoryHint): void {
    this.#polling?.hint(hint);
  }

  repace(): void {
    this.#polling?.repace();
  }

  /** The machine was asleep, or the network is back: what was planned before means nothing now. */
  wake(): void {
    this.#polling?.readNow();
    if (this.state === 'offline') this.#waiter.wake();
  }

  async #halt(): Promise<void> {
    this.#life?.abort();
    this.#life = undefined;
    await this.#ended;
  }

  async #live(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#openAndPoll(signal, () => (failures = 0));
      } catch (error) {
        if (signal.aborted) return;
        const failure = toAppError(error, 'connection');
        failures += 1;
        this.ports.log('info', 'connection-failed', { connection: this.#saved.id, code: failure.code, failures });
        if (retryRuleOf(failure.code) !== 'back-off') await this.#block(failure, signal);
        else await this.#waitForNextTry(failure, failures, signal);
      }
    }
  }

  async #openAndPoll(signal: AbortSignal, onGood: () => void): Promise<void> {
    this.#isRefused = false;
    const opened = await openUnderDeadline(
      this.ports,
      this.#saved,
      {
        onAsked: (question) => this.#showQuestion(question),
        onAnswered: (reply) => {
          if (reply?.type === 'refuse') this.#isRefused = true;
          if (this.state === 'blocked' && !signal.aborted) this.#enter({ state: 'connecting' });
        },
        onAccessLearned: (change) => {
          if (!signal.aborted) this.ports.onAccessLearned(this.#saved.id, change);
        },
      },
      signal,
    );
    this.#session = opened;
    this.#facts = opened.facts;
    const { clock, places } = this.ports;
    this.#polling = new SessionPolling(
      {
        clock,
        places,
        conditions: () => ({
          isVisible: this.ports.isVisible(),
          hasRunningTasks: this.ports.hasRunningTasks(this.#saved.id),
        }),
      },
      opened,
      {
        onListing: (listing, read) => {
          // The age first: whoever keeps the records writes it down with them.
          this.#lastGoodAtMs = clock.now();
          this.ports.inventory.reconcile(this.#saved.id, listing);
          onGood();
          this.#good(opened.facts, read === 'full');
        },
        onTasks: (tasks) => this.ports.onTasks(this.#saved.id, tasks),
        onDoubt: (error) => this.#doubt(error),
      },
    );
    try {
      await this.#polling.run(signal);
    } finally {
      this.#polling = undefined;
      this.#session = undefined;
      this.ports.onSessionLost(this.#saved.id);
      await this.#closeQuietly(opened);
    }
  }

  #good(facts: SessionFacts, isFull: boolean): void {
    const isNews = this.state !== 'live' || isFull || facts.endpoint !== this.#facts?.endpoint;
    this.#facts = facts;
    // The record moves when something is to be told, not at every poll: each change costs every window a repaint.
    if (isNews) this.#enter({ state: 'live' });
  }

  #doubt(error: AppError): void {
    if (this.state === 'live' || this.state === 'stale') this.#enter({ state: 'stale', error: error.toShape() });
  }

  #showQuestion(question: Prompt['question']): void {
    this.#enter({ state: 'blocked', error: unanswered(question).toShape() });
  }

  async #waitForNextTry(failure: AppError, failures: number, signal: AbortSignal): Promise<void> {
    const error = failure.toShape();
    const delayMs = retryDelayMs(failures, this.ports.clock);
    if (failures === 1 && failure.code === 'connection.lost' && (this.state === 'live' || this.state === 'stale')) {
      // A line that broke is often there again at once (a daemon restarted, a laptop changed its network); one that is silent is not.
      this.#enter({ state: 'stale', error });
      await this.#waiter.wait(Math.round(delayMs / 2), signal);
      return;
    }
    if (this.state === 'live') this.#enter({ state: 'stale', error });
    this.#enter({ state: 'offline', error, nextTryAtMs: this.ports.clock.now() + delayMs });
    await this.#waiter.wait(delayMs, signal);
    this.#enter({ state: 'offline', error });
  }

  /** Waits for the user. A trusted identity goes on by itself; everything else waits for new settings or `reconnect`. */
  async #block(failure: AppError, signal: AbortSignal): Promise<void> {
    this.#enter({ state: 'blocked', error: failure.toShape() });
    // Whoever has just refused is not asked the same again.
    const question = this.#isRefused ? undefined : identityQuestion(failure);
    if (question !== undefined) {
      const { reply } = await this.ports.prompts.ask(
        { connectionId: this.#saved.id, connectionName: this.#saved.settings.name, question },
        signal,
      );
      if (reply.type === 'trust') {
        this.ports.onAccessLearned(this.#saved.id, (access) => withPin(access, question));
        this.#enter({ state: 'connecting' });
        return;
      }
    }
    // A waiter of its own: a wake-up kept from before must not send a refused secret again.
    await new Waiter(this.ports.clock).wait(Number.POSITIVE_INFINITY, signal);
  }

  async #closeQuietly(session: DriverSession): Promise<void> {
    const { clock, log } = this.ports;
    const signal = new AbortController().signal;
    const error = (): Error =>
      new AppError('operation.timed-out', 'close', { operation: 'close', afterMs: CLOSE_TIMEOUT_MS });
    try {
      await withDeadline({ clock, timeoutMs: CLOSE_TIMEOUT_MS, signal, error }, () => session.close());
    } catch (failure) {
      log('debug', 'close-failed', { connection: this.#saved.id, message: toAppError(failure, 'close').message });
    }
  }

  #enter(next: ConnectionState): void {
    if (next.state !== this.#state.state) this.#sinceMs = this.ports.clock.now();
    this.#state = transition(this.#state, next);
    this.#publish();
  }

  #publish(): void {
    this.ports.inventory.putConnection(this.#record());
  }

  #record(): ConnectionRecord {
    const { id, settings } = this.#saved;
    const facts = this.#facts;
    const state = this.#state;
    return {
      kind: 'connection',
      id: connectionEntityId(id),
      connectionId: id,
      name: settings.name,
      connectionKind: settings.access.kind,
      group: settings.group,
      endpoint: facts?.endpoint ?? endpointOf(settings.access),
      state: state.state,
      sinceMs: this.#sinceMs,
      systemVersion: facts?.systemVersion ?? this.#former.systemVersion,
      account: facts?.account ?? this.#former.account,
      isDemonstration: this.options.isDemonstration,
      missingRights: facts?.missingRights ?? [],
      ...(this.#twins.length === 0 ? {} : { sameHostAs: this.#twins }),
      ...(this.#lastGoodAtMs === undefined ? {} : { lastGoodAtMs: this.#lastGoodAtMs }),
      ...('error' in state ? { error: state.error } : {}),
      ...(state.state === 'offline' && state.nextTryAtMs !== undefined ? { nextTryAtMs: state.nextTryAtMs } : {}),
      ...(facts?.clockSkewMs === undefined ? {} : { clockSkewMs: Math.round(facts.clockSkewMs / 1000) * 1000 }),
    };
  }
}

function identityQuestion(failure: AppError): Extract<Prompt['question'], { type: 'identity' }> | undefined {
  const { data } = failure as AppError<'connection.identity-changed' | 'connection.identity-unknown'>;
  if (failure.code === 'connection.identity-changed' && 'expected' in data) return { type: 'identity', ...data };
  if (failure.code === 'connection.identity-unknown') return { type: 'identity', ...data, expected: '' };
  return undefined;
}
