import { z } from 'zod';
import {
  defaultPreferences,
  preferenceSchemas,
  preferencesSchema,
  type PreferenceKey,
  type Preferences,
} from '../contract/preferences.ts';
import type { PreferenceStore } from '../core/ports/store.ts';
import { JsonFile, type JsonFileOptions } from './files/json-file.ts';

const fileSchema = z.object({
  format: z.literal('wheelhouse-preferences'),
  version: z.literal(1),
  preferences: z.record(z.string(), z.unknown()),
});
type FileContent = z.infer<typeof fileSchema>;

const keys = Object.keys(preferenceSchemas) as PreferenceKey[];

/** `preferences.json` of a profile. Keys and values of other versions of the app stay in the file. */
export class PreferenceFile implements PreferenceStore {
  readonly #file: JsonFile<FileContent>;
  /** What a read-only profile lets us remember: until the end of this run. */
  #unsaved: Partial<Preferences> = {};

  constructor(options: Omit<JsonFileOptions<FileContent>, 'empty' | 'parse'>) {
    this.#file = new JsonFile({
      ...options,
      empty: { format: 'wheelhouse-preferences', version: 1, preferences: {} },
      parse: (value) => fileSchema.parse(value),
    });
  }

  async read(): Promise<Preferences> {
    const { preferences } = await this.#file.read();
    const fitting = keys.flatMap((key) => {
      const { success, data } = preferenceSchemas[key].safeParse(preferences[key]);
      return success ? [[key, data] as const] : [];
    });
    return { ...defaultPreferences, ...Object.fromEntries(fitting), ...this.#unsaved };
  }

  /** Rejects with `profile.not-writable`; the change holds for this run all the same. */
  async write(change: Partial<Preferences>): Promise<void> {
    const checked = preferencesSchema.partial().parse(change) as Partial<Preferences>;
    this.#unsaved = { ...this.#unsaved, ...checked };
    const written = this.#unsaved;
    await this.#file.update((content) => ({ ...content, preferences: { ...content.preferences, ...written } }));
    if (this.#unsaved === written) this.#unsaved = {};
  }
}
