import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeResultSchema } from '../contract/connection-settings.ts';
import { startSimulatedCluster, type SimulatedCluster } from '../demo/index.ts';
import { nodeClock } from './node-clock.ts';
import { probeAddress } from './probe-address.ts';

const { signal } = new AbortController();

/** A port on which nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

describe('probeAddress', () => {
  let homeDirectory: string;
  let cluster: SimulatedCluster | undefined;
  beforeEach(async () => {
    homeDirectory = await mkdtemp(join(tmpdir(), 'wheelhouse-probe-'));
  });
  afterEach(async () => {
    await cluster?.close();
    cluster = undefined;
    await rm(homeDirectory, { recursive: true, force: true });
  });

  it('finds PVE with its certificate and its realms, and says why SSH is not there', async () => {
    cluster = await startSimulatedCluster({ nodes: 1 });
    const [node] = cluster.nodes;
    const result = await probeAddress(
      { clock: nodeClock, homeDirectory },
      { host: node!.host, port: node!.port },
      signal,
    );
    expect(probeResultSchema.parse(result)).toEqual(result);
    expect(result.pve).toMatchObject({
      found: true,
      port: node!.port,
      certificate: { fingerprint: node!.fingerprint },
    });
    expect(result.pve.found && result.pve.realms.map(({ realm }) => realm).sort()).toEqual(['pam', 'pve']);
    expect(result.ssh.found).toBe(false);
    expect(!result.ssh.found && result.ssh.why?.code).toMatch(/^connection\./);
  });

  it('says why nothing was found where nobody listens', async () => {
    const port = await freePort();
    const result = await probeAddress({ clock: nodeClock, homeDirectory }, { host: '127.0.0.1', port }, signal);
    expect([result.pve.found, result.ssh.found]).toEqual([false, false]);
    expect(!result.pve.found && result.pve.why).toMatchObject({
      code: 'connection.unreachable',
      data: { cause: 'ECONNREFUSED' },
    });
  });
});
