import { z } from 'zod';
import { savedConnectionSchema, type SavedConnection } from '../contract/connection-settings.ts';
import type { Disposable } from '../contract/disposable.ts';
import { AppError } from '../contract/errors.ts';
import type { ConnectionId } from '../contract/ids.ts';
import type { ConnectionStore } from '../core/ports/store.ts';
import { JsonFile, type JsonFileOptions } from './files/json-file.ts';
import { watchFile } from './files/watch-file.ts';

const fileSchema = z.object({
  format: z.literal('wheelhouse-profile-connections'),
  version: z.literal(1),
  /** Checked one by one: what another version of the app has written and we cannot read must not cost the others. */
  connections: z.array(z.unknown()),
});
type FileContent = z.infer<typeof fileSchema>;

/** `connections.json` of a profile. Entries that this version cannot read are left out of the list and kept in the file. */
export class ConnectionFile implements ConnectionStore {
  readonly #file: JsonFile<FileContent>;
  readonly #onProblem: (error: AppError) => void;
  readonly #listeners = new Set<() => void>();
  #watch: Disposable | undefined;
  #reportedUnreadable = 0;
  /** The connections as last read or written here, as text: what tells another process's change from our own. */
  #knownText: string | undefined;

  constructor(options: Omit<JsonFileOptions<FileContent>, 'empty' | 'parse'>) {
    this.#file = new JsonFile({
      ...options,
      empty: { format: 'wheelhouse-profile-connections', version: 1, connections: [] },
      parse: (value) => fileSchema.parse(value),
    });
    this.#onProblem = options.onProblem;
  }

  async list(): Promise<readonly SavedConnection[]> {
    const content = await this.#file.read();
    this.#knownText ??= JSON.stringify(content);
    return this.#readable(content);
  }

  async put(connection: SavedConnection): Promise<void> {
    const checked = savedConnectionSchema.parse(connection);
    await this.#change((connections) => {
      const at = connections.findIndex((known) => idOf(known) === checked.id);
      return at < 0 ? [...connections, checked] : connections.with(at, checked);
    });
  }

  async remove(id: ConnectionId): Promise<void> {
    await this.#change((connections) => connections.filter((known) => idOf(known) !== id));
  }

  onDidChangeElsewhere(listener: () => void): Disposable {
    this.#listeners.add(listener);
    this.#watch ??= watchFile(this.#file.path, () => void this.#lookForChange());
    return {
      dispose: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.close();
      },
    };
  }

  /** Stops watching. */
  close(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }

  async #change(change: (connections: readonly unknown[]) => readonly unknown[]): Promise<void> {
    await this.#file.update((content) => {
      // Known before it is on disk, so that the watch cannot take it for somebody else's.
      const changed = { ...content, connections: [...change(content.connections)] };
      this.#knownText = JSON.stringify(changed);
      return changed;
    });
  }

  async #lookForChange(): Promise<void> {
    const content = await this.#file.read().catch(() => undefined);
    const text = JSON.stringify(content);
    if (content === undefined || text === this.#knownText) return;
    this.#knownText = text;
    for (const listener of this.#listeners) listener();
  }

  #readable(content: FileContent): readonly SavedConnection[] {
    const parsed = content.connections.map((entry) => savedConnectionSchema.safeParse(entry));
    const unreadable = parsed.filter(({ success }) => !success).length;
    if (unreadable > this.#reportedUnreadable) {
      const { path } = this.#file;
      this.#onProblem(
        new AppError('profile.corrupt', `${unreadable} connections in ${path} were left out`, { path, keptAs: path }),
      );
    }
    this.#reportedUnreadable = unreadable;
    return parsed.flatMap(({ data }) => (data === undefined ? [] : [data]));
  }
}

function idOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
}
