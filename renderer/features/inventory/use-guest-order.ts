import { useCallback, useEffect, useRef, useState } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import { usePreference, useInventory } from '../../stores/app-stores.tsx';
import type { InventoryStore } from '../../stores/inventory-store.ts';
import type { GridSort } from '../../ui/grid-columns.ts';
import type { RecordFilter } from './record-filter.ts';
import { guestsOf, type GuestScope } from './table-rows.ts';
import { movingColumns, sortGuests } from './table-values.ts';

/** Rows sorted by a moving value are put in order again at most this often, and never under the pointer. */
const reorderMs = 5_000;

/** The rows of a table: scope, filter, order. */
export function useGuestOrder(options: {
  readonly scope: GuestScope;
  readonly filter: RecordFilter;
  readonly sort: GridSort | undefined;
  readonly isFilterMoving: boolean;
}): {
  readonly rows: readonly EntityId[];
  readonly total: number;
  readonly onPointerInside: (isInside: boolean) => void;
} {
  const { scope, filter, sort, isFilterMoving } = options;
  const folders = usePreference('folders');
  const isInside = useRef(false);
  const [tick, setTick] = useState(0);
  const isMoving = isFilterMoving || (sort !== undefined && movingColumns.has(sort.column));
  useEffect(() => {
    if (!isMoving) return undefined;
    const timer = setInterval(() => {
      if (!isInside.current) setTick((count) => count + 1);
    }, reorderMs);
    return () => clearInterval(timer);
  }, [isMoving]);
  const scopeText = JSON.stringify(scope);
  const derive = useCallback(
    (inventory: InventoryStore) => {
      const guests = guestsOf(JSON.parse(scopeText) as GuestScope, inventory, folders);
      const { passes } = filter;
      const kept = passes === undefined ? guests : guests.filter(passes);
      const order = sort ?? { column: 'name', isDescending: false };
      return { rows: sortGuests(kept, order, inventory), total: guests.length, tick };
    },
    [scopeText, folders, filter, sort, tick],
  );
  const { rows, total } = useInventory(derive, 'lists');
  const onPointerInside = useCallback((isNowInside: boolean) => {
    isInside.current = isNowInside;
  }, []);
  return { rows, total, onPointerInside };
}
