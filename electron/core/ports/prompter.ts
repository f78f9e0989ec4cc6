import type { Prompt } from '../../contract/connection-settings.ts';

/** The user's answer, secrets resolved. Undefined answers reject with `auth.challenge-unanswered`. */
export type PromptReply =
  | {
      readonly type: 'secrets';
      readonly secrets: readonly string[];
      readonly tfaKind?: 'totp' | 'recovery' | 'yubico';
      readonly remember: boolean;
    }
  | { readonly type: 'trust' }
  | { readonly type: 'refuse' };

/**
 * Asks whoever sits in front of the app. Used by drivers and transports while a connection opens.
 * `refuse` is an answer; no answer at all (no window, CLI without a terminal, signal aborted) rejects.
 */
export interface Prompter {
  ask(question: Prompt['question'], signal: AbortSignal): Promise<PromptReply>;
}
