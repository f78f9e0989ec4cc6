import type { CredentialRef } from '../../contract/connection-settings.ts';
import { AppError, isAppError } from '../../contract/errors.ts';
import type { PromptReply } from '../ports/prompter.ts';
import type { SecretVault } from '../ports/vault.ts';

/** Asks for the vault's passphrase. Several connections that wait for it share one question. */
export type PassphraseQuestion = (question: {
  readonly type: 'vault-passphrase';
  readonly isNew: boolean;
  readonly again: boolean;
}) => Promise<PromptReply>;

/** A vault that asks for its passphrase when it needs it, once for everybody who waits. */
export class VaultGate {
  #opening: Promise<void> | undefined;

  constructor(
    private readonly vault: SecretVault,
    private readonly ask: PassphraseQuestion,
  ) {}

  get state(): SecretVault['state'] {
    return this.vault.state;
  }

  get(ref: CredentialRef): Promise<string | undefined> {
    return this.#whenOpen(() => this.vault.get(ref));
  }

  put(ref: CredentialRef, secret: string): Promise<void> {
    return this.#whenOpen(() => this.vault.put(ref, secret));
  }

  /** Never asks: a secret that stays behind in a locked vault is worth no question. */
  remove(ref: CredentialRef): Promise<void> {
    return this.vault.remove(ref);
  }

  async #whenOpen<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isAppError(error, 'vault.locked')) throw error;
    }
    this.#opening ??= this.#unlock().finally(() => (this.#opening = undefined));
    await this.#opening;
    return work();
  }

  async #unlock(): Promise<void> {
    for (let again = false; ; again = true) {
      const reply = await this.ask({ type: 'vault-passphrase', isNew: this.vault.state === 'file-new', again });
      if (reply.type !== 'secrets') throw new AppError('vault.locked', 'the vault stays locked', {});
      try {
        return await this.vault.unlock(reply.secrets[0] ?? '');
      } catch (error) {
        if (!isAppError(error, 'vault.wrong-passphrase')) throw error;
      }
    }
  }
}
