import { InventoryTree } from '../features/inventory/inventory-tree.tsx';

/** The slot of the inventory tree. `onOpened` is told when something was opened from it, so that a drawer can close. */
export function TreePane(props: { readonly onHide: () => void; readonly onOpened?: () => void }) {
  return <InventoryTree onHide={props.onHide} onOpened={props.onOpened} />;
}
