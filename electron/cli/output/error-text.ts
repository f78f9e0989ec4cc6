import type { AppError, ErrorCode, ErrorDataByCode, ErrorShape } from '../../contract/errors.ts';
import { displayText } from './display-text.ts';

type Texts = { readonly [Code in ErrorCode]: (data: ErrorDataByCode[Code]) => string };

const said = (text: string): string => (text === '' ? '' : `: ${text}`);

/** One sentence for each way in which something can go wrong; the host's own words at its end. */
const texts: Texts = {
  'connection.unreachable': ({ endpoint, cause }) => `nobody answers at ${endpoint} (${cause})`,
  'connection.silent': ({ endpoint, afterMs }) =>
    `${endpoint} accepted the connection and did not answer within ${Math.round(afterMs / 1000)} s`,
  'connection.identity-unknown': ({ endpoint, presented }) =>
    `the identity of ${endpoint} has not been trusted yet; it presents ${presented}`,
  'connection.identity-changed': ({ endpoint, expected, presented }) =>
    `the identity of ${endpoint} has changed: ${expected} was trusted, it now presents ${presented}`,
  'connection.wrong-protocol': ({ endpoint, expected }) => `${endpoint} answers, but does not speak ${expected}`,
  'connection.lost': ({ endpoint, cause }) => `the connection to ${endpoint} was lost (${cause})`,
  'connection.not-ready': ({ connectionId, state }) => `connection ${connectionId} is not open (${state})`,
  'auth.rejected': ({ method, text }) => `sign-in refused (${method})${said(text)}`,
  'auth.challenge-unanswered': ({ kinds }) =>
    `sign-in needs an answer that was not given (${kinds.join(', ')}); on a terminal it is asked for`,
  'auth.method-unsupported': ({ method, realm }) =>
    `realm ${realm} asks for ${method}, which is not offered here; use an API token`,
  'auth.key-unreadable': ({ path, cause }) => `the private key ${path} cannot be read (${cause})`,
  'access.denied': ({ privilege, path, text }) =>
    privilege === ''
      ? `permission denied${said(text)}`
      : `the account lacks ${privilege}${path === '' ? '' : ` on ${path}`}${said(text)}`,
  'entity.not-found': ({ entityId }) => `there is no ${entityId}`,
  'entity.wrong-state': ({ actual, needed }) =>
    `it is ${actual}${needed.length > 0 ? `, not ${needed.join(' or ')}` : ''}`,
  'entity.locked': ({ lock }) => `it is locked by its host (${lock})`,
  'capability.unavailable': ({ reason, detail }) => unavailableText(reason, detail),
  'input.invalid': ({ issues }) =>
    issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
  'host.tool-missing': ({ tool, install }) => `${tool} is missing on the host; install it with: ${install}`,
  'remote.refused': ({ status, text }) => `the host refused (${status})${said(text)}`,
  'remote.node-unreachable': ({ node, text }) => `the cluster cannot reach node ${node}${said(text)}`,
  'remote.no-quorum': ({ text }) => `the cluster has no quorum${said(text)}`,
  'remote.unintelligible': ({ command, excerpt }) => `the answer to ${command} was not understood: ${excerpt}`,
  'remote.too-much': ({ command, limitBytes }) => `${command} gave more than ${limitBytes} bytes`,
  'operation.cancelled': () => 'cancelled',
  'operation.timed-out': ({ operation, afterMs }) => `${operation} took longer than ${Math.round(afterMs / 1000)} s`,
  'profile.not-writable': ({ path, cause }) => `${path} cannot be written (${cause})`,
  'profile.in-use': ({ path, pid }) => `the profile ${path} is in use by process ${pid}`,
  'profile.corrupt': ({ path, keptAs }) =>
    `${path} was unreadable${keptAs === path ? ' in part' : `; kept as ${keptAs}`}`,
  'vault.locked': () => 'the secrets are locked; their passphrase is needed (see --passphrase-file)',
  'vault.wrong-passphrase': () => 'wrong passphrase',
  'vault.unavailable': ({ cause }) => `the keyring is not available (${cause})`,
  'rpc.version-mismatch': ({ ours, theirs }) => `contract versions ${ours} and ${theirs} do not fit`,
  'rpc.unknown-method': ({ method }) => `unknown method ${method}`,
  'rpc.disconnected': () => 'the connection to the app was lost',
  'rpc.protocol-violated': () => 'the app was sent something it does not understand',
  'rpc.token-refused': () => 'the token was refused',
  'internal.bug': ({ where }) => `an error in Wheelhouse itself (${where})`,
};

function unavailableText(reason: string, detail: string): string {
  const because: Readonly<Record<string, string>> = {
    'driver-lacks-it': 'not possible with this kind of host',
    'host-lacks-it': 'the host cannot do it',
    'permission-missing': 'the account may not',
    'state-forbids-it': 'not possible in its present state',
    locked: 'the host holds a lock',
    'connection-not-ready': 'its connection is not open',
  };
  return `${because[reason] ?? reason}${detail === '' ? '' : ` (${detail})`}`;
}

/** What went wrong, in words, without a full stop. Safe for a terminal. */
export function errorText(error: AppError | ErrorShape): string {
  const textOf = texts[error.code] as (data: unknown) => string;
  const text = displayText(textOf(error.data));
  return error.code === 'internal.bug' ? `${text}: ${displayText(error.message)}` : text;
}
