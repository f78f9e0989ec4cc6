import type { ContractHandlers } from '../contract/rpc/table.ts';
import type { WindowCommand, WindowCommandFrame } from '../contract/window-commands.ts';

/** Carries clicks of the native menu to the window that watches. */
export interface MenuCommands {
  send(command: WindowCommand): void;
  readonly watch: ContractHandlers['window.watchCommands'];
}

/**
 * A command sent while no window watches (the window is just being opened by that click) is kept for the next watcher.
 * The numbers only rise, so that a window whose stream starts again obeys nothing twice.
 */
export function createMenuCommands(): MenuCommands {
  const watchers = new Set<(frame: WindowCommandFrame) => void>();
  let sequence = 0;
  let waiting: WindowCommand | undefined;
  return {
    send(command) {
      if (watchers.size === 0) {
        waiting = command;
        return;
      }
      sequence += 1;
      for (const send of watchers) send({ sequence, command });
    },
    watch(_input, send) {
      watchers.add(send);
      send({ sequence });
      if (waiting !== undefined) {
        const command = waiting;
        waiting = undefined;
        sequence += 1;
        send({ sequence, command });
      }
      return { dispose: () => void watchers.delete(send) };
    },
  };
}
