import { existsSync, renameSync, rmSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disposable } from '../../contract/disposable.ts';
import { AppError } from '../../contract/errors.ts';
import type { ConnectionId } from '../../contract/ids.ts';
import type { InventoryDelta } from '../../contract/inventory.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { InventoryStore, KnownInventory } from '../../core/ports/store.ts';
import { asidePath, notWritable } from '../files/atomic-file.ts';
import type { ConnectionChange, TextRow } from './change.ts';
import { ForeignDatabase, InventoryDatabase, type StoredRows } from './database.ts';
import { PendingChanges, type PendingConnection } from './pending-changes.ts';
import { sqliteFaultOf, type SqliteFault } from './sqlite-fault.ts';
import { readStoredRows } from './stored-rows.ts';
import { startWriter, type WriterHost } from './writer-host.ts';
import type { WriterReply } from './writer.ts';

export interface SqliteInventoryStoreOptions {
  readonly path: string;
  readonly isWritable: boolean;
  /** Whether an unreadable file may be moved away: not while another process may have it open. */
  readonly mayReplace: () => boolean;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
  /** `profile.corrupt`, and `profile.not-writable` once until a write has succeeded again. */
  readonly onProblem: (error: AppError) => void;
  readonly startWriter?: (path: string) => WriterHost;
}

/** A changed record is on disk this soon. Joins the changes of one poll of several connections. */
const recordDelayMs = 250;
/** Loads and times of the last read change with every poll; what a crash may cost of them is this much. */
const loadDelayMs = 10_000;
const retryDelayMs = 30_000;
const busyRetryDelayMs = 1000;
/** Rows made text in one turn: about a millisecond. */
const rowsPerTurn = 250;

/** The inventory's memory in `inventory.db`. Written by a thread of its own, in one transaction for each change. */
export class SqliteInventoryStore implements InventoryStore {
  readonly #options: SqliteInventoryStoreOptions;
  readonly #pending = new PendingChanges();
  #writer: WriterHost | undefined;
  #onReply: ((reply: WriterReply) => void) | undefined;
  #running: Promise<boolean> | undefined;
  #recordTimer: Disposable | undefined;
  #loadTimer: Disposable | undefined;
  #isFailing = false;
  #isClosed = false;

  constructor(options: SqliteInventoryStoreOptions) {
    this.#options = options;
  }

  load(): Promise<readonly KnownInventory[]> {
    const rows = this.#readRows();
    if (rows === undefined) return Promise.resolve([]);
    const { known, leftOut } = readStoredRows(rows);
    if (leftOut > 0) this.#options.log('warning', 'inventory-rows-left-out', { count: leftOut });
    return Promise.resolve(known);
  }

  save(
    connectionId: ConnectionId,
    delta: Pick<InventoryDelta, 'put' | 'removed' | 'loads'>,
    lastGoodAtMs: number,
  ): void {
    if (!this.#options.isWritable || this.#isClosed) return;
    this.#pending.add(connectionId, delta, lastGoodAtMs);
    this.#schedule(delta.put.length > 0 || delta.removed.length > 0);
  }

  forget(connectionId: ConnectionId): void {
    if (!this.#options.isWritable || this.#isClosed) return;
    this.#pending.forget(connectionId);
    this.#schedule(true);
  }

  /** Also resolves when the disk refuses; that has been told through `onProblem`. */
  async flush(): Promise<void> {
    await this.#running;
    while (!this.#pending.isEmpty) {
      if (!(await this.#write(true))) return;
    }
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.flush();
    this.#isClosed = true;
    this.#recordTimer?.dispose();
    this.#loadTimer?.dispose();
    if (this.#writer !== undefined) await this.#ask((writer) => writer.post({ type: 'close' }));
  }

  #schedule(hasRecords: boolean): void {
    // After a failure only the retry writes: a full disk is not asked at every poll.
    if (this.#isFailing) return;
    const { clock } = this.#options;
    if (hasRecords) this.#recordTimer ??= clock.after(recordDelayMs, () => this.#writeSoon(false));
    this.#loadTimer ??= clock.after(loadDelayMs, () => this.#writeSoon(true));
  }

  #writeSoon(withLoads: boolean): void {
    void this.#write(withLoads);
  }

  /** One batch at a time; resolves with whether it is on disk. */
  async #write(withLoads: boolean): Promise<boolean> {
    while (this.#running !== undefined) await this.#running;
    this.#recordTimer?.dispose();
    this.#recordTimer = undefined;
    if (withLoads) {
      this.#loadTimer?.dispose();
      this.#loadTimer = undefined;
    }
    const taken = this.#pending.take(withLoads);
    if (taken.size === 0) return true;
    this.#running = this.#writeBatch(taken).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #writeBatch(taken: ReadonlyMap<ConnectionId, PendingConnection>): Promise<boolean> {
    const batch = { isOver: false };
    const reply = await this.#ask((writer) => void this.#postParts(writer, taken, batch));
    batch.isOver = true;
    if (reply.type !== 'failed') {
      if (this.#isFailing) {
        this.#options.log('info', 'inventory-written-again');
        this.#isFailing = false;
        // What came meanwhile has set no timer.
        if (!this.#pending.isEmpty) this.#schedule(true);
      }
      return true;
    }
    this.#pending.restore(taken);
    return this.#recover(reply.fault, reply.cause);
  }

  async #postParts(
    writer: WriterHost,
    taken: ReadonlyMap<ConnectionId, PendingConnection>,
    batch: { readonly isOver: boolean },
  ): Promise<void> {
    for (const [connectionId, pending] of taken) {
      for (const change of inParts(connectionId, pending)) {
        // A writer that died has answered already; its successor must not get half a batch.
        if (batch.isOver) return;
        writer.post({ type: 'write', changes: [change], isLast: false });
        await nextTurn();
      }
    }
    if (!batch.isOver) writer.post({ type: 'write', changes: [], isLast: true });
  }

  #ask(send: (writer: WriterHost) => void): Promise<WriterReply> {
    const { path } = this.#options;
    if (this.#writer === undefined) {
      this.#writer = (this.#options.startWriter ?? startWriter)(path);
      this.#writer.onReply((reply) => this.#onReply?.(reply));
    }
    const writer = this.#writer;
    return new Promise((resolve) => {
      this.#onReply = resolve;
      send(writer);
    });
  }

  /** Decides what follows a failed batch. Resolves with true when it is worth trying at once. */
  #recover(fault: SqliteFault, cause: string): boolean {
    const { log, mayReplace, onProblem, path } = this.#options;
    log('warning', 'inventory-not-written', { fault, cause });
    if (fault === 'unreadable' && mayReplace()) {
      this.#setAside();
      this.#schedule(true);
      return !this.#isFailing;
    }
    if (fault !== 'busy' && !this.#isFailing) onProblem(notWritable(path, new Error(cause)));
    this.#retryAfter(fault === 'busy' ? busyRetryDelayMs : retryDelayMs);
    return false;
  }

  #retryAfter(delayMs: number): void {
    this.#isFailing = true;
    this.#recordTimer?.dispose();
    this.#recordTimer = this.#options.clock.after(delayMs, () => this.#writeSoon(true));
  }

  /** The rows of the file; nothing when there is none that can be read. Never throws. */
  #readRows(): StoredRows | undefined {
    const { path, isWritable, onProblem, mayReplace } = this.#options;
    if (!isWritable) return this.#readWithoutWriting();
    try {
      return withDatabase(InventoryDatabase.open(path));
    } catch (error) {
      const isUnusable = error instanceof ForeignDatabase || sqliteFaultOf(error) === 'unreadable';
      if (isUnusable && mayReplace()) {
        this.#setAside();
        return undefined;
      }
      onProblem(notWritable(path, error));
      this.#retryAfter(retryDelayMs);
      return this.#readWithoutWriting();
    }
  }

  #readWithoutWriting(): StoredRows | undefined {
    const { path, log } = this.#options;
    if (!existsSync(path)) return undefined;
    try {
      return withDatabase(InventoryDatabase.openReadOnly(path));
    } catch (error) {
      log('warning', 'inventory-unreadable', { cause: error instanceof Error ? error.message : 'unknown' });
      return undefined;
    }
  }

  #setAside(): void {
    const { path, clock, onProblem } = this.#options;
    const keptAs = asidePath(path, clock.now());
    try {
      renameSync(path, keptAs);
      // The log belongs to the file it was written for; the index of the log is rebuilt from it.
      if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${keptAs}-wal`);
      rmSync(`${path}-shm`, { force: true });
      onProblem(new AppError('profile.corrupt', `${path} was unreadable, kept as ${keptAs}`, { path, keptAs }));
    } catch (error) {
      if (!this.#isFailing) onProblem(notWritable(path, error));
      this.#retryAfter(retryDelayMs);
    }
  }
}

function withDatabase(database: InventoryDatabase): StoredRows {
  try {
    return database.readAll();
  } finally {
    database.close();
  }
}

/** A connection's changes in parts small enough for one turn each. */
function* inParts(
  connectionId: ConnectionId,
  { forgets, lastGoodAtMs, removed, records, loads }: PendingConnection,
): Generator<ConnectionChange> {
  yield {
    connectionId,
    forgets,
    ...(lastGoodAtMs === undefined ? {} : { lastGoodAtMs }),
    removed: [...removed],
    records: [],
    loads: [],
  };
  const present = [...records.values()];
  for (let from = 0; from < present.length; from += rowsPerTurn) {
    const rows = present.slice(from, from + rowsPerTurn).map((record): TextRow => [record.id, JSON.stringify(record)]);
    yield { connectionId, forgets: false, removed: [], records: rows, loads: [] };
  }
  const loadRows = [...loads.values()];
  for (let from = 0; from < loadRows.length; from += rowsPerTurn) {
    const rows = loadRows.slice(from, from + rowsPerTurn).map((row): TextRow => [row[0], JSON.stringify(row)]);
    yield { connectionId, forgets: false, removed: [], records: [], loads: rows };
  }
}
