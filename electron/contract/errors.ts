import { z } from 'zod';

/**
 * Every way in which something can go wrong, with the data that its text needs.
 * User texts are looked up by code in the renderer and the CLI; `message` is for logs and support.
 * `text` fields hold the host's own words, secrets removed.
 */
export interface ErrorDataByCode {
  /** Nobody answers at the address: refused, no route, name unknown, time-out. `cause` is the system's code, e.g. ECONNREFUSED. */
  'connection.unreachable': { endpoint: string; cause: string };
  /** The host accepted the connection and then did not answer in time. */
  'connection.silent': { endpoint: string; afterMs: number };
  /** Nobody has said yet that this certificate or host key may be trusted. Written as pins are: `<algorithm> SHA256:<base64>` (SSH) or colon hex (TLS). */
  'connection.identity-unknown': { endpoint: string; presented: string; hop?: SshHopPlace };
  /** The certificate or host key differs from the pinned one. Never continued without the user. */
  'connection.identity-changed': { endpoint: string; expected: string; presented: string; hop?: SshHopPlace };
  /** The address answers, but with another protocol than expected. */
  'connection.wrong-protocol': { endpoint: string; expected: string; excerpt: string };
  /** The connection was closed while something was under way. */
  'connection.lost': { endpoint: string; cause: string };
  /** The connection is not open at present (offline, blocked, or being removed). */
  'connection.not-ready': { connectionId: string; state: string };
  'auth.rejected': {
    method: 'token' | 'password' | 'key' | 'agent' | 'keyboard-interactive' | 'tfa' | 'ticket';
    text: string;
  };
  /** A second factor or another answer is needed and nobody was there to give it. */
  'auth.challenge-unanswered': { kinds: readonly string[] };
  /** The account can only sign in in a way that this app does not offer. */
  'auth.method-unsupported': { method: 'webauthn' | 'u2f' | 'oidc'; realm: string };
  /** The private key cannot be read: wrong passphrase, or a format that the SSH library does not know. */
  'auth.key-unreadable': { path: string; cause: string };
  /** The account may not do it. `path` is PVE's ACL path where there is one. */
  'access.denied': { privilege: string; path: string; text: string };
  'entity.not-found': { entityId: string };
  'entity.wrong-state': { entityId: string; actual: string; needed: readonly string[] };
  /** The host holds a lock on the entity (backup, migration...). */
  'entity.locked': { entityId: string; lock: string };
  'capability.unavailable': { capability: string; reason: string; detail: string };
  'input.invalid': { issues: readonly { path: string; message: string }[] };
  /** A tool that the host needs is not installed there. `install` is the command line that installs it. */
  'host.tool-missing': { tool: string; install: string };
  /** The host did what was asked and refused it. `command` is the request or argument vector, secrets removed. */
  'remote.refused': { command: string; status: number | string; text: string };
  /** The cluster could not reach the node that should have answered (PVE 595, 596, 599) or has no quorum. */
  'remote.node-unreachable': { node: string; status: number; text: string };
  'remote.no-quorum': { command: string; text: string };
  /** The answer is not what this system is known to answer. */
  'remote.unintelligible': { command: string; excerpt: string };
  /** More output than the limit for this command. */
  'remote.too-much': { command: string; limitBytes: number };
  'operation.cancelled': Record<string, never>;
  'operation.timed-out': { operation: string; afterMs: number };
  /** The profile folder cannot be written: full, read-only, or gone. */
  'profile.not-writable': { path: string; cause: string };
  /** Another running window owns this profile. */
  'profile.in-use': { path: string; pid: number };
  /** A file of the profile was unreadable; it was kept aside under `keptAs`. */
  'profile.corrupt': { path: string; keptAs: string };
  'vault.locked': Record<string, never>;
  'vault.wrong-passphrase': Record<string, never>;
  'vault.unavailable': { cause: string };
  'rpc.version-mismatch': { ours: number; theirs: number };
  'rpc.unknown-method': { method: string };
  /** The window's token is not the one of this start: the page was opened by an earlier start, or from elsewhere. */
  'rpc.token-refused': Record<string, never>;
  /** The other side of the link sent something that is not in the protocol. `detail` names the frame, never its content. */
  'rpc.protocol-violated': { detail: string };
  /** The link between window and core closed before the answer came. */
  'rpc.disconnected': Record<string, never>;
  'internal.bug': { where: string };
}

export type ErrorCode = keyof ErrorDataByCode;

/** Which machine on the way to an SSH host is meant: an index into the jumps, or the host itself. An address alone does not tell, `~/.ssh/config` may have changed it. */
export type SshHopPlace = number | 'target';

/** How an error travels and is stored. */
export interface ErrorShape<Code extends ErrorCode = ErrorCode> {
  readonly code: Code;
  readonly message: string;
  readonly data: ErrorDataByCode[Code];
}

/** The one error class. Thrown inside, carried as {@link ErrorShape}, rebuilt on arrival. */
export class AppError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: Code,
    message: string,
    readonly data: ErrorDataByCode[Code],
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  toShape(): ErrorShape<Code> {
    return { code: this.code, message: this.message, data: this.data };
  }

  static fromShape(shape: ErrorShape): AppError {
    return new AppError(shape.code, shape.message, shape.data);
  }
}

/** Narrows a caught value to an AppError of any code. */
export function isAnyAppError(value: unknown): value is AppError {
  return value instanceof AppError;
}

/** Narrows a caught value to an AppError of one code. */
export function isAppError<Code extends ErrorCode>(value: unknown, code: Code): value is AppError<Code> {
  return value instanceof AppError && value.code === code;
}

/** Makes any thrown value an AppError. What is not one already is a bug of ours, named by the place that caught it. */
export function toAppError(value: unknown, where: string): AppError {
  if (isAnyAppError(value)) return value;
  if (value instanceof Error && value.name === 'AbortError') return cancelled();
  const message = value instanceof Error ? `${value.name}: ${value.message}` : String(value);
  return new AppError('internal.bug', message, { where }, { cause: value });
}

/** The error of something that was called off. Not a failure, and not logged as one. */
export function cancelled(): AppError<'operation.cancelled'> {
  return new AppError('operation.cancelled', 'cancelled', {});
}

/**
 * What may be tried again without asking the user.
 * - `back-off`: the reason may pass by itself.
 * - `user`: only after the user has changed or confirmed something; a retry could lock an account out.
 * - `never`: asking again gives the same answer.
 */
export type RetryRule = 'back-off' | 'user' | 'never';

const retryRules: { readonly [Code in ErrorCode]: RetryRule } = {
  'connection.unreachable': 'back-off',
  'connection.silent': 'back-off',
  'connection.identity-unknown': 'user',
  'connection.identity-changed': 'user',
  'connection.wrong-protocol': 'back-off',
  'connection.lost': 'back-off',
  'connection.not-ready': 'back-off',
  'auth.rejected': 'user',
  'auth.challenge-unanswered': 'user',
  'auth.method-unsupported': 'user',
  'auth.key-unreadable': 'user',
  'access.denied': 'never',
  'entity.not-found': 'never',
  'entity.wrong-state': 'never',
  'entity.locked': 'never',
  'capability.unavailable': 'never',
  'input.invalid': 'never',
  'host.tool-missing': 'user',
  'remote.refused': 'back-off',
  'remote.node-unreachable': 'back-off',
  'remote.no-quorum': 'back-off',
  'remote.unintelligible': 'back-off',
  'remote.too-much': 'never',
  'operation.cancelled': 'never',
  'operation.timed-out': 'back-off',
  'profile.not-writable': 'user',
  'profile.in-use': 'user',
  'profile.corrupt': 'never',
  'vault.locked': 'user',
  'vault.wrong-passphrase': 'user',
  'vault.unavailable': 'user',
  'rpc.version-mismatch': 'never',
  'rpc.unknown-method': 'never',
  'rpc.token-refused': 'user',
  'rpc.protocol-violated': 'back-off',
  'rpc.disconnected': 'back-off',
  'internal.bug': 'back-off',
};

/** Decides by code, in one table, whether a failed connection or poll is tried again by itself. */
export function retryRuleOf(code: ErrorCode): RetryRule {
  return retryRules[code];
}

/** All codes, for tests and message catalogues that must be complete. */
export const errorCodes = Object.keys(retryRules) as readonly ErrorCode[];

/** Checks an error that came over a wire. Its data is checked by shape only: an object. */
export const errorShapeSchema: z.ZodType<ErrorShape> = z
  .object({
    code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .transform((shape) => shape as unknown as ErrorShape);
