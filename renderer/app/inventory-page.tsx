import { GuestTable } from '../features/inventory/guest-table.tsx';
import type { GuestScope } from '../features/inventory/table-rows.ts';
import type { InventoryScope } from '../lib/routes.ts';
import { routePath } from '../lib/routes.ts';
import { usePageTitle } from './page-title.tsx';

function guestScopeOf(scope: InventoryScope): GuestScope {
  return scope.type === 'tag' || scope.type === 'folder' ? scope : { type: 'all' };
}

/** The table of a scope that is no entity: everything, a tag, a folder, a saved view. */
export function InventoryPage(props: { readonly scope: InventoryScope }) {
  const { scope } = props;
  const title = usePageTitle({ page: 'inventory', scope });
  return (
    <GuestTable
      key={routePath({ page: 'inventory', scope })}
      label={title}
      scope={guestScopeOf(scope)}
      viewId={scope.type === 'view' ? scope.id : undefined}
    />
  );
}
