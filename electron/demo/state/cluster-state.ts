import type { SimulationClock } from '../clock.ts';
import { createRandom, type Random } from '../random.ts';
import type { SimGrant, SimRealm, SimUser } from './access.ts';
import type { SimGuest } from './guest.ts';
import type { SimNode } from './node.ts';
import type { Release } from './release.ts';
import type { SimStorage } from './storage.ts';
import type { SimTask } from './task.ts';

/** A pool; nested ones carry their path in their name, as PVE does: `production/web`. */
export interface SimPool {
  readonly id: string;
  comment: string;
  /** Storages that belong to it; guests name their pool themselves. */
  readonly storages: string[];
}

/** A resource that high availability looks after. */
export interface SimHighAvailability {
  /** Wanted state. */
  request: 'started' | 'stopped' | 'disabled' | 'ignored';
  comment?: string;
  maxRestart: number;
  maxRelocate: number;
}

/** A software-defined zone with its networks. */
export interface SimZone {
  readonly zone: string;
  readonly type: string;
  readonly vnets: readonly { readonly vnet: string; readonly tag?: number; readonly alias?: string }[];
}

/** Everything a simulated cluster knows. `changed()` must follow every edit, or lists stay as they were cached. */
export interface ClusterState {
  readonly name: string;
  readonly seed: number;
  readonly release: Release;
  readonly clock: SimulationClock;
  readonly random: Random;
  readonly nodes: Map<string, SimNode>;
  readonly guests: Map<number, SimGuest>;
  readonly storages: Map<string, SimStorage>;
  readonly pools: Map<string, SimPool>;
  readonly users: Map<string, SimUser>;
  readonly groups: Map<string, { comment: string }>;
  readonly grants: SimGrant[];
  readonly realms: SimRealm[];
  /** By UPID, oldest first. */
  readonly tasks: Map<string, SimTask>;
  readonly highAvailability: Map<number, SimHighAvailability>;
  readonly zones: SimZone[];
  readonly options: Map<string, string>;
  /** Set by a fault; otherwise a majority of nodes online decides. */
  forcedQuorumLoss: boolean;
  /** Grows with every change; caches compare it. */
  revision: number;
  /** Grows with every change of a guest. */
  guestRevision: number;
  /** Guests whose present differs from what the collector published. */
  readonly unpublished: Set<SimGuest>;
  /** Number of the collector's last round. */
  publishedRound: number;
  /** Tickets signed before this moment (epoch seconds) are refused. */
  ticketsValidFrom: number;
  /** Signs tickets. */
  readonly ticketKey: Buffer;
}

/** The collector's cadence: pvestatd writes every 10 s. */
export const collectorPeriodMs = 10_000;

/** An empty cluster. */
export function createClusterState(
  name: string,
  release: Release,
  clock: SimulationClock,
  seed: number,
  ticketKey: Buffer,
): ClusterState {
  return {
    name,
    seed,
    release,
    clock,
    random: createRandom(seed ^ 0x51f15e),
    nodes: new Map(),
    guests: new Map(),
    storages: new Map(),
    pools: new Map(),
    users: new Map(),
    groups: new Map(),
    grants: [],
    realms: [],
    tasks: new Map(),
    highAvailability: new Map(),
    zones: [],
    options: new Map(),
    forcedQuorumLoss: false,
    revision: 1,
    guestRevision: 1,
    unpublished: new Set(),
    publishedRound: 0,
    ticketsValidFrom: 0,
    ticketKey,
  };
}

/** Epoch seconds, the unit of nearly every time that PVE sends. */
export function nowSeconds(state: ClusterState): number {
  return Math.floor(state.clock.now() / 1000);
}

/** Whether the cluster file system can be written. */
export function isQuorate(state: ClusterState): boolean {
  if (state.forcedQuorumLoss) return false;
  let online = 0;
  for (const node of state.nodes.values()) if (node.online) online += 1;
  return online * 2 > state.nodes.size;
}
