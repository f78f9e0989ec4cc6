/** Simulated Proxmox VE clusters that speak PVE's own protocol: for the demonstration, for benches, and for tests. */
export { createClock, type ClockOptions, type SimulationClock } from './clock.ts';
export {
  startDemonstration,
  type Demonstration,
  type DemonstrationOptions,
  type DemonstrationSize,
} from './demonstration.ts';
export { startSimulatedCluster, type SimulatedCluster, type SimulatedClusterOptions } from './simulated-cluster.ts';
export type { Endpoint } from './cluster-network.ts';
export type { ClusterControl } from './cluster-control.ts';
export type { FaultAction, FaultMatch, Faults } from './faults/faults.ts';
export type { LoggedRequest, RequestLog } from './http/request-log.ts';
export type { ClusterState } from './state/cluster-state.ts';
export type { LoadProfile, SimGuest } from './state/guest.ts';
export type { SimNode } from './state/node.ts';
export type { DemonstrationToken, DemonstrationUser } from './estate/people.ts';
export type { ReleaseVersion } from './state/release.ts';
export { totpCode } from './access/totp.ts';
