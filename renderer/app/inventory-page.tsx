import type { InventoryScope } from '../lib/routes.ts';
import { EmptyState } from '../ui/empty-state.tsx';

/** The table of a scope that is no entity: everything, a tag, a folder, a saved view. */
export function InventoryPage(props: { readonly scope: InventoryScope }) {
  return <EmptyState text={props.scope.type} />;
}
