import type { App } from '../assembly/create-app.ts';
import type { Prompt } from '../contract/connection-settings.ts';
import type { Disposable } from '../contract/disposable.ts';
import { cancelled } from '../contract/errors.ts';
import type { FilterLookups } from '../contract/filter/index.ts';
import type { ConnectionId, EntityId } from '../contract/ids.ts';
import type { InventoryFrame, TaskFrame } from '../contract/inventory.ts';
import {
  fromLoadRow,
  type ConnectionRecord,
  type EntityLoad,
  type EntityRecord,
  type TaskRecord,
} from '../contract/records/index.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import type { CallContext } from '../contract/rpc/ports.ts';

/** The app as a command sees it: what is known, kept up to date, and the verbs of the contract. */
export class Estate {
  readonly handlers: ContractHandlers;
  readonly #app: App;
  readonly #signal: AbortSignal;
  readonly #records = new Map<EntityId, EntityRecord>();
  readonly #loads = new Map<EntityId, EntityLoad>();
  readonly #tasks = new Map<EntityId, TaskRecord>();
  readonly #listeners = new Set<() => void>();
  readonly #held: Disposable[] = [];
  #prompts: readonly Prompt[] = [];
  /** Connections that this run has tried to open; the others show what was last known. */
  readonly #opened = new Set<ConnectionId>();

  constructor(app: App, signal: AbortSignal, onPrompts: (prompts: readonly Prompt[]) => void) {
    this.#app = app;
    this.#signal = signal;
    this.handlers = app.handlers;
    const context = this.context;
    this.#held.push(
      app.handlers['prompt.watch'](
        {},
        ({ prompts }) => {
          this.#prompts = prompts;
          onPrompts(prompts);
          this.#tell();
        },
        context,
      ),
      app.handlers['inventory.watch']({}, (frame) => this.#takeInventory(frame), context),
      app.handlers['task.watch']({}, (frame) => this.#takeTasks(frame), context),
    );
  }

  /** What handlers are told about our calls. */
  get context(): CallContext {
    return { signal: this.#signal, rendererId: 'cli' };
  }

  get lookups(): FilterLookups {
    return { record: (id) => this.#records.get(id), load: (id) => this.#loads.get(id), nowMs: () => Date.now() };
  }

  records(): readonly EntityRecord[] {
    return [...this.#records.values()];
  }

  record(id: EntityId): EntityRecord | undefined {
    return this.#records.get(id);
  }

  load(id: EntityId): EntityLoad | undefined {
    return this.#loads.get(id);
  }

  connections(): readonly ConnectionRecord[] {
    return this.records().filter((record) => record.kind === 'connection');
  }

  tasks(): readonly TaskRecord[] {
    return [...this.#tasks.values()];
  }

  task(id: EntityId): TaskRecord | undefined {
    return this.#tasks.get(id);
  }

  /** Whether this run has tried to open the connection. */
  isOpened(id: ConnectionId): boolean {
    return this.#opened.has(id);
  }

  /** Told after every change of anything. */
  onDidChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /**
   * Opens connections and waits until each is read or has failed, at most `timeoutMs` beside the time that questions to the
   * user take. Never rejects for a connection that does not open: its record says why.
   */
  async open(ids: readonly ConnectionId[], timeoutMs: number): Promise<void> {
    const asked = ids.filter((id) => !this.#opened.has(id));
    for (const id of asked) this.#opened.add(id);
    await Promise.all(asked.map((id) => this.handlers['connection.reconnect']({ id }, this.context)));
    await this.settle(ids, timeoutMs);
  }

  /** The second half of {@link open}, for connections that are being opened already. */
  async settle(ids: readonly ConnectionId[], timeoutMs: number): Promise<void> {
    for (const id of ids) this.#opened.add(id);
    await this.waitUntil(() => ids.every((id) => this.#isSettled(id)), timeoutMs);
  }

  /**
   * Resolves with true when the condition holds, with false after `timeoutMs` (if given) without an open question. Rejects
   * with `operation.cancelled` on Ctrl+C.
   */
  waitUntil(condition: () => boolean, timeoutMs?: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let looking: NodeJS.Immediate | undefined;
      const end = (finish: () => void): void => {
        clearTimeout(timer);
        clearImmediate(looking);
        listening.dispose();
        this.#signal.removeEventListener('abort', onAbort);
        finish();
      };
      const onAbort = (): void => end(() => reject(cancelled()));
      const look = (): void => {
        looking = undefined;
        if (condition()) {
          end(() => resolve(true));
          return;
        }
        if (this.#prompts.length > 0) {
          clearTimeout(timer);
          timer = undefined;
        } else if (timeoutMs !== undefined) {
          timer ??= setTimeout(() => end(() => resolve(condition())), timeoutMs);
        }
      };
      // Not at once: a question that is answered and the state that follows from it change one after the other.
      const lookSoon = (): void => {
        looking ??= setImmediate(look);
      };
      const listening = this.onDidChange(lookSoon);
      this.#signal.addEventListener('abort', onAbort, { once: true });
      if (this.#signal.aborted) onAbort();
      else lookSoon();
    });
  }

  async close(): Promise<void> {
    for (const each of this.#held.splice(0)) each.dispose();
    await this.#app.close();
  }

  #isSettled(id: ConnectionId): boolean {
    const record = this.connections().find((connection) => connection.connectionId === id);
    if (record === undefined) return true;
    const isAsking = this.#prompts.some(
      ({ connectionId, question }) => connectionId === id || question.type === 'vault-passphrase',
    );
    return record.state !== 'connecting' && !(record.state === 'blocked' && isAsking);
  }

  #takeInventory(frame: InventoryFrame): void {
    if (frame.type === 'snapshot') {
      this.#records.clear();
      this.#loads.clear();
    } else {
      for (const id of frame.removed) {
        this.#records.delete(id);
        this.#loads.delete(id);
      }
    }
    for (const record of frame.type === 'snapshot' ? frame.records : frame.put) this.#records.set(record.id, record);
    for (const row of frame.loads) this.#loads.set(row[0], fromLoadRow(row));
    this.#tell();
  }

  #takeTasks(frame: TaskFrame): void {
    if (frame.type === 'snapshot') this.#tasks.clear();
    else for (const id of frame.removed) this.#tasks.delete(id);
    for (const task of frame.type === 'snapshot' ? frame.tasks : frame.put) this.#tasks.set(task.id, task);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
