import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import type { Core } from '../../core.ts';
import { appHandlers, type ShowNotification } from './app-handlers.ts';
import { connectionHandlers } from './connection-handlers.ts';
import { EchoChannel } from './echo-channel.ts';
import { entityHandlers } from './entity-handlers.ts';
import { inventoryHandlers } from './inventory-handlers.ts';
import { taskHandlers } from './task-handlers.ts';
import { windowHandlers } from './window-handlers.ts';

/** One handler for each entry of the contract; any number of windows may share them. */
export function contractHandlers(core: Core, notify: ShowNotification): ContractHandlers {
  return {
    ...appHandlers(core, notify),
    ...connectionHandlers(core),
    ...entityHandlers(core),
    ...inventoryHandlers(core),
    ...taskHandlers(core),
    ...windowHandlers(core),
    'diagnostics.echo': () => Promise.resolve(new EchoChannel()),
  };
}
