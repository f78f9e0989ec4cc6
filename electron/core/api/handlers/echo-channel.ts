import type { ByteChannel } from '../../../contract/rpc/ports.ts';
import { AppError } from '../../../contract/errors.ts';

type ChunkListener = (chunk: Uint8Array, consumed: () => void) => void;

/** Chunks that wait for a reader before the writer has to. */
const CHUNKS_HELD = 16;

/** Sends back what it gets. A chunk is accepted when there is room for it, and room comes back when the reader has consumed one. */
export class EchoChannel implements ByteChannel {
  #listener: ChunkListener | undefined;
  #room = CHUNKS_HELD;
  #isClosed = false;
  readonly #held: Uint8Array[] = [];
  readonly #writers: {
    readonly resolve: () => void;
    readonly reject: (error: Error) => void;
    readonly chunk: Uint8Array;
  }[] = [];
  readonly #closeListeners = new Set<(error?: Error) => void>();

  write(chunk: Uint8Array): Promise<void> {
    if (this.#isClosed) return Promise.reject(disconnected());
    return new Promise((resolve, reject) => {
      this.#writers.push({ resolve, reject, chunk });
      this.#advance();
    });
  }

  onChunk(listener: ChunkListener): { dispose(): void } {
    this.#listener = listener;
    this.#advance();
    return { dispose: () => (this.#listener = undefined) };
  }

  onClosed(listener: (error?: Error) => void): { dispose(): void } {
    this.#closeListeners.add(listener);
    return { dispose: () => void this.#closeListeners.delete(listener) };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const writer of this.#writers.splice(0)) writer.reject(disconnected());
    for (const listener of this.#closeListeners) listener();
  }

  #advance(): void {
    while (this.#room > 0) {
      const writer = this.#writers.shift();
      if (writer === undefined) break;
      this.#room -= 1;
      this.#held.push(writer.chunk);
      writer.resolve();
    }
    const listener = this.#listener;
    if (listener === undefined) return;
    for (const chunk of this.#held.splice(0)) listener(chunk, this.#onceConsumed());
  }

  #onceConsumed(): () => void {
    let isConsumed = false;
    return () => {
      if (isConsumed) return;
      isConsumed = true;
      this.#room += 1;
      this.#advance();
    };
  }
}

function disconnected(): AppError {
  return new AppError('rpc.disconnected', 'the channel is closed', {});
}
