import { createApp } from '../assembly/create-app.ts';
import { runCli } from '../cli/run-cli.ts';
import type { Terminal } from '../cli/terminal/terminal.ts';
import { connectionSettingsSchema, type ConnectionSettingsInput } from '../contract/connection-settings.ts';
import { cancelled } from '../contract/errors.ts';
import { parseConnectionId } from '../contract/ids.ts';
import type { SimulatedCluster } from '../demo/index.ts';
import { openProfile } from '../storage/index.ts';
import { MemoryVault } from './memory-stores.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = { method: 'password', user: 'root', realm: 'pam' } as const;

/** A connection to a simulated cluster, as the profile keeps it. */
export function settingsOf(
  cluster: SimulatedCluster,
  auth: Extract<ConnectionSettingsInput['access'], { kind: 'pve' }>['auth'] = root,
): ConnectionSettingsInput {
  const endpoints = cluster.nodes.map(({ host, port, fingerprint }) => ({ host, port, fingerprint }));
  return { name: `Site ${cluster.name}`, access: { kind: 'pve', endpoints, auth } };
}

/** A profile with these connections, closed. */
export async function profileWith(connections: Readonly<Record<string, ConnectionSettingsInput>>): Promise<string> {
  const folder = temporaryFolder();
  const profile = await openProfile(folder, { role: 'tool', vaultKind: 'file' });
  for (const [id, settings] of Object.entries(connections))
    await profile.connections.put({ id: parseConnectionId(id), settings: connectionSettingsSchema.parse(settings) });
  await profile.close();
  return folder;
}

/** How a command line ended. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What was asked on the terminal, hidden questions with a *. */
  readonly asked: readonly string[];
}

/** Somebody at a terminal who answers by what is asked; without answers there is no terminal. */
export async function run(
  args: readonly string[],
  answers?: (question: string) => string,
  {
    interruption = new AbortController(),
    onOut = () => undefined,
    vault = new MemoryVault(),
  }: {
    readonly interruption?: AbortController;
    readonly onOut?: (out: string) => void;
    readonly vault?: MemoryVault;
  } = {},
): Promise<Run> {
  const told = { out: '', err: '' };
  const asked: string[] = [];
  const terminal: Terminal = {
    out: (text) => {
      told.out += text;
      onOut(told.out);
    },
    err: (text) => void (told.err += text),
    isOutTerminal: false,
    hasColours: false,
    canAsk: answers !== undefined,
    ask: (question, { isHidden }) => {
      asked.push(`${isHidden ? '*' : ''}${question}`);
      return answers === undefined ? Promise.reject(cancelled()) : Promise.resolve(answers(question));
    },
  };
  const code = await runCli(args, {
    terminal,
    version: '1.2.3',
    defaultProfilePath: '/nowhere',
    signal: interruption.signal,
    createApp: (options) => createApp({ ...options, vault, log: () => undefined }),
  });
  return { code, ...told, asked };
}

/** Somebody who types the password of `root@pam`. */
export const password = (): string => 'demonstration';
