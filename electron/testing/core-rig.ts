import type { ConnectionSettings, CredentialRef, Prompt, SavedConnection } from '../contract/connection-settings.ts';
import { AppError } from '../contract/errors.ts';
import { connectionEntityId, type ConnectionId } from '../contract/ids.ts';
import type { ConnectionRecord } from '../contract/records/index.ts';
import type { CallContext } from '../contract/rpc/ports.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import { contractHandlers } from '../core/api/handlers/contract-handlers.ts';
import { Core } from '../core/core.ts';
import { silentLog, type Log } from '../core/ports/log.ts';
import type { OpenRequest } from '../core/ports/session-opener.ts';
import type { Demonstration } from '../core/ports/surroundings.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryConnectionStore, MemoryInventoryStore, MemoryPreferenceStore, MemoryVault } from './memory-stores.ts';
import { labId } from './records.ts';
import { ScriptedHost } from './scripted-host.ts';

/** A saved connection to `lab.example`, with a password asked for at each sign-in. */
export function savedLab(change: Partial<ConnectionSettings> = {}, id: ConnectionId = labId): SavedConnection {
  return {
    id,
    settings: {
      name: 'Lab',
      group: '',
      isEnabled: true,
      access: {
        kind: 'pve',
        endpoints: [{ host: 'lab.example', port: 8006 }],
        auth: { method: 'password', user: 'root', realm: 'pam' },
      },
      ...change,
    },
  };
}

export interface CoreRigOptions {
  readonly vault?: MemoryVault;
  readonly mayWaitForAnswers?: boolean;
  readonly demonstration?: () => Promise<Demonstration>;
}

/** The whole core on scripted hosts, memory and a clock that stands still. Stores outlive the core, as a profile does. */
export class CoreRig {
  readonly clock = new FakeClock();
  readonly connections = new MemoryConnectionStore();
  readonly inventory = new MemoryInventoryStore();
  readonly preferences = new MemoryPreferenceStore();
  readonly vault: MemoryVault;
  readonly hosts = new Map<ConnectionId, ScriptedHost>();
  onLog: Log = silentLog;
  readonly notified: { title: string; body: string }[] = [];
  core: Core;
  handlers: ContractHandlers;
  #randomState = 7;

  constructor(private readonly options: CoreRigOptions = {}) {
    this.vault = options.vault ?? new MemoryVault();
    this.core = this.#newCore();
    this.handlers = contractHandlers(this.core, (notification) => this.notified.push(notification));
  }

  /** The host behind a connection; made at the first mention. */
  host(id: ConnectionId = labId): ScriptedHost {
    let host = this.hosts.get(id);
    if (host === undefined) {
      host = new ScriptedHost();
      this.hosts.set(id, host);
    }
    return host;
  }

  async start(...saved: readonly SavedConnection[]): Promise<void> {
    for (const each of saved) this.connections.saved.set(each.id, each);
    await this.core.start();
    await this.clock.settle();
  }

  /** Ends this run and begins another one on the same profile. `kill` leaves without closing. */
  async restart(how: 'close' | 'kill'): Promise<void> {
    if (how === 'close') await this.close();
    this.core = this.#newCore();
    this.handlers = contractHandlers(this.core, (notification) => this.notified.push(notification));
    await this.core.start();
  }

  /** Ends the run; rejects when it leaves a session or a timer behind. */
  async close(): Promise<void> {
    await this.core.close();
    const left = [...this.hosts.values()].reduce((sum, host) => sum + host.openSessions, 0);
    if (left > 0 || this.clock.pendingTimers > 0)
      throw new Error(`left behind: ${left} sessions, ${this.clock.pendingTimers} timers`);
  }

  connection(id: ConnectionId = labId): ConnectionRecord {
    return this.core.inventory.get(connectionEntityId(id)) as ConnectionRecord;
  }

  /** A window that looks; it stays until disposed. */
  look(rendererId = 'window-1'): { dispose(): void } {
    return this.core.visibility.enter(rendererId);
  }

  context(signal: AbortSignal = new AbortController().signal, rendererId = 'window-1'): CallContext {
    return { signal, rendererId };
  }

  openPrompts(): readonly Prompt[] {
    let open: readonly Prompt[] = [];
    this.core.prompts.watch((prompts) => (open = prompts)).dispose();
    return open;
  }

  secret(text: string, keep: 'once' | 'keep' = 'once'): Promise<CredentialRef> {
    return this.core.credentials.store(text, keep);
  }

  #newCore(): Core {
    const { clock, connections, inventory, preferences, vault } = this;
    return new Core({
      clock,
      connections,
      inventory,
      preferences,
      vault,
      log: (level, event, fields) => this.onLog(level, event, fields),
      random: (count) => Uint8Array.from({ length: count }, () => this.#nextByte()),
      openSession: (request: OpenRequest, signal) => this.#hostFor(request.saved.id).open(request, signal),
      surroundings: {
        facts: () => Promise.reject(new AppError('internal.bug', 'no facts in this rig', { where: 'rig' })),
        probe: () => Promise.reject(new AppError('internal.bug', 'no probe in this rig', { where: 'rig' })),
        watchNotices: () => ({ dispose: () => undefined }),
        startDemonstration:
          this.options.demonstration ??
          (() => Promise.reject(new AppError('internal.bug', 'no demonstration in this rig', { where: 'rig' }))),
      },
      mayWaitForAnswers: this.options.mayWaitForAnswers ?? true,
    });
  }

  /** A connection that is only tested has an id that nobody knows before; it reaches the lab's host. */
  #hostFor(id: ConnectionId): ScriptedHost {
    return this.host(id.startsWith('test-') ? labId : id);
  }

  #nextByte(): number {
    this.#randomState = (Math.imul(this.#randomState, 1_103_515_245) + 12_345) >>> 0;
    return this.#randomState >>> 24;
  }
}
