import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EntityId } from '../../electron/contract/ids.ts';

export interface SelectionState {
  /** What bulk actions and guest commands act on. */
  readonly ids: ReadonlySet<EntityId>;
}

/** The entities that are selected in the work area, one set for the whole window. */
export function createSelectionStore(): StoreApi<SelectionState> {
  return createStore<SelectionState>(() => ({ ids: new Set() }));
}
