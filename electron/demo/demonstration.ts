import { createClock, type SimulationClock } from './clock.ts';
import { startSimulatedCluster, type SimulatedCluster } from './simulated-cluster.ts';

/** How large a demonstration is. */
export interface DemonstrationSize {
  readonly clusters: number;
  /** Per cluster, at most 100. */
  readonly nodes: number;
  /** Per cluster, at most 10,000. */
  readonly guests: number;
}

/** How a demonstration is made. */
export interface DemonstrationOptions {
  readonly size?: 'standard' | DemonstrationSize;
  /** The same seed gives the same estate. */
  readonly seed?: number;
  readonly clock?: SimulationClock;
}

/** Simulated clusters that run until they are closed. */
export interface Demonstration {
  readonly clusters: readonly SimulatedCluster[];
  close(): Promise<void>;
}

/**
 * Starts the demonstration: by default two clusters, "north" (3 nodes, 60 guests, PVE 9.2.3) and "south" (2 nodes, 20
 * guests, PVE 8.4.5). Rejects only when nothing can be listened on.
 */
export async function startDemonstration(options: DemonstrationOptions = {}): Promise<Demonstration> {
  const clock = options.clock ?? createClock();
  const seed = options.seed ?? 1;
  const clusters =
    options.size === undefined || options.size === 'standard'
      ? await standardClusters(clock, seed)
      : await sizedClusters(clock, seed, options.size);
  return {
    clusters,
    close: async () => {
      await Promise.all(clusters.map((cluster) => cluster.close()));
      if (!options.clock) clock.close();
    },
  };
}

async function standardClusters(clock: SimulationClock, seed: number): Promise<SimulatedCluster[]> {
  const north = await startSimulatedCluster({
    name: 'north',
    version: '9.2.3',
    nodes: ['atlas', 'boreas', 'cirrus'],
    guests: 60,
    seed,
    clock,
    subnet: 1,
    isAlive: true,
  });
  const south = await startSimulatedCluster({
    name: 'south',
    version: '8.4.5',
    nodes: ['dune', 'ember'],
    guests: 20,
    storage: 'local',
    seed: seed + 1,
    clock,
    subnet: 2,
    isAlive: true,
    realms: [{ realm: 'company', type: 'openid', comment: 'Company sign-on' }],
  });
  return [north, south];
}

async function sizedClusters(
  clock: SimulationClock,
  seed: number,
  size: DemonstrationSize,
): Promise<SimulatedCluster[]> {
  const clusters: SimulatedCluster[] = [];
  for (let index = 0; index < size.clusters; index += 1) {
    const name = `cluster-${index + 1}`;
    const { nodes, guests } = size;
    clusters.push(await startSimulatedCluster({ name, nodes, guests, seed: seed + index, clock, subnet: index + 1 }));
  }
  return clusters;
}
