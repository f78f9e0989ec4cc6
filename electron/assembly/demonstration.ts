import type { Demonstration, DemonstrationConnection } from '../core/ports/surroundings.ts';
import type { SimulatedCluster } from '../demo/index.ts';

/** Starts the demonstration clusters in this process and says how to connect to them: over PVE's own protocol, as to any other. */
export async function startDemonstration(): Promise<Demonstration> {
  // Most starts never show it, and would load it for nothing.
  const { startDemonstration: startClusters } = await import('../demo/index.ts');
  const running = await startClusters();
  return { connections: running.clusters.map(connectionTo), close: () => running.close() };
}

/** Who the demonstration is seen as: somebody who may do everything. */
const demonstrationUser = { user: 'root', realm: 'pam' } as const;

function connectionTo(cluster: SimulatedCluster): DemonstrationConnection {
  const user = cluster.users.find(({ userId }) => userId === `${demonstrationUser.user}@${demonstrationUser.realm}`);
  if (user === undefined) throw new RangeError(`${cluster.name} has no root@pam`);
  return {
    secret: user.password,
    settings: (password) => ({
      name: `Demo ${cluster.name}`,
      group: 'Demo',
      isEnabled: true,
      access: {
        kind: 'pve',
        endpoints: cluster.nodes.map(({ host, port, fingerprint }) => ({ host, port, fingerprint })),
        auth: { method: 'password', ...demonstrationUser, password },
      },
    }),
  };
}
