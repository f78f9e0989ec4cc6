import { RpcServer } from '../core/api/rpc-server.ts';
import { createChannelPair } from '../contract/rpc/credit-channel.ts';
import type { ByteChannel, CallContext, RpcHandlers } from '../contract/rpc/ports.ts';
import type { Disposable } from '../contract/disposable.ts';
import type { Log } from '../core/ports/log.ts';
import { smallTable, type CountFrame, type SmallTable } from './small-contract.ts';

/** Counters by name with their changes as a stream: the smallest authority that can be replicated. */
export class Counters {
  readonly values: Record<string, number> = {};
  #revision = 0;
  readonly #watchers = new Set<(frame: CountFrame) => void>();

  get watcherCount(): number {
    return this.#watchers.size;
  }

  set(name: string, value: number): void {
    this.values[name] = value;
    const from = this.#revision++;
    for (const tell of this.#watchers) tell({ from, to: this.#revision, put: { [name]: value } });
  }

  /** Sends a frame that does not follow the last one. */
  skip(): void {
    for (const tell of this.#watchers) tell({ from: -5, to: -4, put: {} });
  }

  watch(send: (frame: CountFrame) => void): Disposable {
    this.#watchers.add(send);
    send({ from: 0, to: this.#revision, put: { ...this.values } });
    return { dispose: () => this.#watchers.delete(send) };
  }
}

/** A core behind {@link smallTable}, and what its handlers saw. */
export interface SmallCore {
  readonly server: RpcServer<SmallTable>;
  readonly counters: Counters;
  /** Calls of `text.wait` that have not been answered. */
  readonly waiting: { readonly context: CallContext; readonly answer: (text: string) => void }[];
  /** The core's own ends of the channels that were opened. */
  readonly channels: ByteChannel[];
  readonly log: { readonly event: string; readonly fields: unknown }[];
}

/** Starts one. `handlers` replaces some of its handlers. */
export function createSmallCore(handlers: Partial<RpcHandlers<SmallTable>> = {}, version = 1): SmallCore {
  const counters = new Counters();
  const waiting: SmallCore['waiting'] = [];
  const channels: ByteChannel[] = [];
  const events: { event: string; fields: unknown }[] = [];
  const log: Log = (_level, event, fields) => events.push({ event, fields });
  const server = new RpcServer<SmallTable>({
    table: smallTable,
    version,
    log,
    handlers: {
      'text.upper': ({ text, times }) => Promise.resolve(text.toUpperCase().repeat(times)),
      'text.wait': (_input, context) =>
        new Promise((resolve, reject) => {
          waiting.push({ context, answer: resolve });
          context.signal.addEventListener('abort', () => reject(new Error('called off')));
        }),
      'count.watch': (_input, send) => counters.watch(send),
      'bytes.echo': () => {
        const [outer, inner] = createChannelPair();
        channels.push(inner);
        inner.onChunk((chunk, consumed) => {
          inner.write(chunk).then(consumed, () => undefined);
        });
        return Promise.resolve(outer);
      },
      ...handlers,
    },
  });
  return { server, counters, waiting, channels, log: events };
}

/** Lets everything that is under way in memory arrive and be answered. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
