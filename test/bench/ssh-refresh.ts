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
import { openSshLink, probeSsh } from '../../electron/transport/ssh/index.ts';
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
  const { hostKey } = await probeSsh(node.host, node.port, { clock: nodeClock, homeDirectory: homedir() }, never);
  const { access } = connectionSettingsSchema.parse({
    name: node.name,
    access: {
      kind: 'debian',
      target: {
        host: node.host,
        port: node.port,
        user: 'root',
        auth: { method: 'key', path: node.rootKey },
        hostKeys: [`${hostKey.algorithm} ${hostKey.fingerprint}`],
      },
    },
  });
  if (access.kind !== 'debian') throw new Error('not a host');
  const prompter = { ask: () => Promise.reject(new Error('nobody is there')) };
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

/**
 * What our script runs in one go, as somebody would ask it by hand or a tool without such a script: a call for each. The last
 * two name processes that the calls before them have listed; here a pattern stands for them.
 */
const commands = [
  'date +%s%3N',
  'cat /proc/uptime',
  "grep -hE '^(cpu |btime |MemTotal:|MemAvailable:|MemFree:)' /proc/stat /proc/meminfo",
  'cat /proc/net/dev',
  'cat /proc/diskstats',
  'virsh -q -c qemu:///system list --all --uuid --name',
  'virsh -q -c qemu:///system list --all --uuid --with-managed-save',
  'virsh -q -c qemu:///system domstats --raw --nowait --state --cpu-total --balloon --vcpu --interface --block',
  "grep -Hs '' /run/libvirt/qemu/*.pid",
  'lxc-ls -f -F STATE,PID,UNPRIVILEGED,NAME',
  "grep -HsE '^(usage_usec|[0-9])' /sys/fs/cgroup/lxc.payload.*/cpu.stat /sys/fs/cgroup/lxc.payload.*/memory.current /sys/fs/cgroup/lxc.payload.*/io.stat",
  "cat $(pidof qemu-system-x86_64 | sed 's|[0-9]*|/proc/&/stat|g')",
  "grep -Hs ':' /proc/1/net/dev",
];

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** One call of OpenSSH over a connection that is already open (ControlMaster). A command that finds nothing is no failure. */
async function call(node: LabNode, folder: string, command: string, stdin = ''): Promise<void> {
  const child = run('ssh', [...sshOptions(node, folder), `${command}; true`], { maxBuffer: 64 << 20 });
  // A command that reads no input may end before it is written; that is no failure.
  child.child.stdin?.on('error', () => undefined);
  child.child.stdin?.end(stdin);
  await child;
}

async function eachCommand(node: LabNode, folder: string): Promise<void> {
  for (const command of commands) await call(node, folder, command);
}

async function sameScript(node: LabNode, folder: string, asked: readonly Asked[]): Promise<void> {
  for (const { argv, stdin } of asked) await call(node, folder, argv.map(quoted).join(' '), stdin);
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
  const byHand = (): Promise<number> => timed(() => Promise.all(opened.map(({ node }) => eachCommand(node, folder))));
  const theirs = (): Promise<number> =>
    timed(() => Promise.all(opened.map(({ node }, index) => sameScript(node, folder, script[index] ?? []))));
  await theirs();
  await byHand();
  const commandPair = await paired(9, ours, byHand);
  const scriptPair = await paired(9, ours, theirs);
  report({
    bench: 'e',
    what: `SSH refresh of ${opened.length} lab nodes, side by side`,
    oursMs: median(commandPair.a),
    baselineMs: median(commandPair.b),
    baseline: `the same ${commands.length} commands on each, one call of OpenSSH after the other over its ControlMaster`,
    ratio: commandPair.ratio,
    target: 0.6,
    scriptBaselineMs: median(scriptPair.b),
    scriptBaseline: 'our own script, which runs all of them, in one call of OpenSSH over its ControlMaster',
    scriptRatio: scriptPair.ratio,
  });
  await Promise.all(opened.map(({ session }) => session.close()));
  for (const { node } of opened) await run('ssh', ['-O', 'exit', ...sshOptions(node, folder)]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}
