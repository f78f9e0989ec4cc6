import type { CredentialRef, SavedConnection } from '../contract/connection-settings.ts';
import { AppError } from '../contract/errors.ts';
import type { ConnectionId, EntityId } from '../contract/ids.ts';
import { defaultPreferences, type Preferences } from '../contract/preferences.ts';
import type { EntityRecord, LoadRow } from '../contract/records/index.ts';
import type { ConnectionStore, InventoryStore, KnownInventory, PreferenceStore } from '../core/ports/store.ts';
import type { SecretVault } from '../core/ports/vault.ts';

/** A profile's connections, in memory. */
export class MemoryConnectionStore implements ConnectionStore {
  readonly saved = new Map<ConnectionId, SavedConnection>();
  #listener: () => void = () => undefined;

  list(): Promise<readonly SavedConnection[]> {
    return Promise.resolve([...this.saved.values()]);
  }

  put(connection: SavedConnection): Promise<void> {
    this.saved.set(connection.id, connection);
    return Promise.resolve();
  }

  remove(id: ConnectionId): Promise<void> {
    this.saved.delete(id);
    return Promise.resolve();
  }

  onDidChangeElsewhere(listener: () => void): { dispose(): void } {
    this.#listener = listener;
    return { dispose: () => (this.#listener = () => undefined) };
  }

  /** Another process changes the list. */
  changeElsewhere(change: (saved: Map<ConnectionId, SavedConnection>) => void): void {
    change(this.saved);
    this.#listener();
  }
}

/** The inventory's memory, in memory: what a restart would find. */
export class MemoryInventoryStore implements InventoryStore {
  readonly #known = new Map<
    ConnectionId,
    { records: Map<EntityId, EntityRecord>; loads: Map<EntityId, LoadRow>; lastGoodAtMs: number }
  >();
  saves = 0;

  load(): Promise<readonly KnownInventory[]> {
    return Promise.resolve(
      [...this.#known].map(([connectionId, { records, loads, lastGoodAtMs }]) => ({
        connectionId,
        records: [...records.values()],
        loads: [...loads.values()],
        lastGoodAtMs,
      })),
    );
  }

  save(...[connectionId, delta, lastGoodAtMs]: Parameters<InventoryStore['save']>): void {
    this.saves += 1;
    const known = this.#known.get(connectionId) ?? { records: new Map(), loads: new Map(), lastGoodAtMs };
    for (const id of delta.removed) {
      known.records.delete(id);
      known.loads.delete(id);
    }
    for (const record of delta.put) known.records.set(record.id, record);
    for (const row of delta.loads) known.loads.set(row[0], row);
    this.#known.set(connectionId, { ...known, lastGoodAtMs });
  }

  forget(connectionId: ConnectionId): void {
    this.#known.delete(connectionId);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }
}

/** The windows' preferences, in memory. */
export class MemoryPreferenceStore implements PreferenceStore {
  current: Preferences = defaultPreferences;

  read(): Promise<Preferences> {
    return Promise.resolve(this.current);
  }

  write(change: Partial<Preferences>): Promise<void> {
    this.current = { ...this.current, ...change };
    return Promise.resolve();
  }
}

/** A vault in memory; with a passphrase it is locked at first, as an encrypted file is. */
export class MemoryVault implements SecretVault {
  readonly secrets = new Map<CredentialRef, string>();
  #isOpen: boolean;

  constructor(private readonly passphrase?: string) {
    this.#isOpen = passphrase === undefined;
  }

  get state(): SecretVault['state'] {
    if (this.passphrase === undefined) return 'keyring';
    return this.#isOpen ? 'file-unlocked' : 'file-locked';
  }

  async put(ref: CredentialRef, secret: string): Promise<void> {
    this.#requireOpen();
    this.secrets.set(ref, secret);
    return Promise.resolve();
  }

  async get(ref: CredentialRef): Promise<string | undefined> {
    this.#requireOpen();
    return Promise.resolve(this.secrets.get(ref));
  }

  async remove(ref: CredentialRef): Promise<void> {
    this.secrets.delete(ref);
    return Promise.resolve();
  }

  async unlock(passphrase: string): Promise<void> {
    if (passphrase !== this.passphrase) throw new AppError('vault.wrong-passphrase', 'wrong', {});
    this.#isOpen = true;
    return Promise.resolve();
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new AppError('vault.locked', 'locked', {});
  }
}
