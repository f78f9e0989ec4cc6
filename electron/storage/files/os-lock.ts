import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../contract/errors.ts';
import { isSqliteFault } from '../inventory/sqlite-fault.ts';
import { notWritable } from './atomic-file.ts';

/** A lock that is held. Releasing twice is harmless; the system releases it when the process dies, however it dies. */
export interface HeldLock {
  release(): void;
}

/**
 * Takes a lock file for this process, or returns `undefined` when another holder has it.
 *
 * The lock is the operating system's, taken by SQLite on an empty file: it ends with its process, so nothing is ever stale
 * and no process id has to be trusted. Throws `profile.not-writable` where the file cannot be made.
 */
export function tryLock(path: string): HeldLock | undefined {
  let database: DatabaseSyncInstance | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isSqliteFault(error, 'busy')) return undefined;
    throw notWritable(path, error);
  }
  let held: DatabaseSyncInstance | undefined = database;
  return {
    release: () => {
      held?.close();
      held = undefined;
    },
  };
}

const retryAfterMs = 15;
const giveUpAfterMs = 10_000;

/** Runs `action` while no other process does so under the same lock file. Rejects with `operation.timed-out` when it never gets its turn. */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + giveUpAfterMs;
  let lock = tryLock(path);
  while (lock === undefined) {
    if (performance.now() > deadline) {
      throw new AppError('operation.timed-out', `no turn at ${path}`, { operation: 'lock', afterMs: giveUpAfterMs });
    }
    await wait(retryAfterMs);
    lock = tryLock(path);
  }
  try {
    return await action();
  } finally {
    lock.release();
  }
}
