import type { RawData, WebSocket } from 'ws';
import type { Disposable } from '../contract/disposable.ts';
import { disconnected } from '../contract/rpc/credit-channel.ts';
import { LinkEvents } from '../contract/rpc/link-events.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';

/** `onDrained` is told when the unsent bytes have fallen below this after having been above it. */
const drainedBytes = 64 * 1024;

/** A close reason may have 123 bytes of UTF-8; the words were sent in a frame before where they matter. */
const maxReasonCharacters = 40;

/** The host's end of one window's WebSocket as a frame link. */
export class WebSocketLink implements FrameLink {
  readonly #socket: WebSocket;
  readonly #events = new LinkEvents();
  #isHigh = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = toBytes(data);
      this.#events.tellFrame(isBinary ? bytes : bytes.toString('utf8'));
    });
    socket.on('close', () => this.#events.tellClosed('the window closed'));
    // 'close' follows; without a listener an oversized or malformed frame would end the process.
    socket.on('error', (error) => this.#events.tellClosed(error.message));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string | Uint8Array): void {
    if (this.#events.hasClosed) throw disconnected();
    this.#socket.send(frame, () => this.#afterSend());
    this.#isHigh ||= this.bufferedBytes > drainedBytes;
  }

  onFrame(listener: (frame: string | Uint8Array) => void): Disposable {
    return this.#events.onFrame(listener);
  }

  onClosed(listener: (reason: string) => void): Disposable {
    return this.#events.onClosed(listener);
  }

  onDrained(listener: () => void): Disposable {
    return this.#events.onDrained(listener);
  }

  close(reason: string): void {
    if (!this.#events.tellClosed(reason)) return;
    this.#socket.close(1000, reason.slice(0, maxReasonCharacters));
  }

  #afterSend(): void {
    if (!this.#isHigh || this.bufferedBytes > drainedBytes) return;
    this.#isHigh = false;
    this.#events.tellDrained();
  }
}

/** A message in one piece. `ws` gives a Buffer unless told otherwise; its type allows more. */
export function toBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
