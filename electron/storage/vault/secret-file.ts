import { z } from 'zod';
import type { CredentialRef } from '../../contract/connection-settings.ts';
import { JsonFile, type JsonFileOptions } from '../files/json-file.ts';

/** Turns secrets into texts that may lie on disk and back. `context` is bound to the text: it opens under no other. */
export interface SecretCipher {
  seal(secret: string, context: string): Promise<string>;
  /** Rejects when the text was sealed otherwise or has been changed. */
  open(sealed: string, context: string): Promise<string>;
}

/** What a file of sealed secrets says about how they were sealed. Public; what it holds depends on the cipher. */
export type SecretFileHeader = Readonly<Record<string, unknown>>;

export interface SecretFileContent<Header extends SecretFileHeader> {
  readonly format: 'wheelhouse-vault';
  readonly version: 1;
  /** Absent until the file is first written. */
  readonly header?: Header;
  readonly entries: Readonly<Record<string, string>>;
}

/**
 * A file of sealed secrets, by reference. Knows nothing of how they are sealed: a cipher under a passphrase and one of the
 * desktop (Electron's safeStorage) use the same file.
 */
export class SecretFile<Header extends SecretFileHeader> {
  readonly #file: JsonFile<SecretFileContent<Header>>;

  constructor(
    options: Omit<JsonFileOptions<SecretFileContent<Header>>, 'empty' | 'parse'>,
    headerSchema: z.ZodType<Header>,
  ) {
    const schema = z.object({
      format: z.literal('wheelhouse-vault'),
      version: z.literal(1),
      header: headerSchema.exactOptional(),
      entries: z.record(z.string(), z.string()),
    });
    this.#file = new JsonFile<SecretFileContent<Header>>({
      ...options,
      empty: { format: 'wheelhouse-vault', version: 1, entries: {} },
      parse: (value) => schema.parse(value),
    });
  }

  read(): Promise<SecretFileContent<Header>> {
    return this.#file.read();
  }

  /** Changes header and entries as one, under the profile's lock. */
  update(
    change: (content: SecretFileContent<Header>) => SecretFileContent<Header> | Promise<SecretFileContent<Header>>,
  ): Promise<SecretFileContent<Header>> {
    return this.#file.update(change);
  }
}

/** The entries without one of them. */
export function withoutEntry(
  entries: Readonly<Record<string, string>>,
  ref: CredentialRef,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entries).filter(([known]) => known !== ref));
}
