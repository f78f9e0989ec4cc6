/**
 * What passes between Electron's preload and the page. The preload exposes one function; everything else goes over the
 * MessagePort that it brings.
 */
export interface ElectronBridge {
  /**
   * Asks the main process for a link. The port arrives as a `message` event of the window itself, whose data is
   * {@link bridgePortMessage} and which carries one port: a port cannot be returned through the context bridge.
   */
  connect(): void;
}

/** The name under which the preload exposes its bridge: `window.wheelhouse`. */
export const bridgeName = 'wheelhouse';
export const bridgePortMessage = 'wheelhouse:port';

/** Electron's own channel names between preload and main process. */
export const bridgeChannels = { connect: 'wheelhouse:connect', port: 'wheelhouse:port' } as const;
