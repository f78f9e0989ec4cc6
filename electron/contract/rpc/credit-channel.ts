import type { Disposable } from '../disposable.ts';
import { AppError } from '../errors.ts';
import type { ByteChannel } from './ports.ts';
import { violation } from './codec.ts';

/**
 * Bytes that may be under way in each direction. A link on one machine moves this in well under a millisecond, a terminal
 * needs far less, and a hundred stalled channels then hold 25 MB, not more.
 */
export const channelWindowBytes = 256 * 1024;

/** One data frame; small enough that a large write does not hold up other frames of the link for long. */
const maxPieceBytes = 64 * 1024;

/** Credit is given back in parts of this size, so that a stream of small chunks does not cost a credit frame each. */
const creditStepBytes = channelWindowBytes / 4;

/** How one end of a channel speaks to the other. */
export interface ChannelWire {
  data(piece: Uint8Array): void;
  credit(bytes: number): void;
  close(error?: AppError): void;
}

interface PendingWrite {
  rest: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One end of a byte channel: the same on both sides of a link, and of a pair in memory. */
export class CreditChannel implements ByteChannel {
  readonly #wire: ChannelWire;
  #mayWriteBytes = channelWindowBytes;
  #mayArriveBytes = channelWindowBytes;
  #owedBytes = 0;
  readonly #writes: PendingWrite[] = [];
  readonly #unread: Uint8Array[] = [];
  #reader: ((chunk: Uint8Array, consumed: () => void) => void) | undefined;
  readonly #closedListeners = new Set<(error?: Error) => void>();
  #end: { readonly error: AppError | undefined } | undefined;
  #isEndTold = false;

  constructor(wire: ChannelWire) {
    this.#wire = wire;
  }

  write(chunk: Uint8Array): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(disconnected());
    if (chunk.byteLength === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#writes.push({ rest: chunk, resolve, reject });
      this.#sendWhatFits();
    });
  }

  onChunk(listener: (chunk: Uint8Array, consumed: () => void) => void): Disposable {
    if (this.#reader !== undefined) throw new TypeError('a byte channel has one reader');
    this.#reader = listener;
    for (const chunk of this.#unread.splice(0)) this.#deliver(chunk);
    this.#tellEnd();
    return {
      dispose: () => {
        if (this.#reader === listener) this.#reader = undefined;
      },
    };
  }

  onClosed(listener: (error?: Error) => void): Disposable {
    if (this.#isEndTold) queueMicrotask(() => listener(this.#end?.error));
    else this.#closedListeners.add(listener);
    return { dispose: () => this.#closedListeners.delete(listener) };
  }

  close(): void {
    this.fail(undefined);
  }

  /** Ends both directions and tells the other side why. Bytes that arrived and were not read are dropped. */
  fail(error: AppError | undefined): void {
    if (this.#end !== undefined) return;
    this.#unread.length = 0;
    this.#wire.close(error);
    this.acceptClose(error);
  }

  /** Bytes from the other side; throws `rpc.protocol-violated` when they exceed what it was granted. */
  acceptData(payload: Uint8Array): void {
    if (this.#end !== undefined) return;
    if (payload.byteLength > this.#mayArriveBytes) throw violation('data beyond the credit of its channel');
    this.#mayArriveBytes -= payload.byteLength;
    if (this.#reader === undefined) this.#unread.push(payload);
    else this.#deliver(payload);
  }

  /** Credit from the other side; throws `rpc.protocol-violated` when it grants more than was used. */
  acceptCredit(bytes: number): void {
    if (this.#end !== undefined) return;
    if (this.#mayWriteBytes + bytes > channelWindowBytes) throw violation('credit beyond the window of its channel');
    this.#mayWriteBytes += bytes;
    this.#sendWhatFits();
  }

  /** The other side, or the link, has ended the channel. What arrived before is still delivered. */
  acceptClose(error: AppError | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    for (const write of this.#writes.splice(0)) write.reject(disconnected());
    this.#tellEnd();
  }

  #sendWhatFits(): void {
    for (let write = this.#writes[0]; write !== undefined && this.#mayWriteBytes > 0; write = this.#writes[0]) {
      const piece = write.rest.subarray(0, Math.min(this.#mayWriteBytes, maxPieceBytes));
      write.rest = write.rest.subarray(piece.byteLength);
      this.#mayWriteBytes -= piece.byteLength;
      if (write.rest.byteLength === 0) this.#writes.shift();
      this.#wire.data(piece);
      if (write.rest.byteLength === 0) write.resolve();
    }
  }

  #deliver(chunk: Uint8Array): void {
    let isConsumed = false;
    this.#reader?.(chunk, () => {
      if (isConsumed) return;
      isConsumed = true;
      this.#giveBack(chunk.byteLength);
    });
  }

  #giveBack(bytes: number): void {
    this.#owedBytes += bytes;
    if (this.#end !== undefined || this.#owedBytes < creditStepBytes) return;
    const owed = this.#owedBytes;
    this.#owedBytes = 0;
    this.#mayArriveBytes += owed;
    this.#wire.credit(owed);
  }

  #tellEnd(): void {
    if (this.#end === undefined || this.#isEndTold || this.#unread.length > 0) return;
    this.#isEndTold = true;
    for (const listener of this.#closedListeners) listener(this.#end.error);
    this.#closedListeners.clear();
  }
}

/** The error of whatever was under way when a link or channel ended. */
export function disconnected(): AppError<'rpc.disconnected'> {
  return new AppError('rpc.disconnected', 'the link closed before the answer came', {});
}

/** Two ends in memory: what one writes, the other reads, with the same credit as over a link. */
export function createChannelPair(): readonly [ByteChannel, ByteChannel] {
  const left: CreditChannel = new CreditChannel(wireTo(() => right));
  const right: CreditChannel = new CreditChannel(wireTo(() => left));
  return [left, right];
}

function wireTo(other: () => CreditChannel): ChannelWire {
  return {
    data: (piece) => {
      const copy = piece.slice();
      queueMicrotask(() => other().acceptData(copy));
    },
    credit: (bytes) => queueMicrotask(() => other().acceptCredit(bytes)),
    close: (error) => queueMicrotask(() => other().acceptClose(error)),
  };
}

/** Joins two channels: what arrives on one is written to the other, and the end of either ends both. Credit passes through. */
export function joinChannels(one: ByteChannel, other: ByteChannel): void {
  forward(one, other);
  forward(other, one);
}

function forward(from: ByteChannel, to: ByteChannel): void {
  from.onChunk((chunk, consumed) => {
    // A rejected write means that `to` has ended; its onClosed then ends `from`.
    to.write(chunk).then(consumed, () => undefined);
  });
  from.onClosed((error) => {
    if (to instanceof CreditChannel) to.fail(error instanceof AppError ? error : undefined);
    else to.close();
  });
}
