import type { Disposable } from '../contract/disposable.ts';
import type { TaskRecord } from '../contract/records/index.ts';
import { Connections } from './connections/connections.ts';
import { PARALLEL_READS } from './connections/cadence.ts';
import { Credentials } from './connections/credentials.ts';
import { Places } from './connections/places.ts';
import { Prompts } from './connections/prompts.ts';
import { VaultGate } from './connections/vault-gate.ts';
import { Visibility } from './connections/visibility.ts';
import { DemonstrationSession } from './demonstration/demonstration-session.ts';
import { EntityDetailsReaders } from './entities/entity-details.ts';
import { InventoryMemory } from './inventory/inventory-memory.ts';
import { Inventory } from './inventory/inventory.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { RandomSource } from './ports/random.ts';
import type { SessionOpener } from './ports/session-opener.ts';
import type { ConnectionStore, InventoryStore, PreferenceStore } from './ports/store.ts';
import type { Surroundings } from './ports/surroundings.ts';
import type { SecretVault } from './ports/vault.ts';
import { SharedPreferences } from './preferences/preferences.ts';
import { TaskList } from './tasks/task-list.ts';
import { Tasks } from './tasks/tasks.ts';

/** Everything that the core needs from outside. */
export interface CorePorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomSource;
  readonly connections: ConnectionStore;
  readonly inventory: InventoryStore;
  readonly preferences: PreferenceStore;
  readonly vault: SecretVault;
  readonly openSession: SessionOpener;
  readonly surroundings: Surroundings;
  /** False where nobody may come to answer a question later: a command line. */
  readonly mayWaitForAnswers: boolean;
  /** False where the host says itself which connections it needs, by `connection.reconnect`. */
  readonly opensConnections?: boolean;
}

/** After a verb the host needs a moment before its lists show it; PVE's status is at most this old (recorded on 9.1). */
const VERB_HINT = { because: 'task', pass: 'status' } as const;

/** The product's brain: connections, inventory, tasks, and what windows share. Knows no socket, no file and no window. */
export class Core {
  readonly inventory = new Inventory();
  readonly visibility = new Visibility();
  readonly taskList: TaskList;
  readonly tasks: Tasks;
  readonly prompts: Prompts;
  readonly credentials: Credentials;
  readonly connections: Connections;
  readonly details: EntityDetailsReaders;
  readonly preferences: SharedPreferences;
  readonly demonstration: DemonstrationSession;
  readonly #memory: InventoryMemory;
  readonly #life = new AbortController();
  readonly #longTaskListeners = new Set<(task: TaskRecord) => void>();

  constructor(readonly ports: CorePorts) {
    const { clock, log, random, surroundings } = ports;
    const { inventory, visibility } = this;
    this.taskList = new TaskList(clock);
    this.prompts = new Prompts({
      random,
      secretOf: (ref) => this.credentials.get(ref),
      mayWait: ports.mayWaitForAnswers,
    });
    this.credentials = new Credentials(this.#vaultGate(), random, log);
    this.connections = new Connections({
      clock,
      log,
      random,
      inventory,
      visibility,
      places: new Places(PARALLEL_READS),
      prompts: this.prompts,
      credentials: this.credentials,
      openSession: ports.openSession,
      store: ports.connections,
      hasRunningTasks: (id) => this.taskList.hasRunning(id),
      onTasks: (id, tasks) => this.taskList.reconcile(id, tasks),
      onSessionLost: (id) => this.taskList.lost(id),
      onRemoved: (id) => {
        this.taskList.removeConnection(id);
        this.#memory.forget(id);
      },
    });
    const sessionOf = this.connections.sessionOf.bind(this.connections);
    const guestOf = this.#guest.bind(this);
    this.tasks = new Tasks({ clock, log, random, sessionOf, guestOf, tasks: this.taskList });
    this.details = new EntityDetailsReaders({ clock, visibility, sessionOf });
    this.preferences = new SharedPreferences(ports.preferences);
    this.demonstration = new DemonstrationSession(surroundings, this.connections, this.credentials);
    this.#memory = new InventoryMemory({
      inventory,
      clock,
      log,
      store: ports.inventory,
      isKept: (id) => !this.connections.isTransient(id),
      lastGoodAtMs: (id) => this.connections.find(id)?.lastGoodAtMs,
    });
    this.taskList.onDidEnd((task) => this.#taskEnded(task));
  }

  /** Shows what was last known at once, then begins to open every connection. Does not wait for any host. */
  async start(): Promise<void> {
    await this.preferences.start();
    const saved = await this.ports.connections.list();
    const former = await this.#memory.restore(new Set(saved.map((each) => each.id)));
    this.#memory.start();
    await this.connections.start(former, this.ports.opensConnections ?? true);
  }

  /** A task of ours that ran at least as long as the preference says has ended. */
  onLongTaskEnded(listener: (task: TaskRecord) => void): Disposable {
    this.#longTaskListeners.add(listener);
    return { dispose: () => void this.#longTaskListeners.delete(listener) };
  }

  /** Closes every session and writes everything down. The stores stay open: they belong to whoever made them. */
  async close(): Promise<void> {
    if (this.#life.signal.aborted) return;
    this.#life.abort();
    this.details.close();
    await this.demonstration.close();
    await this.connections.close();
    await this.#memory.close();
    await this.preferences.close();
    await this.credentials.close();
  }

  #vaultGate(): VaultGate {
    return new VaultGate(this.ports.vault, async (question) => {
      const { reply, refs } = await this.prompts.ask({ connectionName: '', question }, this.#life.signal);
      // The vault keeps the key that is made of it; the passphrase itself has done its work.
      this.credentials.forgetOnce(refs);
      return reply;
    });
  }

  #guest(id: TaskRecord['id']): {
    readonly name: string;
    readonly nodeId?: TaskRecord['id'];
    readonly account: string;
  } {
    const record = this.inventory.get(id);
    const connection = record === undefined ? undefined : this.connections.find(record.connectionId);
    const account = connection?.session?.facts.account ?? '';
    if (record?.kind !== 'guest') return { name: '', account };
    return { name: record.name, nodeId: record.nodeId, account };
  }

  #taskEnded(task: TaskRecord): void {
    // Whatever ended has changed something: read it now instead of at the next round.
    this.connections.find(task.connectionId)?.hint(VERB_HINT);
    if (task.subjectId !== undefined) this.details.refresh(task.subjectId);
    const { notifyAfterMs } = this.preferences.current;
    const ranMs = (task.endedAtMs ?? this.ports.clock.now()) - task.startedAtMs;
    if (!task.isOurs || task.parentId !== undefined || notifyAfterMs <= 0 || ranMs < notifyAfterMs) return;
    for (const listener of this.#longTaskListeners) listener(task);
  }
}
