import { collectorPeriodMs, type ClusterState } from './cluster-state.ts';
import type { SimGuest } from './guest.ts';

/** Number of the collector's round that is current: everything in a list is as old as its beginning. */
export function currentRound(state: ClusterState): number {
  return Math.floor((state.clock.now() * state.clock.speed) / collectorPeriodMs);
}

/** Epoch milliseconds of the beginning of the current round. */
export function roundStartMs(state: ClusterState): number {
  return (currentRound(state) * collectorPeriodMs) / state.clock.speed;
}

/** Lets the status collector catch up, if a round has begun since it last ran. */
export function publishIfDue(state: ClusterState): void {
  if (currentRound(state) > state.publishedRound) publishNow(state);
}

/** Makes lists show the present, as the next round of the collector would. */
export function publishNow(state: ClusterState): void {
  for (const guest of state.unpublished) publishGuest(guest);
  if (state.unpublished.size > 0) state.guestRevision += 1;
  state.unpublished.clear();
  state.publishedRound = currentRound(state);
  state.revision += 1;
}

/** Marks a guest whose power state changed: lists show it from the next round on, its own status page at once. */
export function powerChanged(state: ClusterState, guest: SimGuest): void {
  publishIfDue(state);
  state.unpublished.add(guest);
  state.guestRevision += 1;
  state.revision += 1;
}

/** Marks a change of guests that needs no collector: names, locks, tags, pools. */
export function guestsChanged(state: ClusterState): void {
  publishIfDue(state);
  state.guestRevision += 1;
  state.revision += 1;
}

/** Marks a change of anything else: tasks, nodes, quorum. */
export function clusterChanged(state: ClusterState): void {
  publishIfDue(state);
  state.revision += 1;
}

function publishGuest(guest: SimGuest): void {
  guest.published = { running: guest.running, startedAtMs: guest.startedAtMs };
}
