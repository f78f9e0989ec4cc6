import type { Translation } from '../message-types.ts';

/** The inventory: tree, table, filters, folders and power actions. */
export const inventoryEn = {
  'entity.guests': 'Guests',
  'tree.label': 'Inventory',
  'tree.view.site': 'By site',
  'tree.view.pool': 'By pool',
  'tree.view.tag': 'By tag',
  'tree.view.folder': 'My folders',
} as const;

export const inventoryDe: Translation<typeof inventoryEn> = {
  'entity.guests': 'Gäste',
  'tree.label': 'Inventar',
  'tree.view.site': 'Nach Standort',
  'tree.view.pool': 'Nach Pool',
  'tree.view.tag': 'Nach Tag',
  'tree.view.folder': 'Meine Ordner',
};
