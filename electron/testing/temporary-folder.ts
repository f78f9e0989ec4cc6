import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder for one test, gone when it is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-test-'));
  // Readable for the account that `asUnprivileged` becomes.
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const nobody = 65_534;

/** Runs the action as an account whose rights are checked: root may write everything, so it becomes `nobody` for a while. */
export async function asUnprivileged<T>(action: () => Promise<T>): Promise<T> {
  if (process.seteuid === undefined || process.geteuid?.() !== 0) return action();
  process.seteuid(nobody);
  try {
    return await action();
  } finally {
    process.seteuid(0);
  }
}
