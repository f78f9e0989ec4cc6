import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const Pair = z.object({ running: z.string(), stopped: z.string() }).nullable();

const LabState = z.object({
  version: z.literal(1),
  nodes: z.array(
    z.object({
      name: z.string(),
      debian: z.union([z.literal(12), z.literal(13)]),
      variant: z.enum(['full', 'libvirt-only', 'lxc-only', 'bare']),
      host: z.string(),
      port: z.number(),
      address: z.string(),
      guests: Pair,
      containers: Pair,
    }),
  ),
  keys: z.object({ plain: z.string(), rsa: z.string(), encrypted: z.string(), passphrase: z.string() }),
  accounts: z.array(
    z.object({
      name: z.string(),
      password: z.string().nullable(),
      signIn: z.array(z.enum(['plain', 'rsa', 'encrypted', 'password', 'keyboard-interactive'])),
      may: z.string(),
    }),
  ),
});
type LabState = z.infer<typeof LabState>;

/**
 * One node of the running lab. `host` and `port` reach its sshd from this machine; `address` (port 22) is the way
 * from another node, for tests with a jump host. `guests` and `containers` hold the names of the running and the
 * stopped one, or null where the node's variant lacks libvirt or LXC.
 */
export type LabNode = LabState['nodes'][number] & {
  /** Private key (a path) that signs root in. */
  readonly rootKey: string;
};

/** Paths of private keys: `plain` (ed25519), `rsa`, and `encrypted` (ed25519), which `passphrase` opens. */
export type LabKeys = LabState['keys'];

/** An account that every node has, with the ways in that sshd accepts for it. */
export type LabAccount = LabState['accounts'][number];

/** The running lab, as `npm run lab -- up` has described it. */
export interface Lab {
  readonly nodes: readonly LabNode[];
  readonly keys: LabKeys;
  readonly accounts: readonly LabAccount[];
}

/** What a command on a node has printed, and its exit code. */
export interface NodeOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** True where the lab must be there (CI): a missing lab is a failure then and not a reason to skip. */
export const labRequired = process.env['WHEELHOUSE_LAB'] === 'required';

function stateFile(): string {
  return join(process.env['WHEELHOUSE_LAB_DIR'] ?? '/var/cache/wheelhouse-lab', 'run', 'state.json');
}

/**
 * The running lab, or why there is none. Every node has been seen to answer.
 * Throws instead where WHEELHOUSE_LAB=required.
 */
export async function labNodes(): Promise<Lab | { readonly unavailable: string }> {
  const found = await findLab();
  if ('unavailable' in found && labRequired) throw new Error(`WHEELHOUSE_LAB=required, but ${found.unavailable}`);
  return found;
}

async function findLab(): Promise<Lab | { readonly unavailable: string }> {
  let text: string;
  try {
    text = await readFile(stateFile(), 'utf8');
  } catch (error) {
    return { unavailable: `the lab is not up (npm run lab -- up): ${(error as Error).message}` };
  }
  const state = LabState.parse(JSON.parse(text));
  const answers = await Promise.all(state.nodes.map((node) => answersAsSsh(node.host, node.port, 10_000)));
  const silent = state.nodes.filter((_, index) => answers[index] !== true).map((node) => node.name);
  if (state.nodes.length === 0 || silent.length > 0) {
    return {
      unavailable: `the lab is not whole (npm run lab -- up): no answer from ${silent.join(', ') || 'any node'}`,
    };
  }
  return { ...state, nodes: state.nodes.map((node) => ({ ...node, rootKey: state.keys.plain })) };
}

/** Whether something at the address names itself as an SSH server within the time. */
export function answersAsSsh(host: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.once('data', (bytes) => finish(bytes.toString('latin1').startsWith('SSH-')));
  });
}

/**
 * Runs a command on a node as root by OpenSSH: the witness of a test, independent of the product's own SSH.
 * Resolves with any exit code (255: ssh itself failed); rejects after `timeoutMs`.
 */
export function runOnNode(node: LabNode, argv: readonly string[], timeoutMs = 60_000): Promise<NodeOutput> {
  const options =
    'BatchMode=yes IdentitiesOnly=yes StrictHostKeyChecking=no UserKnownHostsFile=/dev/null LogLevel=ERROR';
  const command = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const optionWords = options.split(' ').flatMap((option) => ['-o', option]);
  const key = ['-F', '/dev/null', '-i', node.rootKey];
  return run('ssh', [...key, ...optionWords, '-p', String(node.port), `root@${node.host}`, command], timeoutMs);
}

/**
 * Runs a command of the lab, such as `labCommand('partition', 'n2')`; returns what it has printed.
 * Throws with its complaint when it fails.
 */
export async function labCommand(...args: readonly string[]): Promise<string> {
  const script = fileURLToPath(new URL('lab.sh', import.meta.url));
  const { code, stdout, stderr } = await run('bash', [script, ...args], 600_000);
  if (code !== 0) throw new Error(`lab ${args.join(' ')} ended with ${code}: ${stderr || stdout}`);
  return stdout;
}

function run(file: string, args: readonly string[], timeoutMs: number): Promise<NodeOutput> {
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else
        reject(new Error(`${file} ${args.join(' ')} did not end by itself: ${error?.message ?? ''}`, { cause: error }));
    });
    child.stdin?.end();
  });
}
