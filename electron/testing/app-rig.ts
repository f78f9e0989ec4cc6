import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../assembly/create-app.ts';
import type { ConnectionSettingsInput, Prompt, PromptAnswer } from '../contract/connection-settings.ts';
import { connectionSettingsSchema } from '../contract/connection-settings.ts';
import { connectionEntityId, type ConnectionId } from '../contract/ids.ts';
import type { InventoryFrame } from '../contract/inventory.ts';
import type { ConnectionRecord, EntityRecord, EntityRecordOf } from '../contract/records/index.ts';
import type { CallContext } from '../contract/rpc/ports.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import type { Clock } from '../core/ports/clock.ts';
import { silentLog } from '../core/ports/log.ts';
import { MemoryVault } from './memory-stores.ts';
import { quickClock } from './quick-clock.ts';

/** The whole app on a profile of its own, seen by one window, with time that passes faster unless a test wants it true. */
export class AppRig {
  readonly records = new Map<string, EntityRecord>();
  readonly context: CallContext = { signal: new AbortController().signal, rendererId: 'window-1' };
  readonly #listeners = new Set<() => void>();
  readonly #vault = new MemoryVault();
  #app: App | undefined;
  #prompts: readonly Prompt[] = [];
  #watching: { dispose(): void }[] = [];

  private constructor(
    readonly profilePath: string,
    readonly clock: Clock,
  ) {}

  static async start(speed = 10): Promise<AppRig> {
    const rig = new AppRig(await mkdtemp(join(tmpdir(), 'wheelhouse-app-')), quickClock(speed));
    await rig.open();
    return rig;
  }

  get handlers(): ContractHandlers {
    if (this.#app === undefined) throw new Error('the app is closed');
    return this.#app.handlers;
  }

  get prompts(): readonly Prompt[] {
    return this.#prompts;
  }

  async open(): Promise<void> {
    const { profilePath, clock } = this;
    this.#app = await createApp({
      profilePath,
      host: 'loopback',
      version: '0.0.0',
      vault: this.#vault,
      clock,
      log: silentLog,
    });
    this.#watching = [
      this.handlers['inventory.watch']({}, (frame) => this.#accept(frame), this.context),
      this.handlers['prompt.watch']({}, ({ prompts }) => ((this.#prompts = prompts), this.#tell()), this.context),
    ];
  }

  /** Ends the app; the profile stays for the next `open`. */
  async closeApp(): Promise<void> {
    for (const watching of this.#watching.splice(0)) watching.dispose();
    await this.#app?.close();
    this.#app = undefined;
    this.records.clear();
  }

  async close(): Promise<void> {
    await this.closeApp();
    await rm(this.profilePath, { recursive: true, force: true });
  }

  async add(settings: ConnectionSettingsInput): Promise<ConnectionId> {
    const { id } = await this.handlers['connection.save'](
      { settings: connectionSettingsSchema.parse(settings) },
      this.context,
    );
    return id;
  }

  async keep(secret: string): Promise<Awaited<ReturnType<ContractHandlers['credentials.store']>>['ref']> {
    return (await this.handlers['credentials.store']({ secret, keep: 'keep' }, this.context)).ref;
  }

  async answer(
    prompt: Prompt,
    answer: 'trust' | 'refuse' | { secret: string; tfaKind?: 'totp' | 'recovery' },
  ): Promise<void> {
    const given: PromptAnswer =
      typeof answer === 'string'
        ? { type: answer }
        : {
            type: 'secrets',
            refs: [
              (await this.handlers['credentials.store']({ secret: answer.secret, keep: 'once' }, this.context)).ref,
            ],
            remember: false,
            ...(answer.tfaKind === undefined ? {} : { tfaKind: answer.tfaKind }),
          };
    await this.handlers['prompt.answer']({ promptId: prompt.promptId, answer: given }, this.context);
  }

  connection(id: ConnectionId): ConnectionRecord | undefined {
    return this.records.get(connectionEntityId(id)) as ConnectionRecord | undefined;
  }

  all<Kind extends EntityRecord['kind']>(kind: Kind): readonly EntityRecordOf<Kind>[] {
    return [...this.records.values()].filter((record): record is EntityRecordOf<Kind> => record.kind === kind);
  }

  /** Settles when what the window sees satisfies; the test's own time limit is the only other end. */
  until<T>(find: () => T | undefined | false): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined || found === false) return;
        this.#listeners.delete(look);
        resolve(found);
      };
      this.#listeners.add(look);
      look();
    });
  }

  untilState(id: ConnectionId, state: ConnectionRecord['state']): Promise<ConnectionRecord> {
    return this.until(() => {
      const record = this.connection(id);
      return record?.state === state ? record : undefined;
    });
  }

  #accept(frame: InventoryFrame): void {
    for (const record of frame.type === 'snapshot' ? frame.records : frame.put) this.records.set(record.id, record);
    if (frame.type === 'delta') for (const id of frame.removed) this.records.delete(id);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
