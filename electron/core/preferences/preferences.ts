import type { Disposable } from '../../contract/disposable.ts';
import { defaultPreferences, type Preferences } from '../../contract/preferences.ts';
import type { PreferenceStore } from '../ports/store.ts';

/** What the windows remember, shared by all of them: read once, changed for everybody. */
export class SharedPreferences {
  #current: Preferences = defaultPreferences;
  readonly #watchers = new Set<(preferences: Preferences) => void>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly store: PreferenceStore) {}

  async start(): Promise<void> {
    this.#current = await this.store.read();
  }

  get current(): Preferences {
    return this.#current;
  }

  /**
   * Changes the named keys. They count at once; rejects with `profile.not-writable` when they will not outlive this run,
   * so that a window can say so.
   */
  async set(change: Partial<Preferences>): Promise<void> {
    this.#current = { ...this.#current, ...change };
    for (const watcher of this.#watchers) watcher(this.#current);
    const write = (): Promise<void> => this.store.write(change);
    const written = this.#writing.then(write, write);
    this.#writing = written.catch(() => undefined);
    await written;
  }

  watch(watcher: (preferences: Preferences) => void): Disposable {
    this.#watchers.add(watcher);
    watcher(this.#current);
    return { dispose: () => void this.#watchers.delete(watcher) };
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#writing;
  }
}
