import type { ErrorCode } from '../contract/errors.ts';

/** What the process ends with; documented in docs/cli.md and promised to scripts. */
export const exitCodes = {
  ok: 0,
  /** Something was tried and did not succeed. */
  failed: 1,
  /** The command line itself is wrong; nothing was tried. */
  usage: 2,
  /** No guest, connection... of that name, or more than one. Nothing was tried. */
  notFound: 3,
  /** A connection that was needed could not be opened. */
  unreachable: 4,
  /** The host or the account's rights refused: wrong state, locked, permission, not possible there. */
  refused: 5,
  /** Ctrl+C. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const codes: { readonly [Code in ErrorCode]: ExitCode } = {
  'input.invalid': exitCodes.usage,
  'entity.not-found': exitCodes.notFound,
  'entity.wrong-state': exitCodes.refused,
  'entity.locked': exitCodes.refused,
  'capability.unavailable': exitCodes.refused,
  'access.denied': exitCodes.refused,
  'remote.refused': exitCodes.refused,
  'operation.cancelled': exitCodes.interrupted,
  'connection.unreachable': exitCodes.unreachable,
  'connection.silent': exitCodes.unreachable,
  'connection.identity-unknown': exitCodes.unreachable,
  'connection.identity-changed': exitCodes.unreachable,
  'connection.wrong-protocol': exitCodes.unreachable,
  'connection.lost': exitCodes.unreachable,
  'connection.not-ready': exitCodes.unreachable,
  'auth.rejected': exitCodes.unreachable,
  'auth.challenge-unanswered': exitCodes.unreachable,
  'auth.method-unsupported': exitCodes.unreachable,
  'auth.key-unreadable': exitCodes.unreachable,
  'vault.locked': exitCodes.unreachable,
  'vault.wrong-passphrase': exitCodes.unreachable,
  'vault.unavailable': exitCodes.unreachable,
  'host.tool-missing': exitCodes.failed,
  'remote.node-unreachable': exitCodes.failed,
  'remote.no-quorum': exitCodes.failed,
  'remote.unintelligible': exitCodes.failed,
  'remote.too-much': exitCodes.failed,
  'operation.timed-out': exitCodes.failed,
  'profile.not-writable': exitCodes.failed,
  'profile.in-use': exitCodes.failed,
  'profile.corrupt': exitCodes.failed,
  'rpc.version-mismatch': exitCodes.failed,
  'rpc.unknown-method': exitCodes.failed,
  'rpc.disconnected': exitCodes.failed,
  'rpc.protocol-violated': exitCodes.failed,
  'rpc.token-refused': exitCodes.failed,
  'internal.bug': exitCodes.failed,
};

/** The exit code that a failure of this kind ends with. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return codes[code];
}
