import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { navigate, useRoute } from '../lib/navigation.ts';
import { useAppStores } from '../stores/app-stores.tsx';

/** A profile without any connection opens on the welcome page: once for each window, and only in place of the empty table. */
export function useFirstPage(): void {
  const { inventory } = useAppStores();
  const isReady = useStore(inventory.state, (state) => state.status === 'ready');
  const route = useRoute();
  const isDecided = useRef(false);
  useEffect(() => {
    if (!isReady || isDecided.current) return;
    isDecided.current = true;
    const isEmpty = inventory.replica.index.byKind.size('connection') === 0;
    if (isEmpty && route.page === 'inventory') navigate({ page: 'welcome' }, { replace: true });
  }, [isReady, inventory, route]);
}
