import type { CredentialRef, SshHop } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Prompter } from '../../core/ports/prompter.ts';

/** A secret that the user typed and wants kept. Told only after the sign-in that used it has succeeded. */
export interface RememberedSecret {
  /** Index into `jumps`, or the word `target`. */
  readonly hop: number | 'target';
  readonly what: 'password' | 'passphrase';
  readonly secret: string;
}

/** A host key that was accepted because the user's known_hosts vouches for it; worth keeping as a pin. */
export interface AcceptedHostKey {
  readonly hop: number | 'target';
  readonly endpoint: string;
  /** `<algorithm> SHA256:<base64>`. */
  readonly pin: string;
}

/** What opening an SSH connection needs from outside. */
export interface SshOpenOptions {
  /** Kept secrets; a `SecretVault` will do. */
  readonly secrets: { get(ref: CredentialRef): Promise<string | undefined> };
  readonly prompter: Prompter;
  readonly clock: Clock;
  readonly log: Log;
  /** Where `.ssh` is: config, known_hosts and default keys are read there. */
  readonly homeDirectory: string;
  /** The agent's socket or pipe. Default: $SSH_AUTH_SOCK; on Windows OpenSSH's pipe. An empty text means no agent. */
  readonly agentPath?: string;
  /** The name for `~/.ssh/config` hops without one. Default: the account that runs the app. */
  readonly localUser?: string;
  onHostKeyAccepted?(accepted: AcceptedHostKey): void;
  /** The jumps that `~/.ssh/config` names, told when the identity of one is not trusted: a pin needs a place in the settings. */
  onJumpsFromConfig?(jumps: readonly SshHop[]): void;
  onSecretToRemember?(remembered: RememberedSecret): void;
}

/** No answer was given to a question that had to be answered. */
export function unanswered(kind: string): AppError<'auth.challenge-unanswered'> {
  return new AppError('auth.challenge-unanswered', `nobody answered: ${kind}`, { kinds: [kind] });
}

/** The key file is of no use. `cause` may hold a remedy; it never holds the key. */
export function keyUnreadable(path: string, cause: string): AppError<'auth.key-unreadable'> {
  return new AppError('auth.key-unreadable', `${path}: ${cause}`, { path, cause });
}
