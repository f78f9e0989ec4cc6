import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite';
import { pathToFileURL } from 'node:url';
import type { ConnectionChange } from './change.ts';
import { applicationId, migrations, schemaVersion } from './schema.ts';

/** Rows as they lie in the database. */
export interface StoredRows {
  readonly connections: readonly (readonly [id: string, lastGoodAtMs: number])[];
  readonly records: readonly (readonly [connectionId: string, json: string])[];
  readonly loads: readonly (readonly [connectionId: string, json: string])[];
}

/** Thrown for a file that is a database, but not one that this version can use. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase';
}

/** `inventory.db`: one connection to it. All calls are synchronous and throw SQLite's errors. */
export class InventoryDatabase {
  readonly #database: DatabaseSyncInstance;
  readonly #statements = new Map<string, StatementSyncInstance>();

  private constructor(database: DatabaseSyncInstance) {
    this.#database = database;
  }

  /** Opens the file, makes it if absent, and brings it to the present version. Throws {@link ForeignDatabase} or SQLite's error. */
  static open(path: string): InventoryDatabase {
    const database = new DatabaseSync(path);
    try {
      // NORMAL in WAL mode: a power cut may cost the last transactions, never the file, and a commit needs no fsync.
      database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      migrate(database);
      return new InventoryDatabase(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Opens a file that cannot be written, with its log where that can be read, else without. */
  static openReadOnly(path: string): InventoryDatabase {
    try {
      return InventoryDatabase.#openReadOnly(path);
    } catch {
      // A log can only be read through an index beside it, which a read-only folder may not hold.
      return InventoryDatabase.#openReadOnly(`${pathToFileURL(path).href}?immutable=1`);
    }
  }

  static #openReadOnly(location: string): InventoryDatabase {
    const database = new DatabaseSync(location, { readOnly: true });
    try {
      if (versionOf(database) !== schemaVersion) throw new ForeignDatabase('written by another version');
      return new InventoryDatabase(database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  readAll(): StoredRows {
    const all = (sql: string): unknown => {
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      return statement.all();
    };
    return {
      connections: all('SELECT id, last_good_at_ms FROM connection'),
      records: all('SELECT connection_id, json FROM record'),
      loads: all('SELECT connection_id, json FROM load'),
    } as StoredRows;
  }

  /** All changes or none. */
  apply(changes: readonly ConnectionChange[]): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const change of changes) this.#applyOne(change);
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk has rolled back by itself; then this fails, and the first error is the one that matters.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Moves the log into the file. The library frees statements only when they are collected, and until then SQLite keeps the
   * file open and leaves the log as it is; so this is done by hand before closing.
   */
  moveLogIntoFile(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #applyOne({ connectionId, forgets, lastGoodAtMs, removed, records, loads }: ConnectionChange): void {
    if (forgets) {
      this.#prepared('DELETE FROM record WHERE connection_id = ?').run(connectionId);
      this.#prepared('DELETE FROM load WHERE connection_id = ?').run(connectionId);
      this.#prepared('DELETE FROM connection WHERE id = ?').run(connectionId);
    }
    for (const id of removed) {
      this.#prepared('DELETE FROM record WHERE id = ?').run(id);
      this.#prepared('DELETE FROM load WHERE id = ?').run(id);
    }
    if (lastGoodAtMs !== undefined) {
      this.#prepared(
        'INSERT INTO connection (id, last_good_at_ms) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET last_good_at_ms = max(last_good_at_ms, excluded.last_good_at_ms)',
      ).run(connectionId, Math.round(lastGoodAtMs));
    }
    const putRecord = this.#prepared(
      'INSERT INTO record (id, connection_id, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
    );
    for (const [id, json] of records) putRecord.run(id, connectionId, json);
    const putLoad = this.#prepared(
      'INSERT INTO load (id, connection_id, json) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
    );
    for (const [id, json] of loads) putLoad.run(id, connectionId, json);
  }

  #prepared(sql: string): StatementSyncInstance {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function versionOf(database: DatabaseSyncInstance): number {
  const id = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (id === applicationId) return version;
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get() as { count: number };
  if (id !== 0 || version !== 0 || tables.count > 0) throw new ForeignDatabase('not an inventory of this app');
  return 0;
}

function pragma(database: DatabaseSyncInstance, name: 'application_id' | 'user_version'): number {
  const row = database.prepare(`PRAGMA ${name}`).get() as Readonly<Record<string, number>> | undefined;
  return row?.[name] ?? 0;
}

function migrate(database: DatabaseSyncInstance): void {
  if (versionOf(database) === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again inside: another process may have been faster.
    const version = versionOf(database);
    if (version > schemaVersion) throw new ForeignDatabase('written by a newer version');
    if (version === 0) {
      database.exec(
        `PRAGMA application_id = ${applicationId};
         CREATE TABLE migration (version INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL) STRICT`,
      );
    }
    for (const [index, step] of migrations.entries()) {
      if (index < version) continue;
      database.exec(step);
      database.prepare('INSERT INTO migration (version, applied_at_ms) VALUES (?, ?)').run(index + 1, Date.now());
    }
    database.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
