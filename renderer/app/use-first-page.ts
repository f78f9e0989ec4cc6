import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { navigate, useRoute } from '../lib/navigation.ts';
import { useAppStores, useInventory } from '../stores/app-stores.tsx';
import type { InventoryStore } from '../stores/inventory-store.ts';

const hasConnections = ({ replica }: InventoryStore): boolean => replica.index.byKind.size('connection') > 0;

/**
 * A profile without any connection opens on the welcome page: once for each window, and only in place of the empty table.
 * The window leaves it again by itself when connections appear that nobody here asked for: the demonstration of a start
 * with `--demo`, or what another window or the command line added.
 */
export function useFirstPage(): void {
  const { inventory } = useAppStores();
  const isReady = useStore(inventory.state, (state) => state.status === 'ready');
  const isFilled = useInventory(hasConnections);
  const route = useRoute();
  const stage = useRef<'undecided' | 'welcoming' | 'done'>('undecided');
  useEffect(() => {
    if (!isReady || stage.current === 'done') return;
    if (stage.current === 'undecided') {
      stage.current = !isFilled && route.page === 'inventory' ? 'welcoming' : 'done';
      if (stage.current === 'welcoming') navigate({ page: 'welcome' }, { replace: true });
    } else if (isFilled) {
      stage.current = 'done';
      if (route.page === 'welcome') navigate({ page: 'inventory', scope: { type: 'all' } }, { replace: true });
    }
  }, [isReady, isFilled, route]);
}
