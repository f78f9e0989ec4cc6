import type { IpcMainEvent, WebFrameMain } from 'electron';
import type { Disposable } from '../contract/disposable.ts';
import { bridgeChannels } from '../contract/electron-bridge.ts';
import type { FrameLink } from '../contract/rpc/ports.ts';
import type { ElectronApis } from './electron-apis.ts';
import { pageOrigin } from './page.ts';
import { portLink } from './port-link.ts';

/**
 * Answers the preload's only message: makes a channel, keeps one end as a FrameLink and sends the other to the window.
 * The sender is checked here and nowhere else: it must be the main frame of one of our windows and show our page.
 */
export function acceptWindowLinks(
  { ipcMain, MessageChannelMain }: Pick<ElectronApis, 'ipcMain' | 'MessageChannelMain'>,
  isOurWindow: (webContentsId: number) => boolean,
  onLink: (link: FrameLink) => void,
  onRefused: (reason: string) => void,
): Disposable {
  const listener = (event: IpcMainEvent, ...rest: unknown[]): void => {
    const reason = refusalOf(event, rest, isOurWindow);
    if (reason !== undefined) {
      onRefused(reason);
      return;
    }
    const { port1, port2 } = new MessageChannelMain();
    onLink(portLink(port1));
    event.senderFrame?.postMessage(bridgeChannels.port, null, [port2]);
  };
  ipcMain.on(bridgeChannels.connect, listener);
  return { dispose: () => ipcMain.removeListener(bridgeChannels.connect, listener) };
}

function refusalOf(
  event: IpcMainEvent,
  rest: readonly unknown[],
  isOurWindow: (id: number) => boolean,
): string | undefined {
  const frame: WebFrameMain | null = event.senderFrame;
  if (rest.length > 0) return 'connect takes no arguments';
  if (frame === null) return 'the frame is gone';
  if (frame.parent !== null) return 'not the main frame';
  if (!isOurWindow(event.sender.id)) return 'not one of our windows';
  if (frame.origin !== pageOrigin && !frame.url.startsWith(`${pageOrigin}/`)) return 'another page';
  return undefined;
}
