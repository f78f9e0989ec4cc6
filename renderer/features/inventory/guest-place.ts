import { connectionEntityId, type EntityId } from '../../../electron/contract/ids.ts';
import type { InventoryStore } from '../../stores/inventory-store.ts';

/** Where a guest is, "atlas · Demo north": names repeat from site to site, and the wrong one must not be stopped. Empty when it is gone. */
export function guestPlace(id: EntityId, inventory: InventoryStore): string {
  const guest = inventory.getRecord(id);
  if (guest?.kind !== 'guest') return '';
  const node = inventory.getRecord(guest.nodeId)?.name;
  const site = inventory.getRecord(connectionEntityId(guest.connectionId))?.name;
  return [node, site].filter((part) => part !== undefined).join(' · ');
}
