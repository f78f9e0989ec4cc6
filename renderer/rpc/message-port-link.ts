import type { Disposable } from '../../electron/contract/disposable.ts';
import { bridgePortMessage, type ElectronBridge } from '../../electron/contract/electron-bridge.ts';
import { disconnected } from '../../electron/contract/rpc/credit-channel.ts';
import { LinkEvents } from '../../electron/contract/rpc/link-events.ts';
import type { FrameLink } from '../../electron/contract/rpc/ports.ts';

/** Asks Electron's preload for a port and waits for the message that brings it. */
export function openPortLink(bridge: ElectronBridge): Promise<FrameLink> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent<unknown>): void => {
      const [port] = event.ports;
      if (event.source !== window || event.data !== bridgePortMessage || port === undefined) return;
      window.removeEventListener('message', onMessage);
      resolve(new MessagePortLink(port));
    };
    window.addEventListener('message', onMessage);
    bridge.connect();
  });
}

/** A MessagePort as a frame link. */
export class MessagePortLink implements FrameLink {
  /** A port does not tell. */
  readonly bufferedBytes = 0;
  readonly #port: MessagePort;
  readonly #events = new LinkEvents();

  constructor(port: MessagePort) {
    this.#port = port;
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' || data instanceof Uint8Array) this.#events.tellFrame(data);
    });
    port.addEventListener('close', () => this.#events.tellClosed('the app ended the link'));
    port.start();
  }

  send(frame: string | Uint8Array): void {
    if (this.#events.hasClosed) throw disconnected();
    this.#port.postMessage(frame);
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
    this.#port.close();
    this.#events.tellClosed(reason);
  }
}
