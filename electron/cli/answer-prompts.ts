import type { CredentialRef, Prompt, PromptAnswer } from '../contract/connection-settings.ts';
import type { ContractHandlers } from '../contract/rpc/table.ts';
import { displayText } from './output/display-text.ts';
import type { Terminal } from './terminal/terminal.ts';

export interface PromptAnswererOptions {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  /** The passphrase of the vault, where a file gave it. Tried once. */
  readonly passphrase: string | undefined;
}

/** Answers the questions of connections on the terminal, one at a time; refuses them where there is none. */
export class PromptAnswerer {
  readonly #options: PromptAnswererOptions;
  readonly #seen = new Set<string>();
  #turn: Promise<void> = Promise.resolve();
  #handlers: ContractHandlers | undefined;

  constructor(options: PromptAnswererOptions) {
    this.#options = options;
  }

  /** Takes the open questions; those not seen before are asked in their turn. */
  take(prompts: readonly Prompt[], handlers: ContractHandlers): void {
    this.#handlers = handlers;
    for (const prompt of prompts) {
      if (this.#seen.has(prompt.promptId)) continue;
      this.#seen.add(prompt.promptId);
      this.#turn = this.#turn.then(() => this.#answer(prompt));
    }
  }

  async #answer(prompt: Prompt): Promise<void> {
    const answer = await this.#ask(prompt).catch((): PromptAnswer => ({ type: 'refuse' }));
    const { signal } = this.#options;
    // The question may have been taken back meanwhile: its connection gave up.
    await this.#handlers
      ?.['prompt.answer']({ promptId: prompt.promptId, answer }, { signal, rendererId: 'cli' })
      .catch(() => undefined);
  }

  async #ask({ connectionName, question }: Prompt): Promise<PromptAnswer> {
    const { passphrase, terminal } = this.#options;
    if (question.type === 'vault-passphrase' && passphrase !== undefined && !question.again) {
      return this.#secrets([passphrase]);
    }
    if (!terminal.canAsk) return { type: 'refuse' };
    const where = connectionName === '' ? '' : `${displayText(connectionName)}: `;
    const again = 'again' in question && question.again ? 'Not accepted. ' : '';
    switch (question.type) {
      case 'password':
        return this.#secrets([await this.#hidden(`${where}${again}Password of ${displayText(question.account)}: `)]);
      case 'key-passphrase':
        return this.#secrets([await this.#hidden(`${where}${again}Passphrase of ${displayText(question.path)}: `)]);
      case 'vault-passphrase':
        return this.#vaultPassphrase(question.isNew, again);
      case 'tfa':
        return this.#tfa(question, `${where}${again}`);
      case 'keyboard-interactive':
        return this.#interactive(question, where);
      case 'identity':
        return this.#identity(question, where);
    }
  }

  async #vaultPassphrase(isNew: boolean, again: string): Promise<PromptAnswer> {
    if (!isNew) return this.#secrets([await this.#hidden(`${again}Passphrase of the stored secrets: `)]);
    for (;;) {
      const first = await this.#hidden('A new passphrase for the stored secrets: ');
      if (first === (await this.#hidden('The same again: '))) return this.#secrets([first]);
      this.#options.terminal.err('They differ.\n');
    }
  }

  async #tfa(question: Extract<Prompt['question'], { type: 'tfa' }>, before: string): Promise<PromptAnswer> {
    const { kinds, account } = question;
    let kind = kinds[0];
    if (kinds.length > 1) {
      const typed = await this.#shown(`${before}Second factor of ${displayText(account)} (${kinds.join(', ')}): `);
      kind = kinds.find((known) => known.startsWith(typed.trim().toLowerCase())) ?? kind;
    }
    const code = await this.#hidden(`${before}${kind ?? ''} code of ${displayText(account)}: `);
    return this.#secrets([code.trim()], kind);
  }

  async #interactive(
    { title, instructions, fields }: Extract<Prompt['question'], { type: 'keyboard-interactive' }>,
    where: string,
  ): Promise<PromptAnswer> {
    for (const text of [title, instructions]) {
      if (text !== '') this.#options.terminal.err(`${where}${displayText(text)}\n`);
    }
    const answers: string[] = [];
    for (const { label, isSecret } of fields) {
      const label1 = `${where}${displayText(label)} `;
      answers.push(isSecret ? await this.#hidden(label1) : await this.#shown(label1));
    }
    return this.#secrets(answers);
  }

  async #identity(
    { endpoint, expected, presented }: Extract<Prompt['question'], { type: 'identity' }>,
    where: string,
  ): Promise<PromptAnswer> {
    const { terminal } = this.#options;
    if (expected === '') terminal.err(`${where}${displayText(endpoint)} is not known yet. It presents\n`);
    else
      terminal.err(
        `${where}THE IDENTITY OF ${displayText(endpoint)} HAS CHANGED. Somebody may be in between.\n  trusted:   ${displayText(expected)}\n  presented:\n`,
      );
    terminal.err(`  ${displayText(presented)}\n`);
    // A changed identity takes a whole word: "y" is typed too easily.
    const wanted = expected === '' ? ['y', 'yes'] : ['yes'];
    const typed = await this.#shown(expected === '' ? 'Trust it? [y/N] ' : 'Trust the new one? Type yes: ');
    return { type: wanted.includes(typed.trim().toLowerCase()) ? 'trust' : 'refuse' };
  }

  #hidden(question: string): Promise<string> {
    return this.#options.terminal.ask(question, { isHidden: true, signal: this.#options.signal });
  }

  #shown(question: string): Promise<string> {
    return this.#options.terminal.ask(question, { isHidden: false, signal: this.#options.signal });
  }

  async #secrets(secrets: readonly string[], tfaKind?: 'totp' | 'recovery' | 'yubico'): Promise<PromptAnswer> {
    const refs: CredentialRef[] = [];
    for (const secret of secrets) {
      const stored = await this.#handlers?.['credentials.store'](
        { secret, keep: 'once' },
        { signal: this.#options.signal, rendererId: 'cli' },
      );
      if (stored !== undefined) refs.push(stored.ref);
    }
    return { type: 'secrets', refs, remember: false, ...(tfaKind === undefined ? {} : { tfaKind }) };
  }
}
