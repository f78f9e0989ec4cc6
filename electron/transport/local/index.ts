export { findLocalMachine, type LocalMachine } from './find-local-machine.ts';
export { openLocalLink } from './open-local-link.ts';
