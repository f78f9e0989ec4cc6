import { AppError } from '../../contract/errors.ts';
import { isErrno, keepAside, notWritable, readFileIfPresent, replaceFile } from './atomic-file.ts';
import { withLock } from './os-lock.ts';

export interface JsonFileOptions<T> {
  readonly path: string;
  /** The lock file under which all processes on the profile write. */
  readonly lockPath: string;
  readonly isWritable: boolean;
  /** The content where there is no file. */
  readonly empty: T;
  /** Checks parsed JSON. Throws when it cannot be used. */
  readonly parse: (value: unknown) => T;
  readonly now: () => number;
  /** Told of a file that was unreadable (`profile.corrupt`). */
  readonly onProblem: (error: AppError) => void;
}

/** The system's trouble of a moment: too many open files, no memory, a disk or a network share that does not answer. */
const passing = ['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'EAGAIN', 'EBUSY', 'ESTALE', 'ETIMEDOUT'] as const;

/**
 * One JSON file of the profile that several processes may read and change.
 * Every change reads the file anew under a lock and replaces it as a whole, so that no process undoes another's change.
 * An unreadable file is kept aside and its backup, the text before the last change, takes its place.
 */
export class JsonFile<T> {
  readonly #options: JsonFileOptions<T>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: JsonFileOptions<T>) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.path;
  }

  /** The present content. Rejects with `profile.not-writable` when the file can neither be read nor moved, or not at this moment. */
  read(): Promise<T> {
    return this.#inTurn(() => this.#readNow());
  }

  /** Changes the content. Rejects with `profile.not-writable`, and with whatever `change` throws, leaving the file as it was. */
  update(change: (content: T) => T | Promise<T>): Promise<T> {
    const { path, lockPath, isWritable } = this.#options;
    return this.#inTurn(async () => {
      if (!isWritable) throw notWritable(path, 'the profile is read-only');
      return withLock(lockPath, async () => {
        const changed = await change(await this.#readNow());
        await replaceFile(path, `${JSON.stringify(changed, undefined, 2)}\n`);
        return changed;
      });
    });
  }

  #inTurn<R>(action: () => Promise<R>): Promise<R> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #readNow(): Promise<T> {
    const { path, empty, isWritable } = this.#options;
    const content = await this.#tryRead(path);
    if (content !== 'unreadable') return content ?? empty;

    const backup = await this.#tryRead(`${path}.bak`);
    const usable = backup === 'unreadable' || backup === undefined ? empty : backup;
    if (isWritable) await this.#setAside(backup === usable ? usable : undefined);
    return usable;
  }

  async #tryRead(path: string): Promise<T | undefined | 'unreadable'> {
    try {
      const text = await readFileIfPresent(path);
      return text === undefined ? undefined : this.#options.parse(JSON.parse(text));
    } catch (error) {
      // Nothing is wrong with the file: moving it away would take the user's connections with it.
      if (passing.some((code) => isErrno(error, code))) throw notWritable(path, error);
      return 'unreadable';
    }
  }

  async #setAside(backup: T | undefined): Promise<void> {
    const { path, now, onProblem } = this.#options;
    try {
      const keptAs = await keepAside(path, now());
      if (backup !== undefined) await replaceFile(path, `${JSON.stringify(backup, undefined, 2)}\n`);
      onProblem(new AppError('profile.corrupt', `${path} was unreadable, kept as ${keptAs}`, { path, keptAs }));
    } catch (error) {
      // Another process was faster: it has told its own user.
      if (!isErrno(error, 'ENOENT')) throw notWritable(path, error);
    }
  }
}
