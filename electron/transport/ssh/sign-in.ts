import type { AnyAuthMethod, AuthenticationType, ParsedKey, Prompt } from 'ssh2';
import type { Prompt as UserPrompt, SshHop } from '../../contract/connection-settings.ts';
import { AppError, isAppError, toAppError } from '../../contract/errors.ts';
import type { PromptReply } from '../../core/ports/prompter.ts';
import { keyUnreadable, unanswered, type RememberedSecret, type SshOpenOptions } from './sign-in-help.ts';
import type { KeyFile } from './key-file.ts';
import { KeyRing } from './key-ring.ts';

/** As often as sshd itself allows by default before it hangs up (MaxAuthTries 6, half of it for keys). */
const maxAttempts = 3;
/** More questions at once than any PAM module asks. */
const maxFields = 16;
/** Longer is no question but a flood. */
const maxTextLength = 1_000;

interface SignInParts {
  readonly hop: Pick<SshHop, 'user' | 'auth'>;
  /** `user@host`, for questions. */
  readonly account: string;
  /** Named in questions, so that an answer is kept for the host that asked. */
  readonly position: number | 'target';
  readonly keyFiles: readonly KeyFile[];
  readonly agentPath: string | undefined;
  readonly help: Pick<SshOpenOptions, 'secrets' | 'prompter'>;
  readonly signal: AbortSignal;
  /** Told before and after a question, because a user may take any time. */
  readonly onWaitingForUser: (isWaiting: boolean) => void;
}

/**
 * One account's way through the authentication of one SSH server. The library asks {@link next} for one method after the
 * other. Keys go first, then what the user has to type; a second factor after a key is asked for as well.
 */
export class SignIn {
  readonly #parts: SignInParts;
  readonly #ring: KeyRing;
  #step: 'start' | 'offered' | 'keys-tried' | 'typing' = 'start';
  #attempts = 0;
  /** What the server accepted when it was last asked. */
  #offered: readonly string[] = [];
  #lastMethod: 'password' | 'key' | 'agent' | 'keyboard-interactive';
  /** The user is not there, or does not want to: no further question. */
  #isOver = false;
  #isKeptPasswordTried = false;
  #remember: Omit<RememberedSecret, 'hop'>[] = [];
  #failure: AppError | undefined;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    const { method } = parts.hop.auth;
    this.#lastMethod = method === 'automatic' ? 'key' : method;
    this.#ring = new KeyRing(parts.keyFiles, parts.agentPath, (file) => this.#unlock(file));
  }

  /** Secrets to keep, to be read after success. */
  get toRemember(): readonly Omit<RememberedSecret, 'hop'>[] {
    return this.#remember;
  }

  /** Why the sign-in failed, in the most telling words known. */
  failure(serverText: string): AppError {
    const told = this.#failure ?? this.#ring.failure;
    if (told !== undefined) return told;
    const { method } = this.#parts.hop.auth;
    const hint = method === 'agent' && this.#ring.agentProblem !== undefined ? `; ${this.#ring.agentProblem}` : '';
    const accepted = this.#offered.length === 0 ? '' : `; the server accepts: ${this.#offered.join(', ')}`;
    const text = `${serverText}${hint}${accepted}`;
    return new AppError('auth.rejected', `${this.#parts.account}: ${text}`, { method: this.#lastMethod, text });
  }

  /** The next method to try, given those that the server still accepts; false when there is none. */
  async next(left: readonly AuthenticationType[]): Promise<AnyAuthMethod | false> {
    const username = this.#parts.hop.user;
    const { method } = this.#parts.hop.auth;
    if (this.#isOver || this.#failure !== undefined || this.#ring.failure !== undefined) return false;
    if (left.length > 0) this.#offered = left;
    if (this.#step === 'start') {
      // The answer to `none` lists what the server accepts.
      this.#step = 'offered';
      return { type: 'none', username };
    }
    if (this.#step === 'offered') {
      if (method !== 'password' && left.includes('publickey')) {
        this.#step = 'keys-tried';
        return { type: 'agent', username, agent: this.#ring };
      }
      this.#step = 'typing';
    }
    if (this.#step === 'keys-tried') {
      // The library does not tell a partial success of a key. Asked again, the server no longer lists keys after one.
      this.#step = 'typing';
      return { type: 'none', username };
    }
    if ((method === 'key' || method === 'agent') && left.includes('publickey')) return false;
    return this.#nextTyped(left);
  }

  async #nextTyped(left: readonly AuthenticationType[]): Promise<AnyAuthMethod | false> {
    const username = this.#parts.hop.user;
    if (this.#attempts >= maxAttempts) return false;
    const isAgain = this.#attempts > 0;
    this.#attempts += 1;
    if (left.includes('password')) {
      this.#lastMethod = 'password';
      const password = await this.#askPassword(isAgain);
      return password === undefined ? false : { type: 'password', username, password };
    }
    if (left.includes('keyboard-interactive')) {
      this.#lastMethod = 'keyboard-interactive';
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (title, instructions, _language, prompts, finish) =>
          void this.#answer({ title, instructions, prompts }, finish),
      };
    }
    return false;
  }

  /** The kept password once, then the user. A wrong kept one and nobody there to type another: the first is the reason. */
  async #askPassword(isAgain: boolean): Promise<string | undefined> {
    const { auth } = this.#parts.hop;
    if (!this.#isKeptPasswordTried) {
      this.#isKeptPasswordTried = true;
      const hasPlace = auth.method === 'password' || auth.method === 'automatic';
      const kept = hasPlace && auth.password !== undefined ? await this.#kept(auth.password) : undefined;
      if (kept !== undefined) return kept;
    }
    try {
      const reply = await this.#ask({
        type: 'password',
        account: this.#parts.account,
        again: isAgain,
        hop: this.#parts.position,
      });
      const text = reply.secrets[0] ?? '';
      this.#remember = reply.remember ? [{ what: 'password', secret: text }] : [];
      return text;
    } catch (error) {
      if (!isAgain || !isAppError(error, 'auth.challenge-unanswered')) this.#failure = toAppError(error, 'sign-in');
      this.#isOver = true;
      return undefined;
    }
  }

  /** The server's own questions. A lone hidden "Password:" is PAM's, and is answered with the password if there is one. */
  async #answer(
    asked: { readonly title: string; readonly instructions: string; readonly prompts: readonly Prompt[] },
    finish: (answers: string[]) => void,
  ): Promise<void> {
    const { auth } = this.#parts.hop;
    const [first] = asked.prompts;
    const isPasswordOnly =
      asked.prompts.length === 1 && first?.echo !== true && /passwor[dt]/i.test(first?.prompt ?? '');
    try {
      if (asked.prompts.length > maxFields) throw tooManyFields(this.#parts.account, asked.prompts.length);
      // After a key it is a second factor, which the server's own words explain better.
      if (isPasswordOnly && (auth.method === 'password' || auth.method === 'automatic')) {
        const password = await this.#askPassword(this.#attempts > 1);
        finish(password === undefined ? [] : [password]);
        return;
      }
      const reply = await this.#ask({
        type: 'keyboard-interactive',
        title: plainText(asked.title),
        instructions: plainText(asked.instructions),
        fields: asked.prompts.map(({ prompt, echo }) => ({ label: plainText(prompt), isSecret: echo !== true })),
      });
      finish([...reply.secrets]);
    } catch (error) {
      this.#failure = toAppError(error, 'sign-in');
      finish([]);
    }
  }

  async #unlock(file: KeyFile): Promise<ParsedKey> {
    if (!file.isEncrypted) return requireKey(file, file.unlock(undefined));
    const { auth } = this.#parts.hop;
    const hasPlace = auth.method === 'key' || auth.method === 'automatic';
    const kept = hasPlace && auth.passphrase !== undefined ? await this.#kept(auth.passphrase) : undefined;
    const opened = kept === undefined ? undefined : file.unlock(kept);
    if (opened !== undefined) return opened;
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      let reply: Extract<PromptReply, { type: 'secrets' }>;
      try {
        const again = kept !== undefined || attempt > 0;
        reply = await this.#ask({ type: 'key-passphrase', path: file.path, again, hop: this.#parts.position });
      } catch (error) {
        if (kept !== undefined && isAppError(error, 'auth.challenge-unanswered')) break;
        throw error;
      }
      const passphrase = reply.secrets[0] ?? '';
      const key = file.unlock(passphrase);
      if (key !== undefined) {
        if (reply.remember) this.#remember = [{ what: 'passphrase', secret: passphrase }];
        return key;
      }
    }
    throw keyUnreadable(file.path, 'the passphrase is wrong');
  }

  async #kept(ref: Parameters<SshOpenOptions['secrets']['get']>[0]): Promise<string | undefined> {
    this.#parts.onWaitingForUser(true);
    try {
      return await this.#parts.help.secrets.get(ref);
    } finally {
      this.#parts.onWaitingForUser(false);
    }
  }

  async #ask(question: UserPrompt['question']): Promise<Extract<PromptReply, { type: 'secrets' }>> {
    this.#parts.onWaitingForUser(true);
    try {
      const reply = await this.#parts.help.prompter.ask(question, this.#parts.signal);
      if (reply.type !== 'secrets') throw unanswered(question.type);
      return reply;
    } finally {
      this.#parts.onWaitingForUser(false);
    }
  }
}

function requireKey(file: KeyFile, key: ParsedKey | undefined): ParsedKey {
  if (key === undefined) throw keyUnreadable(file.path, 'it cannot be opened');
  return key;
}

/** What a server wrote, without controls and turns of the writing direction: it must not draw on the window that asks. */
function plainText(text: string): string {
  return text.slice(0, maxTextLength).replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, '');
}

function tooManyFields(account: string, count: number): AppError {
  const text = `${count} questions at once`;
  return new AppError('auth.rejected', `${account}: ${text}`, { method: 'keyboard-interactive', text });
}
