import type { CredentialRef, Prompt, PromptAnswer } from '../../contract/connection-settings.ts';
import type { Disposable } from '../../contract/disposable.ts';
import { AppError, cancelled } from '../../contract/errors.ts';
import type { PromptReply } from '../ports/prompter.ts';
import { randomText, type RandomSource } from '../ports/random.ts';

/** A reply with the names under which its secrets were handed in, so that they can be kept or forgotten. */
export interface AnsweredQuestion {
  readonly reply: PromptReply;
  readonly refs: readonly CredentialRef[];
}

interface OpenPrompt {
  readonly prompt: Prompt;
  readonly settle: (answer: AnsweredQuestion) => void;
}

export interface PromptsOptions {
  readonly random: RandomSource;
  readonly secretOf: (ref: CredentialRef) => Promise<string | undefined>;
  /**
   * Whether a question may wait for a window that opens later. A command line without anybody watching cannot: there a
   * question is rejected with `auth.challenge-unanswered` at once.
   */
  readonly mayWait: boolean;
}

/** The questions that connections have, open until a window answers or the one who asked gives up. */
export class Prompts {
  readonly #open = new Map<string, OpenPrompt>();
  readonly #watchers = new Set<(prompts: readonly Prompt[]) => void>();

  constructor(private readonly options: PromptsOptions) {}

  /** All open questions, now and whenever they change. */
  watch(watcher: (prompts: readonly Prompt[]) => void): Disposable {
    this.#watchers.add(watcher);
    watcher(this.#prompts());
    return { dispose: () => void this.#watchers.delete(watcher) };
  }

  /** Asks and waits. Rejects with `operation.cancelled` on abort, with `auth.challenge-unanswered` where nobody can answer. */
  ask(question: Omit<Prompt, 'promptId'>, signal: AbortSignal): Promise<AnsweredQuestion> {
    if (signal.aborted) return Promise.reject(cancelled());
    if (!this.options.mayWait && this.#watchers.size === 0) return Promise.reject(unanswered(question.question));
    const prompt: Prompt = { ...question, promptId: randomText(this.options.random, 20) };
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#close(prompt.promptId);
        reject(cancelled());
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settle = (answer: AnsweredQuestion): void => {
        signal.removeEventListener('abort', onAbort);
        this.#close(prompt.promptId);
        resolve(answer);
      };
      this.#open.set(prompt.promptId, { prompt, settle });
      this.#tell();
    });
  }

  /** Rejects with `entity.not-found` when the question is gone, with `input.invalid` when the answer does not fit it. */
  async answer(promptId: string, answer: PromptAnswer): Promise<void> {
    const open = this.#open.get(promptId);
    if (open === undefined) throw new AppError('entity.not-found', 'no such question', { entityId: promptId });
    const { question } = open.prompt;
    if (answer.type !== 'secrets') {
      if (answer.type === 'trust' && question.type !== 'identity')
        throw misfit('type', 'trust answers identities only');
      open.settle({ reply: answer, refs: [] });
      return;
    }
    if (question.type === 'identity') throw misfit('type', 'an identity is trusted or refused');
    const wanted = question.type === 'keyboard-interactive' ? question.fields.length : 1;
    if (answer.refs.length !== wanted) throw misfit('refs', `${wanted} wanted, ${answer.refs.length} given`);
    const secrets = await Promise.all(answer.refs.map((ref) => this.#secret(ref)));
    const { tfaKind, remember } = answer;
    const reply: PromptReply = { type: 'secrets', secrets, remember, ...(tfaKind === undefined ? {} : { tfaKind }) };
    open.settle({ reply, refs: answer.refs });
  }

  async #secret(ref: CredentialRef): Promise<string> {
    const secret = await this.options.secretOf(ref);
    if (secret === undefined) throw misfit('refs', 'no such secret');
    return secret;
  }

  #close(promptId: string): void {
    if (this.#open.delete(promptId)) this.#tell();
  }

  #prompts(): readonly Prompt[] {
    return [...this.#open.values()].map((open) => open.prompt);
  }

  #tell(): void {
    const prompts = this.#prompts();
    for (const watcher of this.#watchers) watcher(prompts);
  }
}

/** What a connection shows while a question of this kind is open. */
export function unanswered(question: Prompt['question']): AppError {
  if (question.type === 'vault-passphrase') return new AppError('vault.locked', 'the vault is locked', {});
  if (question.type !== 'identity')
    return new AppError('auth.challenge-unanswered', `waiting for an answer: ${question.type}`, {
      kinds: question.type === 'tfa' ? question.kinds : [question.type],
    });
  const { endpoint, expected, presented } = question;
  return expected === ''
    ? new AppError('connection.identity-unknown', 'identity not trusted yet', { endpoint, presented })
    : new AppError('connection.identity-changed', 'identity changed', { endpoint, expected, presented });
}

function misfit(path: string, message: string): AppError {
  return new AppError('input.invalid', `the answer does not fit: ${path}`, { issues: [{ path, message }] });
}
