import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Prompt, PromptAnswer } from '../../electron/contract/connection-settings.ts';
import type { Disposable } from '../../electron/contract/disposable.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';

export interface PromptState {
  /** All open questions, oldest first. */
  readonly prompts: readonly Prompt[];
  /** Those that the user put off; they wait in the status bar. */
  readonly postponed: ReadonlySet<string>;
}

/** What the user typed for one question. Lives in the dialog only; here it is passed through. */
export interface TypedSecrets {
  readonly secrets: readonly string[];
  readonly remember: boolean;
  readonly tfaKind?: 'totp' | 'recovery' | 'yubico';
}

/** The questions of connections that are being opened, and the way to answer them. Keeps no secret. */
export class PromptStore {
  readonly state: StoreApi<PromptState> = createStore<PromptState>(() => ({ prompts: [], postponed: new Set() }));

  constructor(private readonly client: Pick<ContractClient, 'stream' | 'request'>) {}

  start(): Disposable {
    return this.client.stream('prompt.watch', {}, ({ prompts }) => {
      const open = new Set(prompts.map((prompt) => prompt.promptId));
      const { postponed } = this.state.getState();
      this.state.setState({ prompts, postponed: new Set([...postponed].filter((id) => open.has(id))) });
    });
  }

  postpone(promptId: string): void {
    this.state.setState(({ postponed }) => ({ postponed: new Set(postponed).add(promptId) }));
  }

  /** Shows everything that was put off again. */
  recall(): void {
    this.state.setState({ postponed: new Set() });
  }

  /** Stores each secret (a reference comes back), then answers with the references. */
  async answerWithSecrets(promptId: string, typed: TypedSecrets): Promise<void> {
    // Also what is to be remembered: the core keeps it once it has proved right, and never before.
    const keep = 'once';
    const stored = await Promise.all(
      typed.secrets.map((secret) => this.client.request('credentials.store', { secret, keep })),
    );
    await this.answer(promptId, {
      type: 'secrets',
      refs: stored.map(({ ref }) => ref),
      remember: typed.remember,
      ...(typed.tfaKind === undefined ? {} : { tfaKind: typed.tfaKind }),
    });
  }

  async answer(promptId: string, answer: PromptAnswer): Promise<void> {
    await this.client.request('prompt.answer', { promptId, answer });
  }
}
