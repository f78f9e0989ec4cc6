import { randomBytes } from 'node:crypto';
import { existsSync, promises as fs, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Disposable } from '../contract/disposable.ts';
import { AppError, isAppError } from '../contract/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import { silentLog, type Log } from '../core/ports/log.ts';
import type { ConnectionStore, InventoryStore, PreferenceStore } from '../core/ports/store.ts';
import type { SecretVault } from '../core/ports/vault.ts';
import { ConnectionFile } from './connection-file.ts';
import { isErrno, notWritable } from './files/atomic-file.ts';
import { tryLock, type HeldLock } from './files/os-lock.ts';
import { SqliteInventoryStore } from './inventory/store.ts';
import { openLogFile } from './log/log-file.ts';
import { PreferenceFile } from './preference-file.ts';
import { hasKeyring, KeyringVault } from './vault/keyring-vault.ts';
import { PassphraseVault } from './vault/passphrase-vault.ts';

export interface ProfileOptions {
  /** `window`: owns the profile, at most one at a time. `tool`: works beside it (the command line). */
  readonly role: 'window' | 'tool';
  /**
   * Told of trouble with the profile's files: `profile.corrupt`, `profile.not-writable`. What came up while opening is in
   * {@link Profile.notices} instead.
   */
  readonly onProblem?: (error: AppError) => void;
  /** Used instead of the keyring or the encrypted file. */
  readonly vault?: SecretVault;
  /** `file`: never the desktop's keyring. */
  readonly vaultKind?: 'automatic' | 'file';
  /** Used instead of the log file. */
  readonly log?: Log;
  readonly clock?: Pick<Clock, 'now' | 'after'>;
}

/** An open profile: everything that outlives the process. */
export interface Profile {
  readonly path: string;
  /** False for a read-only profile: everything can be read, every change rejects with `profile.not-writable`. */
  readonly isWritable: boolean;
  /** What the user should know about this opening. */
  readonly notices: readonly AppError[];
  readonly connections: ConnectionStore;
  readonly preferences: PreferenceStore;
  readonly inventory: InventoryStore;
  readonly vault: SecretVault;
  readonly log: Log;
  /** Writes down what is left and lets go of the profile; harmless when closed. */
  close(): Promise<void>;
}

const systemClock: Pick<Clock, 'now' | 'after'> = {
  now: () => Date.now(),
  after: (ms, callback): Disposable => {
    const timer = setTimeout(callback, ms);
    return { dispose: () => clearTimeout(timer) };
  },
};

/**
 * Opens the profile in a folder, which is made when absent. A read-only or full one opens with a notice.
 * Rejects with `profile.in-use` when another window has it, and with `profile.not-writable` when there is no folder and none
 * can be made.
 */
export async function openProfile(folder: string, options: ProfileOptions): Promise<Profile> {
  const path = resolve(folder);
  const clock = options.clock ?? systemClock;
  const notices: AppError[] = [];
  let isOpen = false;
  const onProblem = (error: AppError): void => {
    if (isOpen) options.onProblem?.(error);
    else notices.push(error);
  };

  const refusal = await probeFolder(path);
  if (refusal !== undefined) notices.push(refusal);
  // A full disk may have room again later; an unwritable folder stays so until the next start.
  const isWritable = refusal === undefined || isFull(refusal);
  const lock = options.role === 'window' && isWritable ? await takeWindowLock(path, onProblem) : undefined;

  const { log, flushLog } = isWritable ? openLog(path, options, clock) : { log: silentLog, flushLog: resolved };
  const file = (name: string) => ({
    path: join(path, name),
    lockPath: join(path, 'files.lock'),
    isWritable,
    now: () => clock.now(),
    onProblem: (error: AppError) => {
      log('warning', 'profile-problem', { error });
      onProblem(error);
    },
  });
  const connections = new ConnectionFile(file('connections.json'));
  const preferences = new PreferenceFile(file('preferences.json'));
  const inventory = new SqliteInventoryStore({
    ...file('inventory.db'),
    mayReplace: () => lock !== undefined || isUnowned(path),
    clock,
    log,
  });
  const vault = options.vault ?? (await chooseVault(options.vaultKind ?? 'automatic', file('vault.json')));
  // Read once now, so that an unreadable file is one of the notices of this start.
  await Promise.all([connections.list(), preferences.read()]);
  isOpen = true;

  return {
    path,
    isWritable,
    notices,
    connections,
    preferences,
    inventory,
    vault,
    log,
    close: async () => {
      connections.close();
      await inventory.close();
      await flushLog();
      lock?.release();
    },
  };
}

const resolved = (): Promise<void> => Promise.resolve();

function openLog(
  folder: string,
  { log, role }: ProfileOptions,
  clock: Pick<Clock, 'now'>,
): { readonly log: Log; readonly flushLog: () => Promise<void> } {
  if (log !== undefined) return { log, flushLog: resolved };
  // Not one file for both: each process rotates its own.
  const name = role === 'window' ? 'wheelhouse.log' : 'cli.log';
  const file = openLogFile({ folder, name, now: () => clock.now() });
  return { log: file.log, flushLog: () => file.flush() };
}

/** Makes the folder and a file in it. Returns why nothing can be written. */
async function probeFolder(path: string): Promise<AppError<'profile.not-writable'> | undefined> {
  const probe = join(path, `.probe-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await fs.mkdir(path, { recursive: true, mode: 0o700 });
    await fs.writeFile(probe, 'Wheelhouse tries whether it can write here.', { mode: 0o600 });
    return undefined;
  } catch (error) {
    const refusal = notWritable(path, error);
    if (!existsSync(path)) throw refusal;
    return refusal;
  } finally {
    await fs.rm(probe, { force: true }).catch(() => undefined);
  }
}

function isFull({ data }: AppError<'profile.not-writable'>): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(data.cause);
}

const lockName = 'window.lock';
const ownerName = 'window.pid';

/** The lock of the one window on a profile; none where no lock file can be made. Rejects with `profile.in-use`. */
async function takeWindowLock(path: string, onProblem: (error: AppError) => void): Promise<HeldLock | undefined> {
  let lock: HeldLock | undefined;
  try {
    lock = tryLock(join(path, lockName));
  } catch (error) {
    if (!isAppError(error, 'profile.not-writable')) throw error;
    onProblem(error);
    return undefined;
  }
  if (lock === undefined) {
    const pid = readOwner(path);
    throw new AppError('profile.in-use', `the profile ${path} is in use by process ${pid}`, { path, pid });
  }
  // Only for the message above; whether somebody is there says the lock.
  await fs.writeFile(join(path, ownerName), `${process.pid}\n`, { mode: 0o600 }).catch(() => undefined);
  return lock;
}

/** The process that has the profile, 0 when it cannot be known. */
function readOwner(path: string): number {
  try {
    return Number.parseInt(readFileSync(join(path, ownerName), 'utf8'), 10) || 0;
  } catch {
    return 0;
  }
}

/** Whether no window has the profile at this moment. */
function isUnowned(path: string): boolean {
  try {
    const lock = tryLock(join(path, lockName));
    lock?.release();
    return lock !== undefined;
  } catch {
    return false;
  }
}

/** The file where there is one already (its secrets are nowhere else), else the keyring where one answers. */
async function chooseVault(
  kind: 'automatic' | 'file',
  file: Parameters<typeof PassphraseVault.open>[0],
): Promise<SecretVault> {
  const hasFile = await fs.access(file.path).then(
    () => true,
    (error: unknown) => !isErrno(error, 'ENOENT'),
  );
  if (kind === 'automatic' && !hasFile && (await hasKeyring())) return new KeyringVault();
  return PassphraseVault.open(file);
}
