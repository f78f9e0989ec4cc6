import { debianSettingsSchema, type DebianSettings } from '../contract/connection-settings.ts';
import { AppError, isAnyAppError } from '../contract/errors.ts';
import type { RunOptions } from '../core/ports/host-link.ts';
import { silentLog } from '../core/ports/log.ts';
import type { Prompter } from '../core/ports/prompter.ts';
import { openSshLink, type OpenedSshLink } from '../transport/ssh/open-ssh-link.ts';
import type { AcceptedHostKey, RememberedSecret, SshOpenOptions } from '../transport/ssh/sign-in-help.ts';
import type { LoopbackSshd } from './loopback-sshd.ts';
import { realClock } from './real-clock.ts';

/** Never aborted. */
export const never = new AbortController().signal;
/** Generous limits for commands that are not about limits. */
export const limits: RunOptions = { timeoutMs: 10_000, maxBytes: 1_000_000 };

/** Answers no question: what a host without a window does. */
export const nobody: Prompter = {
  ask: async (question) => {
    throw new AppError('auth.challenge-unanswered', 'nobody is there', { kinds: [question.type] });
  },
};

/** What a promise was rejected with; undefined when it was not. */
export function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

type HopChange = Partial<DebianSettings['target']>;

/** Opens links to a loopback sshd and closes them after each test. */
export class SshClientHarness {
  readonly accepted: AcceptedHostKey[] = [];
  readonly remembered: RememberedSecret[] = [];
  readonly #opened: OpenedSshLink[] = [];
  readonly #sshd: () => LoopbackSshd;

  constructor(sshd: () => LoopbackSshd) {
    this.#sshd = sshd;
  }

  options(change: Partial<SshOpenOptions> = {}): SshOpenOptions {
    return {
      secrets: { get: async () => undefined },
      prompter: nobody,
      clock: realClock,
      log: silentLog,
      homeDirectory: this.#sshd().home,
      agentPath: '',
      onHostKeyAccepted: (key) => this.accepted.push(key),
      onSecretToRemember: (secret) => this.remembered.push(secret),
      ...change,
    };
  }

  /** The sshd's own key and account, changed as said. */
  settings(target: HopChange = {}, jumps: readonly HopChange[] = []): DebianSettings {
    const sshd = this.#sshd();
    const hop = (change: HopChange) => ({
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      auth: { method: 'key', path: sshd.keyPath },
      hostKeys: [sshd.pin],
      ...change,
    });
    return debianSettingsSchema.parse({ kind: 'debian', target: hop(target), jumps: jumps.map(hop) });
  }

  async open(from: DebianSettings, change: Partial<SshOpenOptions> = {}): Promise<OpenedSshLink> {
    const opened = await openSshLink(from, this.options(change), never);
    this.#opened.push(opened);
    return opened;
  }

  /** The AppError with which opening fails. */
  async failure(from: DebianSettings, change: Partial<SshOpenOptions> = {}): Promise<AppError> {
    const error = await failureOf(this.open(from, change));
    if (!isAnyAppError(error)) throw new Error(`expected an AppError, got ${String(error)}`);
    return error;
  }

  reset(): void {
    for (const opened of this.#opened.splice(0)) opened.link.close();
    this.accepted.length = 0;
    this.remembered.length = 0;
  }
}
