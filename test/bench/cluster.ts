import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConnectionSettingsInput, CredentialRef } from '../../electron/contract/connection-settings.ts';
import { startChild, stopChild, within } from './children.ts';

interface Started {
  readonly nodes: readonly { readonly host: string; readonly port: number; readonly fingerprint: string }[];
  readonly tokens: readonly { readonly tokenId: string; readonly secret: string }[];
}

/** A simulated cluster in another process. */
export interface BenchCluster {
  readonly host: string;
  readonly port: number;
  readonly tokenId: string;
  readonly secret: string;
  /** Settings that reach it with a token kept under `secret`. */
  settings(secret: CredentialRef): ConnectionSettingsInput;
  /** Sends a command of cluster-process.ts and waits until it is carried out. */
  tell(command: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a cluster of that size and waits until it listens. */
export async function startCluster(nodes: number, guests: number): Promise<BenchCluster> {
  const script = fileURLToPath(new URL('./cluster-process.js', import.meta.url));
  const child = startChild(script, [String(nodes), String(guests)], 'pipe');
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done === true) throw new Error('the simulated cluster ended');
    return JSON.parse(line.value) as unknown;
  };
  const { nodes: endpoints, tokens } = (await within(60_000, 'the simulated cluster starts', next())) as Started;
  const [endpoint] = endpoints;
  const [token] = tokens;
  if (endpoint === undefined || token === undefined) throw new Error('the simulated cluster has no node or token');
  return {
    host: endpoint.host,
    port: endpoint.port,
    tokenId: token.tokenId,
    secret: token.secret,
    settings: (secret) => ({
      name: 'bench',
      access: {
        kind: 'pve',
        endpoints: [endpoint],
        auth: { method: 'token', tokenId: token.tokenId, secret },
      },
    }),
    tell: async (command) => {
      stdin.write(`${command}\n`);
      await next();
    },
    stop: () => stopChild(child, () => stdin.end()),
  };
}
