import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Disposable } from '../../electron/contract/disposable.ts';
import { connectionEntityId, type ConnectionId, type EntityId } from '../../electron/contract/ids.ts';
import type { Preferences } from '../../electron/contract/preferences.ts';
import type { ConnectionRecord, EntityRecord, EntityRecordOf, LoadRow } from '../../electron/contract/records/index.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';
import { CommandRegistry, type Command } from '../lib/commands.ts';
import { createFrameScheduler } from './frame-scheduler.ts';
import { InventoryStore } from './inventory-store.ts';
import { PreferenceStore } from './preference-store.ts';
import { PromptStore } from './prompt-store.ts';
import { createSelectionStore, type SelectionState } from './selection-store.ts';
import { SessionStore } from './session-store.ts';
import { TaskStore } from './task-store.ts';

/** Everything a screen reaches for. One for each window. */
export interface AppStores {
  readonly client: ContractClient;
  readonly inventory: InventoryStore;
  readonly tasks: TaskStore;
  readonly session: SessionStore;
  readonly prompts: PromptStore;
  readonly preferences: PreferenceStore;
  readonly selection: StoreApi<SelectionState>;
  readonly commands: CommandRegistry;
}

/** Makes the stores of a window over its client; `startAppStores` lets them subscribe. */
export function createAppStores(client: ContractClient, now: () => number = Date.now): AppStores {
  const session = new SessionStore(client);
  return {
    client,
    session,
    inventory: new InventoryStore(client, createFrameScheduler(), now),
    tasks: new TaskStore(client),
    prompts: new PromptStore(client),
    preferences: new PreferenceStore(client, (error) => session.report(error, 'preference.set')),
    selection: createSelectionStore(),
    commands: new CommandRegistry(),
  };
}

/** Subscribes all stores at the core. */
export function startAppStores(stores: AppStores): Disposable {
  const running = [
    stores.session.start(),
    stores.preferences.start(),
    stores.inventory.start(),
    stores.tasks.start(),
    stores.prompts.start(),
  ];
  void stores.session.loadFacts();
  return { dispose: () => running.forEach((each) => each.dispose()) };
}

const StoresContext = createContext<AppStores | undefined>(undefined);

export function AppStoresProvider(props: { readonly stores: AppStores; readonly children: ReactNode }) {
  return <StoresContext.Provider value={props.stores}>{props.children}</StoresContext.Provider>;
}

/** The stores of this window. */
export function useAppStores(): AppStores {
  const stores = useContext(StoresContext);
  if (stores === undefined) throw new Error('no AppStoresProvider above');
  return stores;
}

/** One record, rendered again only when that record changes. */
export function useRecord(id: EntityId | undefined): EntityRecord | undefined {
  const { inventory } = useAppStores();
  const subscribe = useCallback(
    (listener: () => void) => (id === undefined ? () => undefined : inventory.subscribeRecord(id, listener)),
    [inventory, id],
  );
  return useSyncExternalStore(subscribe, () => (id === undefined ? undefined : inventory.getRecord(id)));
}

/** One record of a known kind. */
export function useRecordOf<Kind extends EntityRecord['kind']>(
  kind: Kind,
  id: EntityId | undefined,
): EntityRecordOf<Kind> | undefined {
  const record = useRecord(id);
  return record?.kind === kind ? (record as EntityRecordOf<Kind>) : undefined;
}

/** The connection of a record: how far its records can be believed. */
export function useConnection(connectionId: ConnectionId): ConnectionRecord | undefined {
  return useRecordOf('connection', connectionEntityId(connectionId));
}

/** One load, rendered again only when that load changes. See `fromLoadRow` for its figures. */
export function useLoad(id: EntityId): LoadRow | undefined {
  const { inventory } = useAppStores();
  const subscribe = useCallback((listener: () => void) => inventory.subscribeLoad(id, listener), [inventory, id]);
  return useSyncExternalStore(subscribe, () => inventory.getLoad(id));
}

/** Asks `derive` once for each version. */
function derivedByVersion<T>(
  inventory: InventoryStore,
  derive: (inventory: InventoryStore) => T,
  versionOf: () => number,
): () => T {
  let known: { readonly version: number; readonly value: T } | undefined;
  return () => {
    const version = versionOf();
    if (known?.version !== version) known = { version, value: derive(inventory) };
    return known.value;
  };
}

/**
 * Something derived from the records, made again once for each change of records (never for loads). `derive` must stay the
 * same function between renderings: one of the module, or made by useCallback.
 *
 * `of`: `lists` for what shows no times of connections; then it is not made again by a poll that only tells that a
 * connection was read.
 */
export function useInventory<T>(derive: (inventory: InventoryStore) => T, of: 'records' | 'lists' = 'records'): T {
  const { inventory } = useAppStores();
  const read = useMemo(() => {
    const versionOf = (): number =>
      of === 'lists' ? inventory.replica.listVersion : inventory.state.getState().version;
    return derivedByVersion(inventory, derive, versionOf);
  }, [inventory, derive, of]);
  return useSyncExternalStore(inventory.state.subscribe, read);
}

/** One preference. */
export function usePreference<Key extends keyof Preferences>(key: Key): Preferences[Key] {
  const { preferences } = useAppStores();
  return useStore(preferences.state, (state) => state.preferences[key]);
}

/** `false` as the fallback of a switch is any boolean, and so on. */
type Widened<T> = T extends boolean ? boolean : T extends number ? number : string;

/** A remembered pane size or switch. */
export function useLayoutValue<T extends number | boolean | string>(
  key: string,
  fallback: T,
): readonly [value: Widened<T>, set: (value: Widened<T>) => void] {
  const { preferences } = useAppStores();
  const stored = useStore(preferences.state, (state) => state.preferences.layout[key]);
  const value = (typeof stored === typeof fallback ? stored : fallback) as Widened<T>;
  const set = useCallback((next: Widened<T>) => preferences.setLayout(key, next), [preferences, key]);
  return [value, set];
}

/** Offers commands while the component is shown. Hand in a memoised list. */
export function useCommands(commands: readonly Command[]): void {
  const { commands: registry } = useAppStores();
  useEffect(() => registry.add(commands), [registry, commands]);
}

/** The time, renewed every `periodMs`, for ages that grow while one looks. */
export function useNow(periodMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
  return now;
}
