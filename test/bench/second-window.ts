import { WebSocket as NodeWebSocket } from 'ws';
import { loopbackLinkPath } from '../../electron/contract/rpc/loopback.ts';
import { contract, contractVersion, type Contract } from '../../electron/contract/rpc/table.ts';
import { createRpcConnection, type RpcConnection } from '../../renderer/rpc/client.ts';
import { openWebSocketLink } from '../../renderer/rpc/web-socket-link.ts';

/** A window without a picture: the bench's own link to the core, by the window's own client. */
export function openSecondWindow(url: string): RpcConnection<Contract> {
  const { origin, host, hash } = new URL(url);
  class OurWebSocket extends NodeWebSocket {
    constructor(address: string) {
      super(address, { origin, perMessageDeflate: false });
    }
  }
  Object.assign(globalThis, { WebSocket: OurWebSocket });
  return createRpcConnection({
    table: contract,
    version: contractVersion,
    rendererId: 'bench-window',
    openLink: () => openWebSocketLink(`ws://${host}${loopbackLinkPath}`, hash.slice(1)),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return { dispose: () => clearTimeout(timer) };
    },
  });
}
