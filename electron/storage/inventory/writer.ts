import type { ConnectionChange } from './change.ts';
import { InventoryDatabase } from './database.ts';
import { sqliteFaultOf, type SqliteFault } from './sqlite-fault.ts';

/** A part of a batch; the batch is one transaction and begins when its last part has come. */
export type WriterRequest =
  | { readonly type: 'write'; readonly changes: readonly ConnectionChange[]; readonly isLast: boolean }
  | { readonly type: 'close' };

/** The fate of a batch, or the end. */
export type WriterReply =
  | { readonly type: 'written' }
  | { readonly type: 'failed'; readonly fault: SqliteFault; readonly cause: string }
  | { readonly type: 'closed' };

/** Writes batches into the database, wherever it runs. Opens the file at the first batch and again after a failure. */
export class InventoryWriter {
  readonly #path: string;
  readonly #parts: ConnectionChange[] = [];
  #database: InventoryDatabase | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The answer to a request; none while a batch is not complete. Never throws. */
  handle(request: WriterRequest): WriterReply | undefined {
    if (request.type === 'close') {
      this.#close();
      return { type: 'closed' };
    }
    this.#parts.push(...request.changes);
    return request.isLast ? this.#write(this.#parts.splice(0)) : undefined;
  }

  #write(changes: readonly ConnectionChange[]): WriterReply {
    try {
      this.#database ??= InventoryDatabase.open(this.#path);
      this.#database.apply(changes);
      return { type: 'written' };
    } catch (error) {
      this.#close();
      return { type: 'failed', fault: sqliteFaultOf(error), cause: error instanceof Error ? error.message : 'unknown' };
    }
  }

  #close(): void {
    try {
      this.#database?.moveLogIntoFile();
    } catch {
      // On a full disk, or while somebody reads, that waits for the next opening.
    }
    this.#database?.close();
    this.#database = undefined;
  }
}
