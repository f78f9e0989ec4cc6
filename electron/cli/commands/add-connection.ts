import { text as readStream } from 'node:stream/consumers';
import {
  connectionSettingsSchema,
  type ConnectionSettings,
  type ConnectionSettingsInput,
  type CredentialRef,
} from '../../contract/connection-settings.ts';
import { isReached, troubleText } from '../connection-state-text.ts';
import type { Estate } from '../estate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { displayText } from '../output/display-text.ts';
import { UsageError } from '../usage-error.ts';
import type { Command, CommandContext } from './command.ts';
import { timeoutMsOf } from './timeout.ts';

type Access = ConnectionSettingsInput['access'];

async function add(context: CommandContext): Promise<ExitCode> {
  const { terminal, positionals } = context;
  const timeoutMs = timeoutMsOf(context);
  const [kind = '', address = ''] = positionals;
  // Checked with a stand-in for the secret, so that nothing is asked for a line that is wrong.
  checked(context, address, accessOf(kind, address, context, 'cred_aaaaaaaaaaaaaaaa' as CredentialRef));
  const secret = await secretFor(kind, context);
  const estate = await context.estate();
  const settings = checked(context, address, accessOf(kind, address, context, await kept(secret, estate)));
  const { id } = await estate.handlers['connection.save']({ settings }, estate.context);
  terminal.out(`${id}\n`);
  await estate.settle([id], timeoutMs);
  const record = estate.connections().find(({ connectionId }) => connectionId === id);
  if (record !== undefined && isReached(record)) {
    terminal.err(`${displayText(`${record.name}: ${record.systemVersion}, as ${record.account}`)}\n`);
    return exitCodes.ok;
  }
  if (record !== undefined) terminal.err(`${displayText(troubleText(record, Date.now()))}\n`);
  terminal.err('It has been added all the same; "connections remove" forgets it.\n');
  return exitCodes.unreachable;
}

function accessOf(kind: string, address: string, context: CommandContext, ref: CredentialRef | undefined): Access {
  if (kind !== 'local' && address === '') throw new UsageError(`connections add ${kind} needs a host.`);
  switch (kind) {
    case 'pve':
      return pveAccess(address, context, ref);
    case 'ssh':
      return sshAccess(address, context, ref);
    case 'local':
      return { kind: 'local' };
    default:
      throw new UsageError(`connections add takes pve, ssh or local, not "${kind}".`);
  }
}

function pveAccess(address: string, { text }: CommandContext, ref: CredentialRef | undefined): Access {
  const { host, port } = hostAndPort(address);
  const token = text('token');
  const fingerprint = text('fingerprint')?.toUpperCase();
  const endpoint = {
    host,
    ...(port === undefined ? {} : { port }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
  };
  if (token !== undefined) {
    if (ref === undefined) throw new UsageError('A token needs its secret.');
    return { kind: 'pve', endpoints: [endpoint], auth: { method: 'token', tokenId: token, secret: ref } };
  }
  const account = text('user') ?? 'root@pam';
  // Realms have no @, user names may.
  const at = account.lastIndexOf('@');
  if (at < 1 || at === account.length - 1) throw new UsageError(`--user takes user@realm, not "${account}".`);
  const auth = {
    method: 'password',
    user: account.slice(0, at),
    realm: account.slice(at + 1),
    ...(ref === undefined ? {} : { password: ref }),
  } as const;
  return { kind: 'pve', endpoints: [endpoint], auth };
}

function sshAccess(address: string, { text, has }: CommandContext, ref: CredentialRef | undefined): Access {
  const key = text('key');
  const fingerprint = text('fingerprint');
  const auth = has('save-password')
    ? ({ method: 'password', ...(ref === undefined ? {} : { password: ref }) } as const)
    : key === undefined
      ? ({ method: 'automatic' } as const)
      : ({ method: 'key', path: key } as const);
  const jumps = (text('jump') ?? '').split(',').filter((jump) => jump !== '');
  return {
    kind: 'debian',
    target: { ...hop(address), auth, hostKeys: fingerprint === undefined ? [] : [fingerprint] },
    jumps: jumps.map((jump) => ({ ...hop(jump), auth: { method: 'automatic' } })),
  };
}

function hop(address: string): { readonly host: string; readonly port?: number; readonly user: string } {
  const at = address.lastIndexOf('@');
  const { host, port } = hostAndPort(address.slice(at + 1));
  return { host, user: at < 1 ? 'root' : address.slice(0, at), ...(port === undefined ? {} : { port }) };
}

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
function hostAndPort(address: string): { readonly host: string; readonly port?: number } {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(address);
  const plain = /^([^:]+):(\d+)$/.exec(address);
  const host = bracketed?.[1] ?? plain?.[1] ?? address;
  const port = bracketed?.[2] ?? plain?.[2];
  return port === undefined ? { host } : { host, port: Number(port) };
}

function checked({ text }: CommandContext, address: string, access: Access): ConnectionSettings {
  const name = text('name') ?? (access.kind === 'local' ? 'This machine' : address.slice(address.lastIndexOf('@') + 1));
  const parsed = connectionSettingsSchema.safeParse({ name, group: text('group') ?? '', access });
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map(({ path, message }) => `${path.slice(1).join('.')}: ${message}.`).join('\n'),
  );
}

/** The secret that is to be kept: a token's, or a password where that was asked for. */
async function secretFor(kind: string, { text, has, terminal, signal }: CommandContext): Promise<string | undefined> {
  const isToken = kind === 'pve' && text('token') !== undefined;
  if (!isToken && !has('save-password')) return undefined;
  const question = isToken ? `Secret of ${displayText(text('token') ?? '')}: ` : 'Password to keep: ';
  const secret = terminal.canAsk
    ? await terminal.ask(question, { isHidden: true, signal })
    : ((await readStream(process.stdin)).split(/\r?\n/)[0] ?? '');
  if (secret === '') throw new UsageError('The secret is empty.');
  return secret;
}

async function kept(secret: string | undefined, estate: Estate): Promise<CredentialRef | undefined> {
  if (secret === undefined) return undefined;
  return (await estate.handlers['credentials.store']({ secret, keep: 'keep' }, estate.context)).ref;
}

/** A connection made on the command line. */
export const addConnectionCommand: Command = {
  name: 'connections add',
  summary: 'Add a connection and open it; prints its id.',
  usage: 'pve|ssh|local [HOST]',
  arity: { min: 1, max: 2 },
  options: {
    name: { type: 'string', value: 'NAME', help: 'what it is called (default: its host)' },
    group: { type: 'string', value: 'GROUP', help: 'your own grouping, nested with /' },
    user: { type: 'string', value: 'USER@REALM', help: 'pve: the account (default root@pam)' },
    token: { type: 'string', value: 'USER@REALM!NAME', help: 'pve: an API token instead; its secret is asked for' },
    key: { type: 'string', value: 'FILE', help: 'ssh: this private key (default: ~/.ssh/config, keys and agent)' },
    jump: { type: 'string', value: '[USER@]HOST,...', help: 'ssh: through these hosts' },
    'save-password': { type: 'boolean', help: 'ask for the password and keep it with the secrets' },
    fingerprint: { type: 'string', value: 'TEXT', help: 'the identity to be trusted, instead of being asked' },
  },
  notes: [
    'HOST is a name or an address, with :PORT if it is an unusual one; for ssh with USER@ before it (default root).',
    'The certificate or host key is shown and has to be trusted before anything secret is sent. A fingerprint is written as',
    'SHA-256 in hex with colons (pve) or as "ssh-ed25519 SHA256:..." (ssh). Without a terminal a secret that is to be kept is',
    'read from standard input.',
  ],
  run: add,
};
