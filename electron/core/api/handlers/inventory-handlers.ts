import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import type { Core } from '../../core.ts';

type InventoryHandlers = Pick<ContractHandlers, Extract<keyof ContractHandlers, `inventory.${string}`>>;

/** The inventory as a whole. A window that watches it counts as looking until it says that it is hidden. */
export function inventoryHandlers({ connections, inventory, visibility }: Core): InventoryHandlers {
  return {
    'inventory.watch': (_input, send, { rendererId }) => {
      const presence = visibility.enter(rendererId);
      const subscription = inventory.watch(send);
      return {
        dispose: () => {
          subscription.dispose();
          presence.dispose();
        },
      };
    },
    'inventory.refresh': async ({ id }) => {
      await connections.refresh(id);
      return {};
    },
  };
}
