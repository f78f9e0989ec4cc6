import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds TypeScript entries so that a process of their own can run them: Node 20 cannot. Returns the folder of `<name>.js`. */
export async function bundleForNode(entries: Readonly<Record<string, string>>): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([entries, process.pid]))
    .digest('hex')
    .slice(0, 12);
  // Inside the repository, so that packages outside the bundle are found.
  const outDir = join(root, '.cache', 'test-bundles', key);
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }));
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)])),
        external: [/^node:/, '@photostructure/sqlite', /^@napi-rs\/keyring/, 'ssh2', 'node-ssh'],
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  });
  return outDir;
}

/** A child process that talks in lines. */
export interface LineProcess {
  readonly child: ChildProcess;
  /** The next line of its standard output; `undefined` after the last. */
  nextLine(): Promise<string | undefined>;
  /** Resolves with code or signal when it has ended. */
  readonly ended: Promise<number | string>;
}

/** Starts Node on a bundled entry. `shellPrefix` (e.g. `ulimit -f 100;`) runs in `sh` first. Standard error goes to ours. */
export function startNode(
  script: string,
  args: readonly string[],
  options: { readonly shellPrefix?: string; readonly uid?: number; readonly env?: NodeJS.ProcessEnv } = {},
): LineProcess {
  const { shellPrefix, ...rest } = options;
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const child =
    shellPrefix === undefined
      ? spawn(process.execPath, [script, ...args], { ...rest, stdio: [...stdio] })
      : spawn('sh', ['-c', `${shellPrefix} exec "$0" "$@"`, process.execPath, script, ...args], {
          ...rest,
          stdio: [...stdio],
        });
  const { stdout } = child;
  if (stdout === null) throw new Error('no standard output');
  const lines: Interface = createInterface({ input: stdout });
  const iterator = lines[Symbol.asyncIterator]();
  const ended = new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return {
    child,
    nextLine: async () => {
      const { value, done } = await iterator.next();
      return done === true ? undefined : value;
    },
    ended,
  };
}
