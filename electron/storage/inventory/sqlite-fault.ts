/** What a failed SQLite call means for us. */
export type SqliteFault = 'busy' | 'full' | 'read-only' | 'unreadable' | 'other';

// Primary result codes of SQLite (https://sqlite.org/rescode.html); the extended ones keep them in their low byte.
const faults: Readonly<Record<number, SqliteFault>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'full',
  11: 'unreadable',
  13: 'full',
  14: 'read-only',
  26: 'unreadable',
};

/** Sorts a thrown value by SQLite's result code. An I/O error while writing is taken as a full disk: it is tried again later. */
export function sqliteFaultOf(error: unknown): SqliteFault {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return 'other';
  return faults[error.errcode & 0xff] ?? 'other';
}

/** Whether a thrown value is a SQLite error of that kind. */
export function isSqliteFault(error: unknown, fault: SqliteFault): boolean {
  return sqliteFaultOf(error) === fault;
}
