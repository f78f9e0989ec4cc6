import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'ssh-config';

/** What `~/.ssh/config` says about one host name, tokens and `~` expanded. */
export interface SshConfigEntry {
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user?: string;
  /** Absolute paths, in the order of the file. */
  readonly identityFiles: readonly string[];
  /** `[user@]host[:port]` each, from the first hop to the last. */
  readonly proxyJump: readonly string[];
  /** Absolute path of the agent's socket, where the file names one. `none` switches the agent off. */
  readonly identityAgent?: string;
  /** The file asks for a ProxyCommand, which this app does not run. */
  readonly hasProxyCommand: boolean;
}

/** Includes may include; deeper is a circle. OpenSSH's own limit is 16. */
const maxIncludeDepth = 16;

/**
 * Looks a host name up in the user's `~/.ssh/config`. Undefined when there is no file or nothing in it is about the host.
 * `Match exec` and host name canonicalisation are not followed: reading a file must not run commands.
 */
export async function findSshConfigEntry(homeDirectory: string, alias: string): Promise<SshConfigEntry | undefined> {
  const folder = path.join(homeDirectory, '.ssh');
  const text = await readWithIncludes(path.join(folder, 'config'), folder, homeDirectory, 0);
  if (text === undefined) return undefined;
  let found: Readonly<Record<string, string | readonly string[] | undefined>>;
  try {
    found = parse(text).compute({ Host: alias }, { ignoreCase: true, matchExec: false });
  } catch {
    // A file that OpenSSH would refuse too. The connection goes on with what the settings say.
    return undefined;
  }
  const interesting = ['hostname', 'port', 'user', 'identityfile', 'proxyjump', 'identityagent', 'proxycommand'];
  if (!interesting.some((key) => found[key] !== undefined)) return undefined;
  return toEntry(alias, homeDirectory, (key) => listOf(found[key]));
}

function toEntry(alias: string, home: string, values: (key: string) => readonly string[]): SshConfigEntry {
  const hostName = (values('hostname')[0] ?? alias).replaceAll('%h', alias).replaceAll('%%', '%');
  const user = values('user')[0];
  const port = Number(values('port')[0] ?? 22);
  const expand = (text: string) => expandPath(text, { home, alias, hostName, port, user });
  const jumps = values('proxyjump').join(',');
  const agent = values('identityagent')[0];
  return {
    alias,
    hostName,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 22,
    ...(user === undefined ? {} : { user }),
    identityFiles: values('identityfile')
      .filter((file) => file.toLowerCase() !== 'none')
      .map(expand),
    proxyJump: jumps === '' || jumps.toLowerCase() === 'none' ? [] : jumps.split(',').map((jump) => jump.trim()),
    ...(agent === undefined || agent === 'SSH_AUTH_SOCK'
      ? {}
      : { identityAgent: agent === 'none' ? agent : expand(agent) }),
    hasProxyCommand: values('proxycommand').some((command) => command !== '' && command !== 'none'),
  };
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

interface PathTokens {
  readonly home: string;
  readonly alias: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string | undefined;
}

/** The tokens that ssh_config(5) allows in IdentityFile and that have a meaning here. */
function expandPath(text: string, tokens: PathTokens): string {
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    d: tokens.home,
    h: tokens.hostName,
    n: tokens.alias,
    p: String(tokens.port),
    r: tokens.user ?? '',
  };
  const expanded = text.replace(/%(.)/g, (whole, letter: string) => values[letter] ?? whole);
  return resolveHomePath(expanded, tokens.home);
}

/** `~/` and relative paths mean the user's home folder, as ssh takes them. */
export function resolveHomePath(file: string, home: string): string {
  if (file === '~') return home;
  return path.resolve(home, file.startsWith('~/') || file.startsWith('~\\') ? file.slice(2) : file);
}

/**
 * The library leaves Include to its caller. The included text is put in its place, and the block that was open before is
 * opened again after it. Canonicalisation lines are dropped, because the library would run nslookup for them.
 */
async function readWithIncludes(
  file: string,
  folder: string,
  home: string,
  depth: number,
): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  const lines: string[] = [];
  let openBlock = 'Host *';
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*canonicali[sz]ehostname\b/i.test(line)) continue;
    if (/^\s*(host|match)[\s=]/i.test(line)) openBlock = line;
    const include = /^\s*include[\s=]+(.+?)\s*$/i.exec(line)?.[1];
    if (include === undefined || depth >= maxIncludeDepth) {
      lines.push(line);
      continue;
    }
    for (const pattern of include.match(/"[^"]*"|\S+/g) ?? []) {
      for (const found of await expandGlob(pattern.replaceAll('"', ''), folder, home)) {
        const included = await readWithIncludes(found, folder, home, depth + 1);
        if (included !== undefined) lines.push(included, openBlock);
      }
    }
  }
  return lines.join('\n');
}

/** Globs in the last part of the path only; that is how they are used (`config.d/*`). */
async function expandGlob(pattern: string, folder: string, home: string): Promise<readonly string[]> {
  const full = pattern.startsWith('~') ? resolveHomePath(pattern, home) : path.resolve(folder, pattern);
  const last = path.basename(full);
  if (!/[*?]/.test(last)) return [full];
  const expression = new RegExp(
    `^${last
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  );
  try {
    const names = await readdir(path.dirname(full));
    return names
      .filter((name) => !name.startsWith('.') && expression.test(name))
      .sort()
      .map((name) => path.join(path.dirname(full), name));
  } catch {
    return [];
  }
}
