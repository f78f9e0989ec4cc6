import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeClock } from '../../electron/assembly/node-clock.ts';
import { connectionSettingsSchema } from '../../electron/contract/connection-settings.ts';
import { parseConnectionId } from '../../electron/contract/ids.ts';
import type { ArgumentVector, HostLink, RunOptions } from '../../electron/core/ports/host-link.ts';
import { silentLog } from '../../electron/core/ports/log.ts';
import type { DriverSession } from '../../electron/core/ports/driver.ts';
import { createDebianDriver } from '../../electron/drivers/debian/index.ts';
import { openSshLink } from '../../electron/transport/ssh/index.ts';
import { labNodes, type LabNode } from '../lab/lab-nodes.ts';
import { median, paired, report, timed } from './figures.ts';

const run = promisify(execFile);
const never = new AbortController().signal;

interface Asked {
  readonly argv: ArgumentVector;
  readonly stdin: string | undefined;
}

/** One node with our session, and what that session asks of it in a status pass. */
interface Opened {
  readonly node: LabNode;
  readonly session: DriverSession;
  readonly asked: Asked[];
}

async function open(node: LabNode): Promise<Opened> {
  const { access } = connectionSettingsSchema.parse({
    name: node.name,
    access: {
      kind: 'debian',
      target: { host: node.host, port: node.port, user: 'root', auth: { method: 'key', path: node.rootKey } },
    },
  });
  if (access.kind !== 'debian') throw new Error('not a host');
  const prompter = { ask: () => Promise.resolve({ type: 'trust' } as const) };
  const { link, endpoint } = await openSshLink(
    access,
    {
      secrets: { get: () => Promise.resolve(undefined) },
      prompter,
      clock: nodeClock,
      log: silentLog,
      homeDirectory: homedir(),
      onHostKeyAccepted: () => undefined,
    },
    never,
  );
  const asked: Asked[] = [];
  const watched: HostLink = {
    run: (argv: ArgumentVector, options: RunOptions, signal) => {
      asked.push({ argv, stdin: options.stdin });
      return link.run(argv, options, signal);
    },
    start: (argv, signal) => link.start(argv, signal),
    onLost: (listener) => link.onLost(listener),
    close: () => link.close(),
  };
  const driver = createDebianDriver({ privilege: 'automatic', endpoint });
  const connectionId = parseConnectionId(node.name);
  const session = await driver.open({ connectionId, link: watched, clock: nodeClock, log: silentLog }, never);
  return { node, session, asked };
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The same commands by OpenSSH over a connection that is already open (ControlMaster). */
async function byOpenSsh(node: LabNode, folder: string, asked: readonly Asked[]): Promise<void> {
  for (const { argv, stdin } of asked) {
    const child = run('ssh', [...sshOptions(node, folder), argv.map(quoted).join(' ')], { maxBuffer: 64 << 20 });
    child.child.stdin?.end(stdin ?? '');
    await child;
  }
}

function sshOptions(node: LabNode, folder: string): string[] {
  const options = [
    `ControlPath=${join(folder, node.name)}`,
    'ControlMaster=auto',
    'ControlPersist=300',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
  ];
  return [...options.flatMap((each) => ['-o', each]), '-i', node.rootKey, '-p', String(node.port), `root@${node.host}`];
}

/** (e) a refresh of the lab's nodes against `ssh` with ControlMaster and the same commands. */
export async function benchSshRefresh(): Promise<void> {
  const lab = await labNodes();
  if ('unavailable' in lab) {
    report({ bench: 'e', what: 'SSH refresh of 4 lab nodes', skipped: lab.unavailable });
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-ssh-'));
  const opened = await Promise.all(lab.nodes.slice(0, 4).map(open));
  const ours = (): Promise<number> =>
    timed(() => Promise.all(opened.map(({ session }) => session.listInventory('status', never))));
  await ours();
  for (const { asked } of opened) asked.length = 0;
  await ours();
  const script = opened.map(({ asked }) => [...asked]);
  const theirs = (): Promise<number> =>
    timed(() => Promise.all(opened.map(({ node }, index) => byOpenSsh(node, folder, script[index] ?? []))));
  await theirs();
  const { a, b, ratio } = await paired(15, ours, theirs);
  report({
    bench: 'e',
    what: `SSH refresh of ${opened.length} lab nodes`,
    commands: script.reduce((sum, each) => sum + each.length, 0),
    oursMs: median(a),
    baselineMs: median(b),
    baseline: 'the same commands by OpenSSH with ControlMaster',
    ratio,
    target: 0.6,
  });
  await Promise.all(opened.map(({ session }) => session.close()));
  for (const { node } of opened) await run('ssh', ['-O', 'exit', ...sshOptions(node, folder)]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}
