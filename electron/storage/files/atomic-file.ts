import { randomBytes } from 'node:crypto';
import { constants, promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../contract/errors.ts';

/**
 * Replaces a file so that after a crash or a power cut either the old or the new text is there, never a part of one.
 * The text before becomes `<path>.bak`. Rejects with `profile.not-writable`.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await fs.open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await keepBackup(path);
    await fs.rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw notWritable(path, error);
  }
}

async function keepBackup(path: string): Promise<void> {
  const fresh = `${path}.bak.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    await fs.copyFile(path, fresh, constants.COPYFILE_EXCL);
    await fs.rename(fresh, `${path}.bak`);
  } catch (error) {
    await fs.rm(fresh, { force: true });
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

/** Makes a rename last over a power cut. Windows cannot open folders and does not need it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The text of a file, `undefined` when there is none. Rejects with the system's error otherwise. */
export async function readFileIfPresent(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Moves an unreadable file out of the way, to be looked at later. Returns its new path. */
export async function keepAside(path: string, nowMs: number): Promise<string> {
  const keptAs = asidePath(path, nowMs);
  await fs.rename(path, keptAs);
  return keptAs;
}

/** Where an unreadable file goes: a name that sorts by time and is new for every call. */
export function asidePath(path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${path}.corrupt-${stamp}-${randomBytes(2).toString('hex')}`;
}

export function notWritable(path: string, error: unknown): AppError<'profile.not-writable'> {
  const cause = error instanceof Error ? ('code' in error && String(error.code)) || error.message : String(error);
  return new AppError('profile.not-writable', `cannot write ${path}: ${cause}`, { path, cause }, { cause: error });
}

/** Whether a caught value is the system's error of that code. */
export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
