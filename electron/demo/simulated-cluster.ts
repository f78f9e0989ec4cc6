import { randomBytes } from 'node:crypto';
import { allRoutes } from './api/routes.ts';
import { RouteTable } from './api/table.ts';
import { createClock, type SimulationClock } from './clock.ts';
import { buildEstate } from './estate/estate.ts';
import {
  demonstrationTokens,
  demonstrationUsers,
  type DemonstrationToken,
  type DemonstrationUser,
} from './estate/people.ts';
import { ClusterControl } from './cluster-control.ts';
import { openNetwork, type Endpoint } from './cluster-network.ts';
import { createClusterState } from './state/cluster-state.ts';
import { publishNow } from './state/publication.ts';
import { releaseOf, type ReleaseVersion } from './state/release.ts';
import { beginLife } from './estate/life.ts';
import type { SimRealm } from './state/access.ts';
import { Faults } from './faults/faults.ts';
import { RequestLog } from './http/request-log.ts';

/** How a simulated cluster is made. */
export interface SimulatedClusterOptions {
  /** Default `cluster`. */
  readonly name?: string;
  readonly version?: ReleaseVersion;
  /** Names of the nodes, or how many; default 3. */
  readonly nodes?: number | readonly string[];
  /** Default 12. */
  readonly guests?: number;
  readonly seed?: number;
  /** Divides every delay: tasks, the wait after a failed sign-in, the collector's cadence. Default 1. */
  readonly speed?: number;
  /** A clock of one's own; `speed` is ignored then. */
  readonly clock?: SimulationClock;
  /** Port of every node; 0, the default, finds one that is free on all of them. */
  readonly port?: number;
  /** Third part of the nodes' addresses 127.77.N.x: another one per cluster. Default 1. */
  readonly subnet?: number;
  readonly storage?: 'shared' | 'local';
  /** Things happen by themselves: backups, consoles, restarts. Default false. */
  readonly isAlive?: boolean;
  /** `shared` lets all nodes sit behind 127.0.0.1, as where a machine has no other loopback addresses. Default `own`. */
  readonly addresses?: 'own' | 'shared';
  /** Further ways to sign in, besides pam and pve. */
  readonly realms?: readonly SimRealm[];
  /** Adds a guest whose name has quotes, markup, an emoji and 250 characters. */
  readonly strangeNames?: boolean;
}

/** A cluster that runs, with the handle that tests steer it by. */
export interface SimulatedCluster {
  readonly name: string;
  readonly version: ReleaseVersion;
  /** Nodes that listen; in large clusters the first eight. */
  readonly nodes: readonly Endpoint[];
  readonly users: readonly DemonstrationUser[];
  readonly tokens: readonly DemonstrationToken[];
  readonly control: ClusterControl;
  close(): Promise<void>;
}

/** Starts one simulated cluster on loopback. Rejects only when no address of this machine can be listened on. */
export async function startSimulatedCluster(options: SimulatedClusterOptions = {}): Promise<SimulatedCluster> {
  const version = options.version ?? '9.2.3';
  const clock = options.clock ?? createClock(options.speed === undefined ? {} : { speed: options.speed });
  const seed = options.seed ?? 1;
  const state = createClusterState(options.name ?? 'cluster', releaseOf(version), clock, seed, randomBytes(32));
  const nodeNames = namesOf(options.nodes ?? 3);
  const subnet = options.subnet ?? 1;
  const hosts = nodeNames.map((_, index) => `127.77.${subnet + Math.floor(index / 200)}.${(index % 200) + 1}`);
  buildEstate(state, { nodeNames, hosts, guests: options.guests ?? 12, storage: options.storage ?? 'shared' });
  state.realms.push(...(options.realms ?? []));
  if (options.strangeNames) addStrangeGuest(state.guests.values().next().value);
  publishNow(state);
  const services = { state, table: new RouteTable(allRoutes), faults: new Faults(), requests: new RequestLog() };
  const network = await openNetwork(services, options.port ?? 0, options.addresses === 'shared');
  const endLife = options.isAlive ? beginLife(state) : undefined;
  const control = new ClusterControl(services, network);
  return {
    name: state.name,
    version,
    nodes: network.endpoints,
    users: demonstrationUsers,
    tokens: demonstrationTokens,
    control,
    close: async () => {
      endLife?.();
      if (!options.clock) clock.close();
      await network.close();
    },
  };
}

function namesOf(nodes: number | readonly string[]): readonly string[] {
  if (typeof nodes !== 'number') return nodes;
  return Array.from({ length: nodes }, (_, index) => `node-${String(index + 1).padStart(nodes > 99 ? 3 : 2, '0')}`);
}

/** Names that no administration tool expects; real ones come from templates and imports. */
function addStrangeGuest(guest: { name: string; tags: string[] } | undefined): void {
  if (!guest) return;
  guest.name = `"O'Neil" <b onmouseover="alert(1)">&amp; 🦆 \\${'x'.repeat(200)}`.padEnd(250, '…').slice(0, 250);
  guest.tags = ['<i>tag</i>', 'ümlaut'];
}
