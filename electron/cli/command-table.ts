import type { Command } from './commands/command.ts';
import { addConnectionCommand } from './commands/add-connection.ts';
import { connectionCommands } from './commands/connections.ts';
import { guestCommands } from './commands/guest.ts';
import { inventoryCommand } from './commands/inventory.ts';
import { tasksCommand } from './commands/tasks.ts';

const [listConnections] = connectionCommands;

/** Every command, in the order of the help. */
export const commandTable: readonly Command[] = [
  ...connectionCommands,
  addConnectionCommand,
  ...(listConnections === undefined ? [] : [{ ...listConnections, name: 'connections list', usage: '' }]),
  inventoryCommand,
  ...guestCommands,
  tasksCommand,
];
