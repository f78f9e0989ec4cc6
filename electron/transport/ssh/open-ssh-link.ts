import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client } from 'ssh2';
import type { DebianSettings, SshHop } from '../../contract/connection-settings.ts';
import { isAnyAppError, type AppError } from '../../contract/errors.ts';
import { connectHop, type ConnectedHop } from './connect-hop.ts';
import { toPin } from './host-key.ts';
import { defaultKeyNames, openKeyFile, type KeyFile } from './key-file.ts';
import { findKnownHosts, type KnownHostEntry } from './known-hosts.ts';
import { SignIn } from './sign-in.ts';
import { keyUnreadable, type SshOpenOptions } from './sign-in-help.ts';
import { findSshConfigEntry, resolveHomePath, type SshConfigEntry } from './ssh-config-file.ts';
import { endpointText } from './ssh-failures.ts';
import { SshLink } from './ssh-link.ts';

/** What is known about the far side once the link is open. */
export interface OpenedSshLink {
  readonly link: SshLink;
  /** `host:port` of the target, after `~/.ssh/config`. */
  readonly endpoint: string;
  readonly user: string;
  /** The target's greeting, e.g. `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3`. */
  readonly serverVersion: string;
  /** Host key in use on the target, `<algorithm> SHA256:<base64>`. */
  readonly pin: string;
}

interface PlannedHop {
  readonly position: number | 'target';
  readonly hop: SshHop;
  /** The name by which the settings or ProxyJump call it. */
  readonly written: Pick<SshHop, 'host' | 'port'>;
  readonly entry: SshConfigEntry | undefined;
}

/**
 * Opens the SSH connection of a Debian host: each jump host in turn, each with its own host key and sign-in, then the
 * target. Rejects with any `connection.*` or `auth.*` error, naming the hop that failed; nothing stays open then.
 */
export async function openSshLink(
  settings: DebianSettings,
  options: SshOpenOptions,
  signal: AbortSignal,
): Promise<OpenedSshLink> {
  const hops = await planHops(settings, options);
  const clients: Client[] = [];
  let last: { readonly hop: PlannedHop; readonly connected: ConnectedHop } | undefined;
  try {
    for (const hop of hops) {
      const connected = await signInTo(hop, clients.at(-1), options, signal);
      clients.push(connected.client);
      last = { hop, connected };
    }
    if (last === undefined) throw new RangeError('no hop');
  } catch (error) {
    for (const client of clients.toReversed()) client.destroy();
    // A key can only be trusted for a hop that the settings name.
    const isOfJump = isAnyAppError(error) && 'hop' in error.data && typeof error.data.hop === 'number';
    if (isOfJump && settings.jumps.length === 0) options.onJumpsFromConfig?.(hops.slice(0, -1).map(asWritten));
    throw error;
  }
  const endpoint = endpointText(last.hop.hop.host, last.hop.hop.port);
  return {
    link: new SshLink({ clients, endpoint, clock: options.clock, log: options.log }),
    endpoint,
    user: last.hop.hop.user,
    serverVersion: last.connected.serverVersion,
    pin: toPin(last.connected.hostKey),
  };
}

/** The hops with `~/.ssh/config` applied where the settings leave it to that file (`automatic`). */
async function planHops(settings: DebianSettings, options: SshOpenOptions): Promise<readonly PlannedHop[]> {
  const target = await applyConfig(settings.target, 'target', options);
  const given = settings.jumps.length > 0;
  const jumps = given ? settings.jumps : (target.entry?.proxyJump ?? []).map((text) => jumpFrom(text));
  const planned = await Promise.all(jumps.map((hop, index) => applyConfig(hop, index, options)));
  if (target.entry?.hasProxyCommand === true && jumps.length === 0) {
    options.log('warning', 'ssh-proxy-command-ignored', { host: settings.target.host });
  }
  return [...planned, target];
}

async function applyConfig(hop: SshHop, position: number | 'target', options: SshOpenOptions): Promise<PlannedHop> {
  const written = { host: hop.host, port: hop.port };
  if (hop.auth.method !== 'automatic') return { position, hop, written, entry: undefined };
  const entry = await findSshConfigEntry(options.homeDirectory, hop.host);
  if (entry === undefined) return { position, hop: withUser(hop, undefined, options), written, entry };
  // A port other than the default one was typed on purpose and wins.
  const port = hop.port === 22 ? entry.port : hop.port;
  return { position, entry, written, hop: { ...withUser(hop, entry.user, options), host: entry.hostName, port } };
}

/** The hop for the settings: under its own name, so that `~/.ssh/config` goes on to be asked about it. */
function asWritten({ hop, written }: PlannedHop): SshHop {
  return { ...hop, ...written };
}

/** Stands in `jumpFrom`'s result for "whoever the config file names". No account can be called so. */
const userFromConfig = '\u0000config';

function withUser(hop: SshHop, fromConfig: string | undefined, options: SshOpenOptions): SshHop {
  if (hop.user !== userFromConfig) return hop;
  return { ...hop, user: fromConfig ?? options.localUser ?? os.userInfo().username };
}

/** `[user@]host[:port]` or `ssh://...` as ProxyJump has it. */
function jumpFrom(text: string): SshHop {
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?\/?$/.exec(text);
  return {
    host: match?.[2] ?? match?.[3] ?? text,
    port: Number(match?.[4] ?? 22),
    user: match?.[1] ?? userFromConfig,
    auth: { method: 'automatic' },
    hostKeys: [],
  };
}

async function signInTo(
  planned: PlannedHop,
  through: Client | undefined,
  options: SshOpenOptions,
  signal: AbortSignal,
): Promise<ConnectedHop> {
  const { hop, position } = planned;
  const keyFiles = await readKeyFiles(planned, options);
  let signIn: SignIn | undefined;
  const connected = await connectHop(
    {
      address: hop,
      place: position,
      through,
      pins: hop.hostKeys,
      known: await readKnownHosts(options.homeDirectory, hop.host, hop.port, planned.entry?.alias),
      clock: options.clock,
      authenticator: (setPaused, over) => {
        signIn = new SignIn({
          hop,
          account: `${hop.user}@${hop.host}`,
          position,
          keyFiles,
          agentPath: agentPathOf(planned, options),
          help: options,
          signal: AbortSignal.any([signal, over]),
          onWaitingForUser: setPaused,
        });
        return signIn;
      },
    },
    signal,
  );
  for (const remembered of signIn?.toRemember ?? []) options.onSecretToRemember?.({ hop: position, ...remembered });
  if (connected.trustedBecause === 'known-hosts') {
    const endpoint = endpointText(hop.host, hop.port);
    options.onHostKeyAccepted?.({ hop: position, endpoint, pin: toPin(connected.hostKey) });
  }
  return connected;
}

function agentPathOf({ hop, entry }: PlannedHop, options: SshOpenOptions): string | undefined {
  if (hop.auth.method === 'key' || hop.auth.method === 'password') return undefined;
  if (entry?.identityAgent !== undefined) return entry.identityAgent === 'none' ? undefined : entry.identityAgent;
  if (options.agentPath !== undefined) return options.agentPath;
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : process.env['SSH_AUTH_SOCK'];
}

/** A named key must be readable; keys that are only tried because they are usual may be anything. */
async function readKeyFiles({ hop, entry }: PlannedHop, options: SshOpenOptions): Promise<readonly KeyFile[]> {
  const home = options.homeDirectory;
  if (hop.auth.method === 'key') return [await openKeyFile(resolveHomePath(hop.auth.path, home))];
  if (hop.auth.method !== 'automatic') return [];
  const named = entry?.identityFiles ?? [];
  const paths = named.length > 0 ? named : defaultKeyNames.map((name) => path.join(home, '.ssh', name));
  const files = await Promise.all(
    paths.map((file) =>
      openKeyFile(file).catch((error: unknown) => {
        const why: AppError = isAnyAppError(error) ? error : keyUnreadable(file, 'cannot be read');
        if (named.length > 0) options.log('warning', 'ssh-key-skipped', { path: file, why: why.message });
        return undefined;
      }),
    ),
  );
  return files.filter((file) => file !== undefined);
}

/** Entries of the user's and the system's known_hosts, under the address and under the alias that led to it. */
export async function readKnownHosts(
  homeDirectory: string,
  host: string,
  port: number,
  alias?: string,
): Promise<readonly KnownHostEntry[]> {
  const files = [path.join(homeDirectory, '.ssh', 'known_hosts'), '/etc/ssh/ssh_known_hosts'];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const names = alias === undefined || alias === host ? [host] : [host, alias];
  return texts.flatMap((text) => names.flatMap((name) => findKnownHosts(text, name, port)));
}
