import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannels, bridgeName, bridgePortMessage, type ElectronBridge } from '../contract/electron-bridge.ts';

ipcRenderer.on(bridgeChannels.port, (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage(bridgePortMessage, window.location.origin, [port]);
});

const bridge: ElectronBridge = {
  connect() {
    ipcRenderer.send(bridgeChannels.connect);
  },
};
contextBridge.exposeInMainWorld(bridgeName, bridge);
