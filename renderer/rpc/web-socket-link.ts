import type { Disposable } from '../../electron/contract/disposable.ts';
import { disconnected } from '../../electron/contract/rpc/credit-channel.ts';
import { LinkEvents } from '../../electron/contract/rpc/link-events.ts';
import type { AuthoriseFrame } from '../../electron/contract/rpc/loopback.ts';
import type { FrameLink } from '../../electron/contract/rpc/ports.ts';

/** Opens the loopback host's WebSocket and shows it the token. A wrong one is answered by a refusal on the link. */
export function openWebSocketLink(url: string, token: string): Promise<FrameLink> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    // A browser does not tell a page why a connection failed.
    const onFailed = (): void => reject(new Error('the app does not answer; is it still running?'));
    socket.addEventListener('error', onFailed);
    socket.addEventListener('open', () => {
      socket.removeEventListener('error', onFailed);
      const frame: AuthoriseFrame = { type: 'authorise', token };
      socket.send(JSON.stringify(frame));
      resolve(new WebSocketLink(socket));
    });
  });
}

/** A browser's WebSocket, open, as a frame link. */
class WebSocketLink implements FrameLink {
  readonly #socket: WebSocket;
  readonly #events = new LinkEvents();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      this.#events.tellFrame(typeof data === 'string' ? data : new Uint8Array(data));
    });
    socket.addEventListener('close', ({ reason }) => this.#events.tellClosed(reason || 'the app ended the link'));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState !== this.#socket.OPEN) throw disconnected();
    this.#socket.send(frame);
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
    // A close reason is limited to 123 bytes and matters to nobody on the other side.
    this.#socket.close();
    this.#events.tellClosed(reason);
  }
}
