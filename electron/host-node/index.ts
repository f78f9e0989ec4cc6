/** Place of this layer; see docs/architecture.md. */
export const layer = 'electron/host-node';
