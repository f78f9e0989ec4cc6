import type { MessagePortMain } from 'electron';
import type { Disposable } from '../contract/disposable.ts';
import { AppError } from '../contract/errors.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';

/**
 * One window's MessagePort as a FrameLink. A port tells nothing of what is still under way, so `bufferedBytes` is 0 and
 * streams are held back by the protocol's own acknowledgements.
 * Messages that are neither text nor bytes end the link: our renderer never sends them.
 */
export function portLink(port: MessagePortMain): FrameLink {
  const frames = new Set<(frame: string | Uint8Array) => void>();
  const closings = new Set<(reason: string) => void>();
  let isClosed = false;

  const end = (reason: string): void => {
    if (isClosed) return;
    isClosed = true;
    port.close();
    for (const listener of closings) listener(reason);
  };
  port.on('message', ({ data }: { data: unknown }) => {
    if (isClosed) return;
    if (typeof data !== 'string' && !(data instanceof Uint8Array)) {
      end('a message that is neither text nor bytes');
      return;
    }
    for (const listener of frames) listener(data);
  });
  port.on('close', () => end('the window closed'));
  port.start();

  return {
    send(frame) {
      if (isClosed) throw new AppError('rpc.disconnected', 'the window is gone', {});
      port.postMessage(frame);
    },
    onFrame: (listener) => subscribe(frames, listener),
    onClosed: (listener) => subscribe(closings, listener),
    close: end,
    bufferedBytes: 0,
    onDrained: () => ({ dispose: () => undefined }),
  };
}

function subscribe<Listener>(listeners: Set<Listener>, listener: Listener): Disposable {
  listeners.add(listener);
  return { dispose: () => listeners.delete(listener) };
}
