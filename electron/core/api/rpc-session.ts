import { AppError, cancelled, isAppError, toAppError } from '../../contract/errors.ts';
import type { Disposable } from '../../contract/disposable.ts';
import {
  decodeClientFrame,
  decodeData,
  encodeData,
  encodeFrame,
  encodeItem,
  violation,
} from '../../contract/rpc/codec.ts';
import { CreditChannel, disconnected, joinChannels } from '../../contract/rpc/credit-channel.ts';
import type { ClientFrame, ServerFrame } from '../../contract/rpc/frames.ts';
import type { ByteChannel, CallContext, FrameLink } from '../../contract/rpc/ports.ts';
import type { ChannelEntry, MethodTable, RequestEntry, StreamEntry } from '../../contract/rpc/shapes.ts';
import type { Log } from '../ports/log.ts';
import { StreamSender } from './stream-sender.ts';

export interface RpcSessionOptions {
  readonly link: FrameLink;
  readonly table: MethodTable;
  /** One for each entry of the table, of the entry's shape; {@link RpcServer} has checked the types. */
  readonly handlers: object;
  readonly rendererId: string;
  readonly log: Log;
}

/** Everything that one window may have open at once. Far above any real use; it bounds what a broken window can cost. */
const maxOpen = 4096;

interface OpenStream {
  readonly sender: StreamSender<unknown>;
  readonly controller: AbortController;
  subscription: Disposable | undefined;
}

type Answer = (input: unknown, context: CallContext) => Promise<unknown>;
type Open = (input: unknown, context: CallContext) => Promise<ByteChannel>;
type Feed = (input: unknown, send: (frame: unknown) => void, context: CallContext) => Disposable;
type Start = Extract<ClientFrame, { readonly method: string }>;

/** One link after its hello: what it has asked for and what runs for it. */
export class RpcSession {
  readonly #options: RpcSessionOptions;
  readonly #calls = new Map<number, AbortController>();
  readonly #streams = new Map<number, OpenStream>();
  readonly #channels = new Map<number, CreditChannel>();
  #lastId = 0;
  #hasEnded = false;

  constructor(options: RpcSessionOptions) {
    this.#options = options;
  }

  get rendererId(): string {
    return this.#options.rendererId;
  }

  /** Throws `rpc.protocol-violated`; the link must then be closed. */
  receive(frame: string | Uint8Array): void {
    if (this.#hasEnded) return;
    if (typeof frame === 'string') this.#receiveText(decodeClientFrame(frame));
    else {
      const { id, payload } = decodeData(frame);
      this.#known(id);
      this.#channels.get(id)?.acceptData(payload);
    }
  }

  /** The link has room again. */
  flush(): void {
    for (const [id, stream] of this.#streams) this.#guarded(id, () => stream.sender.flush());
  }

  close(reason: string): void {
    this.#options.link.close(reason);
    this.end();
  }

  /** The link is gone: cancels everything that ran for it. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const controller of this.#calls.values()) controller.abort(disconnected());
    for (const id of this.#streams.keys()) this.#endStream(id);
    for (const channel of this.#channels.values()) channel.acceptClose(disconnected());
    this.#calls.clear();
    this.#channels.clear();
  }

  #receiveText(frame: ClientFrame): void {
    switch (frame.type) {
      case 'hello':
        throw violation('second hello');
      case 'call':
      case 'subscribe':
      case 'open':
        return this.#start(frame);
      case 'cancel':
        this.#known(frame.id);
        this.#calls.get(frame.id)?.abort(cancelled());
        // The cancel of an `open` may cross its `opened`.
        return this.#channels.get(frame.id)?.close();
      case 'unsubscribe':
        this.#known(frame.id);
        return this.#endStream(frame.id);
      case 'taken':
        this.#known(frame.id);
        return this.#guarded(frame.id, () => this.#streams.get(frame.id)?.sender.taken());
      case 'credit':
        this.#known(frame.id);
        return this.#channels.get(frame.id)?.acceptCredit(frame.bytes);
      case 'close':
        this.#known(frame.id);
        this.#channels.get(frame.id)?.acceptClose(frame.error && AppError.fromShape(frame.error));
        this.#channels.delete(frame.id);
    }
  }

  /** Frames for something that has ended may still be under way; frames for something that never was are an error. */
  #known(id: number): void {
    if (id > this.#lastId) throw violation('frame for a number that was never opened');
  }

  #start(frame: Start): void {
    if (frame.id <= this.#lastId) throw violation(`${frame.type} with a number that was used before`);
    this.#lastId = frame.id;
    const shape = ({ call: 'request', subscribe: 'stream', open: 'channel' } as const)[frame.type];
    const { table } = this.#options;
    const entry = Object.hasOwn(table, frame.method) ? table[frame.method] : undefined;
    if (entry === undefined || entry.shape !== shape) {
      const message = `no ${shape} is called ${frame.method}`;
      return this.#fail(frame.id, new AppError('rpc.unknown-method', message, { method: frame.method }));
    }
    if (this.#calls.size + this.#streams.size + this.#channels.size >= maxOpen) {
      throw violation(`more than ${maxOpen} calls, streams and channels at once`);
    }
    const input = this.#parse(entry, frame);
    if (input === undefined) return;
    if (entry.shape === 'stream') this.#subscribe(frame, entry, input.value);
    else void this.#call(frame, entry, input.value);
  }

  #parse(entry: MethodTable[string], frame: Start): { readonly value: unknown } | undefined {
    const parsed = entry.input.safeParse(frame.input);
    if (parsed.success) return { value: parsed.data };
    const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
    const words = issues.map(({ path, message }) => `${path || 'input'}: ${message}`).join('; ');
    this.#fail(frame.id, new AppError('input.invalid', `${frame.method}: ${words}`, { issues }));
    return undefined;
  }

  async #call(frame: Start, entry: RequestEntry | ChannelEntry, input: unknown): Promise<void> {
    const { id, method } = frame;
    const controller = new AbortController();
    this.#calls.set(id, controller);
    const context = { signal: controller.signal, rendererId: this.rendererId };
    try {
      if (entry.shape === 'request') {
        const output = await (this.#handler(method) as Answer)(input, context);
        if (!controller.signal.aborted) this.#send({ type: 'result', id, output });
      } else {
        const inner = await (this.#handler(method) as Open)(input, context);
        if (controller.signal.aborted) inner.close();
        else this.#openChannel(id, inner);
      }
    } catch (error) {
      // Whoever called it off has been told already, by itself.
      if (!controller.signal.aborted) this.#fail(id, this.#asError(error, method));
    } finally {
      this.#calls.delete(id);
    }
  }

  #openChannel(id: number, inner: ByteChannel): void {
    const channel = new CreditChannel({
      data: (piece) => this.#sendBytes(encodeData(id, piece)),
      credit: (bytes) => this.#send({ type: 'credit', id, bytes }),
      close: (error) => this.#send({ type: 'close', id, ...(error && { error: error.toShape() }) }),
    });
    this.#channels.set(id, channel);
    channel.onClosed(() => this.#channels.delete(id));
    this.#send({ type: 'opened', id });
    joinChannels(inner, channel);
  }

  #subscribe(frame: Start, entry: StreamEntry, input: unknown): void {
    const { id, method } = frame;
    const controller = new AbortController();
    const sender = new StreamSender<unknown>({
      bufferedBytes: () => this.#options.link.bufferedBytes,
      // The table pairs each squash with the frames of its own entry.
      squash: (earlier, later) => entry.squash(earlier as never, later as never),
      transmit: (item) => this.#sendBytes(encodeItem(id, item)),
    });
    const stream: OpenStream = { sender, controller, subscription: undefined };
    this.#streams.set(id, stream);
    const send = (item: unknown): void => {
      if (this.#streams.get(id) === stream) this.#guarded(id, () => sender.push(item), method);
    };
    this.#guarded(
      id,
      () => {
        const context = { signal: controller.signal, rendererId: this.rendererId };
        stream.subscription = (this.#handler(method) as Feed)(input, send, context);
      },
      method,
    );
    // Ended while the handler was still starting it.
    if (this.#streams.get(id) !== stream) stream.subscription?.dispose();
  }

  /** An error in a stream ends that stream, not the code of the core that had news for it. */
  #guarded(id: number, step: () => void, method = 'stream'): void {
    try {
      step();
    } catch (error) {
      const failure = this.#asError(error, method);
      this.#endStream(id);
      this.#fail(id, failure);
    }
  }

  #endStream(id: number): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#streams.delete(id);
    stream.controller.abort();
    stream.subscription?.dispose();
  }

  #handler(method: string): unknown {
    return (this.#options.handlers as Readonly<Record<string, unknown>>)[method];
  }

  #asError(error: unknown, method: string): AppError {
    const failure = toAppError(error, `handler of ${method}`);
    if (isAppError(failure, 'internal.bug')) {
      const stack = error instanceof Error ? error.stack : undefined;
      this.#options.log('error', 'rpc-handler-failed', { method, message: failure.message, stack });
    }
    return failure;
  }

  #fail(id: number, error: AppError): void {
    this.#send({ type: 'failure', id, error: error.toShape() });
  }

  #send(frame: ServerFrame): void {
    this.#sendBytes(encodeFrame(frame));
  }

  #sendBytes(frame: string | Uint8Array): void {
    // A link that has closed tells so by its event, which may be a moment later than the first failing send.
    if (this.#hasEnded) return;
    try {
      this.#options.link.send(frame);
    } catch (error) {
      this.#options.log('debug', 'rpc-send-failed', {
        message: error instanceof Error ? error.message : String(error),
      });
    }
  }
}
