import { AppError } from '../../electron/contract/errors.ts';
import { bridgeName, type ElectronBridge } from '../../electron/contract/electron-bridge.ts';
import { loopbackLinkPath } from '../../electron/contract/rpc/loopback.ts';
import type { FrameLink } from '../../electron/contract/rpc/ports.ts';
import { contract, contractVersion, type Contract } from '../../electron/contract/rpc/table.ts';
import { createRpcConnection, type RpcConnection } from './client.ts';
import { openPortLink } from './message-port-link.ts';
import { takeStartToken, watchForNewerToken } from './start-token.ts';
import { openWebSocketLink } from './web-socket-link.ts';

declare global {
  interface Window {
    /** Only under Electron. */
    readonly [bridgeName]?: ElectronBridge;
  }
}

/** Set by tests in a browser: holds every answer against its schema. */
const validateKey = 'wheelhouse.validate-frames';

/** The window's connection to its core: over Electron's port where there is one, else over the loopback host's WebSocket. Call once. */
export function connectWindow(): RpcConnection<Contract> {
  return createRpcConnection({
    table: contract,
    version: contractVersion,
    // Made anew with each load of the page: a duplicated tab is another window, a reconnect is not.
    rendererId: crypto.randomUUID(),
    openLink: linkOpener(),
    validateFrames: sessionStorage.getItem(validateKey) !== null,
  });
}

function linkOpener(): () => Promise<FrameLink> {
  const bridge = window[bridgeName];
  if (bridge !== undefined) return () => openPortLink(bridge);
  const token = takeStartToken();
  watchForNewerToken();
  if (token === undefined) return () => Promise.reject(tokenMissing());
  return () => openWebSocketLink(`ws://${location.host}${loopbackLinkPath}`, token);
}

function tokenMissing(): AppError<'rpc.token-refused'> {
  return new AppError(
    'rpc.token-refused',
    'this address has no token: open the one that the app printed at its start',
    {},
  );
}
