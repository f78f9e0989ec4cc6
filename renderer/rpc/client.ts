import { AppError, cancelled, isAppError } from '../../electron/contract/errors.ts';
import type { Disposable } from '../../electron/contract/disposable.ts';
import { disconnected } from '../../electron/contract/rpc/credit-channel.ts';
import type { ByteChannel, FrameLink, RpcClient } from '../../electron/contract/rpc/ports.ts';
import type { FrameOf, InputOf, MethodTable, NamesOf, OutputOf } from '../../electron/contract/rpc/shapes.ts';
import { ClientSession } from './client-session.ts';

/** How the window stands to the core. */
export type RpcState =
  /** No link yet, or no more; tried again by itself. `attempt` counts from 1 since the last open link, `reason` says why it ended. */
  | { readonly phase: 'connecting'; readonly attempt: number; readonly reason?: string }
  /** `isResumed`: the same core as before a reconnect. */
  | { readonly phase: 'open'; readonly isResumed: boolean }
  /** The core will not have this window, and says why. Not tried again. */
  | { readonly phase: 'refused'; readonly error: AppError }
  /** Disposed. */
  | { readonly phase: 'closed' };

/** A client and how it stands. */
export interface RpcConnection<Table extends MethodTable> extends RpcClient<Table>, Disposable {
  readonly state: RpcState;
  onStateChange(listener: (state: RpcState) => void): Disposable;
  /** Ends the wait between two attempts. */
  reconnectNow(): void;
}

export interface RpcConnectionOptions<Table extends MethodTable> {
  readonly table: Table;
  readonly version: number;
  /** Names the page; the same after a reconnect, another after a reload. 8 to 64 characters. */
  readonly rendererId: string;
  /** Opens one link. Rejecting is an attempt that failed. */
  openLink(): Promise<FrameLink>;
  /** Development and tests: holds answers against the schemas. */
  readonly validateFrames?: boolean;
  /** Calls once after `delayMs`; the window's own timer if not given. */
  readonly after?: (delayMs: number, callback: () => void) => Disposable;
}

/** Between attempts: the core is on the same machine, so it is back soon or not at all. Doubled each time up to the second. */
const firstDelayMs = 250;
const maxDelayMs = 5_000;

/** Connects at once and stays connected until disposed. */
export function createRpcConnection<Table extends MethodTable>(
  options: RpcConnectionOptions<Table>,
): RpcConnection<Table> {
  return new ReconnectingClient(options);
}

interface Subscription {
  readonly method: string;
  readonly input: unknown;
  readonly onFrame: (frame: unknown) => void;
  readonly onError: (error: AppError) => void;
  current: Disposable | undefined;
}

class ReconnectingClient<Table extends MethodTable> implements RpcConnection<Table> {
  readonly #options: RpcConnectionOptions<Table>;
  readonly #after: (delayMs: number, callback: () => void) => Disposable;
  readonly #listeners = new Set<(state: RpcState) => void>();
  readonly #subscriptions = new Set<Subscription>();
  /** Calls made before the first link was open: the window has just been loaded, and they are what it is loaded for. */
  #early: { readonly go: (session: ClientSession) => void; readonly fail: (error: AppError) => void }[] | undefined =
    [];
  #state: RpcState = { phase: 'connecting', attempt: 1 };
  #session: ClientSession | undefined;
  #link: FrameLink | undefined;
  #wait: Disposable | undefined;

  constructor(options: RpcConnectionOptions<Table>) {
    this.#options = options;
    this.#after = options.after ?? afterTimeout;
    void this.#attempt();
  }

  get state(): RpcState {
    return this.#state;
  }

  onStateChange(listener: (state: RpcState) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  request<Name extends NamesOf<Table, 'request'>>(
    name: Name,
    input: InputOf<Table, Name>,
    signal?: AbortSignal,
  ): Promise<OutputOf<Table, Name>> {
    return this.#withSession((session) => session.request(name, input, signal), signal) as Promise<
      OutputOf<Table, Name>
    >;
  }

  channel<Name extends NamesOf<Table, 'channel'>>(
    name: Name,
    input: InputOf<Table, Name>,
    signal?: AbortSignal,
  ): Promise<ByteChannel> {
    return this.#withSession((session) => session.channel(name, input, signal), signal);
  }

  stream<Name extends NamesOf<Table, 'stream'>>(
    name: Name,
    input: InputOf<Table, Name>,
    onFrame: (frame: FrameOf<Table, Name>) => void,
    onError?: (error: Error) => void,
  ): Disposable {
    const subscription: Subscription = {
      method: name,
      input,
      onFrame: onFrame as (frame: unknown) => void,
      onError: (error) => {
        // Not an end: the next link begins the stream again.
        if (isAppError(error, 'rpc.disconnected')) return;
        if (this.#subscriptions.delete(subscription)) onError?.(error);
      },
      current: undefined,
    };
    const ended = this.#endedBecause();
    if (ended !== undefined) queueMicrotask(() => onError?.(ended));
    else {
      this.#subscriptions.add(subscription);
      if (this.#session !== undefined) this.#subscribe(this.#session, subscription);
    }
    return {
      dispose: () => {
        this.#subscriptions.delete(subscription);
        subscription.current?.dispose();
      },
    };
  }

  reconnectNow(): void {
    if (this.#wait === undefined) return;
    this.#stopWaiting();
    void this.#attempt();
  }

  dispose(): void {
    if (this.#state.phase === 'closed') return;
    const link = this.#link;
    this.#end({ phase: 'closed' }, disconnected());
    link?.close('the window is closing');
  }

  #withSession<T>(start: (session: ClientSession) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    if (this.#session !== undefined) return start(this.#session);
    const early = this.#early;
    // Later, nothing waits for a link: an action must not happen a minute after it was asked for.
    if (early === undefined) return Promise.reject(this.#endedBecause() ?? disconnected());
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelled());
      signal?.addEventListener('abort', () => reject(cancelled()), { once: true });
      early.push({ go: (session) => resolve(start(session)), fail: reject });
    });
  }

  #endedBecause(): AppError | undefined {
    if (this.#state.phase === 'refused') return this.#state.error;
    return this.#state.phase === 'closed' ? disconnected() : undefined;
  }

  async #attempt(): Promise<void> {
    let link: FrameLink;
    try {
      link = await this.#options.openLink();
    } catch (error) {
      if (error instanceof AppError && isAppError(error, 'rpc.token-refused'))
        this.#end({ phase: 'refused', error }, error);
      else this.#retry(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#endedBecause() !== undefined) return link.close('the window is closing');
    this.#use(link);
  }

  #use(link: FrameLink): void {
    this.#link = link;
    const { table, version, rendererId, validateFrames = false } = this.#options;
    const session = new ClientSession({
      link,
      table,
      version,
      rendererId,
      validateFrames,
      onWelcome: (isResumed) => this.#open(session, isResumed),
      onRefused: (error) => {
        this.#end({ phase: 'refused', error }, error);
        link.close(error.message);
      },
    });
    link.onClosed((reason) => {
      session.end();
      if (this.#link !== link) return;
      this.#link = undefined;
      this.#session = undefined;
      this.#retry(reason);
    });
  }

  #open(session: ClientSession, isResumed: boolean): void {
    this.#session = session;
    this.#enter({ phase: 'open', isResumed });
    for (const subscription of this.#subscriptions) this.#subscribe(session, subscription);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const call of early) call.go(session);
  }

  #subscribe(session: ClientSession, subscription: Subscription): void {
    const { method, input, onFrame, onError } = subscription;
    subscription.current = session.stream(method, input, onFrame, onError);
  }

  #retry(reason: string): void {
    if (this.#endedBecause() !== undefined) return;
    const failed = this.#state.phase === 'connecting' ? this.#state.attempt : 0;
    this.#enter({ phase: 'connecting', attempt: failed + 1, reason });
    this.#wait = this.#after(Math.min(firstDelayMs * 2 ** Math.min(failed, 8), maxDelayMs), () => {
      this.#wait = undefined;
      void this.#attempt();
    });
  }

  #end(state: RpcState, error: AppError): void {
    this.#stopWaiting();
    const session = this.#session;
    this.#session = undefined;
    this.#link = undefined;
    this.#enter(state);
    session?.end();
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const call of early) call.fail(error);
    for (const subscription of this.#subscriptions) subscription.onError(error);
    this.#subscriptions.clear();
  }

  #stopWaiting(): void {
    this.#wait?.dispose();
    this.#wait = undefined;
  }

  #enter(state: RpcState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

function afterTimeout(delayMs: number, callback: () => void): Disposable {
  const timer = setTimeout(callback, delayMs);
  return { dispose: () => clearTimeout(timer) };
}
