import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Disposable } from '../../contract/disposable.ts';

/** Several events of one replacement become one. */
const settleMs = 60;
/** Network file systems tell nothing of changes made elsewhere; a look now and then is the net below. */
const lookEveryMs = 5000;

/**
 * Tells when a file has been replaced or has come or gone. The folder is watched, not the file: a replaced file is another
 * one. Does not keep the process alive. Never throws; without a working watch it looks every few seconds.
 */
export function watchFile(path: string, onChange: () => void): Disposable {
  let known = markOf(path);
  let settling: NodeJS.Timeout | undefined;
  const look = (): void => {
    const mark = markOf(path);
    if (mark === known) return;
    known = mark;
    onChange();
  };
  const lookSoon = (): void => {
    settling ??= setTimeout(() => {
      settling = undefined;
      look();
    }, settleMs).unref();
  };
  const watcher = watchFolder(dirname(path), basename(path), lookSoon);
  const timer = setInterval(look, lookEveryMs).unref();
  return {
    dispose: () => {
      clearInterval(timer);
      clearTimeout(settling);
      watcher?.close();
    },
  };
}

function watchFolder(folder: string, name: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) onEvent();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

function markOf(path: string): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? 'absent' : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}
