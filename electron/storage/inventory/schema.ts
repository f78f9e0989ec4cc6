/** Marks a database file as ours (`PRAGMA application_id`): "Whse". */
export const applicationId = 0x57687365;

/**
 * How the database came to be what it is. Entry n leads from version n to n + 1; entries are added, never changed: files in
 * every older version exist. The inventory's history will be tables of its own, added here.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE connection (
     id TEXT NOT NULL PRIMARY KEY,
     last_good_at_ms INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE record (
     id TEXT NOT NULL PRIMARY KEY,
     connection_id TEXT NOT NULL,
     json TEXT NOT NULL
   ) STRICT;
   CREATE INDEX record_by_connection ON record (connection_id);
   CREATE TABLE load (
     id TEXT NOT NULL PRIMARY KEY,
     connection_id TEXT NOT NULL,
     json TEXT NOT NULL
   ) STRICT;
   CREATE INDEX load_by_connection ON load (connection_id);`,
];

/** The version that this app writes. */
export const schemaVersion = migrations.length;
