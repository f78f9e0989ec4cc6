import { AppError, cancelled } from '../../electron/contract/errors.ts';
import type { Disposable } from '../../electron/contract/disposable.ts';
import { decodeData, decodeServerFrame, encodeData, encodeFrame } from '../../electron/contract/rpc/codec.ts';
import { CreditChannel, disconnected } from '../../electron/contract/rpc/credit-channel.ts';
import type { ClientFrame, ServerFrame } from '../../electron/contract/rpc/frames.ts';
import type { ByteChannel, FrameLink } from '../../electron/contract/rpc/ports.ts';
import type { MethodTable } from '../../electron/contract/rpc/shapes.ts';

export interface ClientSessionOptions {
  readonly link: FrameLink;
  readonly table: MethodTable;
  readonly version: number;
  readonly rendererId: string;
  /** Holds what the core sends against the table's schemas; for development and tests. */
  readonly validateFrames: boolean;
  onWelcome(isResumed: boolean): void;
  /** The core will not have this window; no other frame follows. */
  onRefused(error: AppError): void;
}

/** Who waits for what the core sends under one number. */
interface Waiter {
  readonly method: string;
  onFrame(frame: ServerFrame): void;
  fail(error: AppError): void;
}

/** One link of a window: numbers its calls and hands answers to whoever waits for them. */
export class ClientSession {
  readonly #options: ClientSessionOptions;
  readonly #waiters = new Map<number, Waiter>();
  readonly #channels = new Map<number, CreditChannel>();
  #nextId = 1;
  #hasEnded = false;

  constructor(options: ClientSessionOptions) {
    this.#options = options;
    options.link.onFrame((frame) => this.#receive(frame));
    this.#send({ type: 'hello', version: options.version, rendererId: options.rendererId });
  }

  request(method: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelled());
      const id = this.#nextId++;
      const finish = this.#waitFor(id, method, signal, {
        onFrame: (frame) => {
          if (frame.type !== 'result') return;
          finish();
          const problem = this.#problemOf(method, 'output', frame.output);
          if (problem === undefined) resolve(frame.output);
          else reject(problem);
        },
        reject,
      });
      this.#start({ type: 'call', id, method, input });
    });
  }

  channel(method: string, input: unknown, signal?: AbortSignal): Promise<ByteChannel> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelled());
      const id = this.#nextId++;
      const finish = this.#waitFor(id, method, signal, {
        onFrame: (frame) => {
          if (frame.type !== 'opened') return;
          finish();
          resolve(this.#openChannel(id));
        },
        reject,
      });
      this.#start({ type: 'open', id, method, input });
    });
  }

  stream(
    method: string,
    input: unknown,
    onFrame: (frame: unknown) => void,
    onError: (error: AppError) => void,
  ): Disposable {
    const id = this.#nextId++;
    const end = (): boolean => this.#waiters.delete(id);
    this.#waiters.set(id, {
      method,
      onFrame: (frame) => {
        if (frame.type !== 'item') return;
        const problem = this.#problemOf(method, 'frame', frame.frame);
        if (problem !== undefined) {
          end();
          this.#send({ type: 'unsubscribe', id });
          return onError(problem);
        }
        try {
          onFrame(frame.frame);
        } finally {
          if (this.#waiters.has(id)) this.#send({ type: 'taken', id });
        }
      },
      fail: (error) => {
        end();
        onError(error);
      },
    });
    this.#start({ type: 'subscribe', id, method, input });
    return {
      dispose: () => {
        if (end()) this.#send({ type: 'unsubscribe', id });
      },
    };
  }

  /** The link is gone. Calls and channels end; streams are told nothing, for they begin again on the next link. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const waiter of this.#waiters.values()) waiter.fail(disconnected());
    for (const channel of this.#channels.values()) channel.acceptClose(disconnected());
    this.#waiters.clear();
    this.#channels.clear();
  }

  #waitFor(
    id: number,
    method: string,
    signal: AbortSignal | undefined,
    waiter: { readonly onFrame: (frame: ServerFrame) => void; readonly reject: (error: AppError) => void },
  ): () => void {
    const finish = (): void => {
      this.#waiters.delete(id);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      finish();
      this.#send({ type: 'cancel', id });
      waiter.reject(cancelled());
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const fail = (error: AppError): void => {
      finish();
      waiter.reject(error);
    };
    this.#waiters.set(id, { method, onFrame: waiter.onFrame, fail });
    return finish;
  }

  #receive(frame: string | Uint8Array): void {
    if (this.#hasEnded) return;
    try {
      if (typeof frame === 'string') this.#receiveText(decodeServerFrame(frame));
      else {
        const { id, payload } = decodeData(frame);
        this.#channels.get(id)?.acceptData(payload);
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'rpc.protocol-violated') throw error;
      this.#options.link.close(error.message);
    }
  }

  #receiveText(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        return this.#options.onWelcome(frame.isResumed);
      case 'refused':
        return this.#options.onRefused(AppError.fromShape(frame.error));
      case 'failure':
        return this.#waiters.get(frame.id)?.fail(AppError.fromShape(frame.error));
      case 'result':
      case 'item':
      case 'opened':
        return this.#waiters.get(frame.id)?.onFrame(frame);
      case 'credit':
        return this.#channels.get(frame.id)?.acceptCredit(frame.bytes);
      case 'close':
        return this.#channels.get(frame.id)?.acceptClose(frame.error && AppError.fromShape(frame.error));
    }
  }

  #openChannel(id: number): ByteChannel {
    const channel = new CreditChannel({
      data: (piece) => this.#sendRaw(encodeData(id, piece)),
      credit: (bytes) => this.#send({ type: 'credit', id, bytes }),
      close: (error) => this.#send({ type: 'close', id, ...(error && { error: error.toShape() }) }),
    });
    this.#channels.set(id, channel);
    channel.onClosed(() => this.#channels.delete(id));
    return channel;
  }

  /** What the table says against a value of the core. The value itself goes on unchanged, so that production sees the same. */
  #problemOf(method: string, part: 'output' | 'frame', value: unknown): AppError | undefined {
    if (!this.#options.validateFrames) return undefined;
    const entry = this.#options.table[method];
    const schema =
      part === 'output' ? entry?.shape === 'request' && entry.output : entry?.shape === 'stream' && entry.frame;
    if (!schema) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return undefined;
    const words = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    return new AppError('internal.bug', `${method} does not keep its contract: ${words}`, {
      where: `${part} of ${method}`,
    });
  }

  /** A frame that begins something. It must reach the link, or its number would stay unanswered. */
  #start(frame: Extract<ClientFrame, { readonly method: string }>): void {
    if (this.#hasEnded || !this.#send(frame)) this.#waiters.get(frame.id)?.fail(disconnected());
  }

  #send(frame: ClientFrame): boolean {
    return this.#sendRaw(encodeFrame(frame));
  }

  /** False when the link has closed; its event then ends the session. */
  #sendRaw(frame: string | Uint8Array): boolean {
    if (this.#hasEnded) return false;
    try {
      this.#options.link.send(frame);
      return true;
    } catch {
      return false;
    }
  }
}
