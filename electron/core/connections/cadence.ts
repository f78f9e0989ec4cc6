import type { Clock } from '../ports/clock.ts';

/**
 * How often hosts are asked. A status pass costs a PVE cluster one request answered from memory, whose content its own
 * daemon renews every 10 s; a Debian host one round of `virsh` and `lxc-*` over an open channel.
 */

/** While a window is looked at. Faster shows nothing new on PVE and burns CPU on small hosts; slower feels dead. */
export const STATUS_VISIBLE_MS = 5_000;
/** While no window is looked at: keeps the last-known state and notifications useful, at a quarter of the cost. */
export const STATUS_HIDDEN_MS = 20_000;
/** Everything, including what rarely moves (HA, storages, networks, pools). Changes there are seen this late at worst, unless a hint says so. */
export const FULL_EVERY_MS = 60_000;
/** Tasks while one runs: progress that stands still for longer looks stuck. */
export const TASKS_BUSY_MS = 3_000;
/** Tasks while none is known to run: how late somebody else's task appears. */
export const TASKS_IDLE_MS = 10_000;
/** Tasks while nobody looks. */
export const TASKS_HIDDEN_MS = 30_000;

/** Hints come in bursts (one start of a guest is four libvirt events); waiting this long makes one read of them. */
export const HINT_COALESCE_MS = 300;
/** Pause between two reads however many hints arrive: an event storm must not become a read storm. */
export const READ_PAUSE_MS = 1_000;

/** A status read that has not answered by then makes the connection stale in view. Recorded clusters answer in under 100 ms. */
export const STATUS_LATE_MS = 8_000;
/** The same for a full read: 10,000 guests over a thin line take seconds. */
export const FULL_LATE_MS = 20_000;
/** A status read is given up. Longer than PVE's own 5 s wait for a dead node behind its proxy, with room for slow lines. */
export const STATUS_TIMEOUT_MS = 20_000;
export const FULL_TIMEOUT_MS = 60_000;
export const TASKS_TIMEOUT_MS = 15_000;
/** Opening: TCP, TLS or key exchange, sign-in, probing. Time spent on questions to the user does not count. */
export const OPEN_TIMEOUT_MS = 45_000;
/** Closing is polite, never awaited for longer. */
export const CLOSE_TIMEOUT_MS = 3_000;

/** Failed reads in a row before the session is thrown away, where the line itself is in doubt. One may be a hiccup. */
export const LINE_FAILURES = 2;
/** The same where the host answers, but with errors. */
export const HOST_FAILURES = 5;

/** Reads under way at the same time over all connections; PDM's figure. One connection reads one thing at a time. */
export const PARALLEL_READS = 20;
/** How long a read that gets no answer may occupy its place: dead hosts must not use up the places of living ones. */
export const PLACE_HELD_MS = 4_000;

const FIRST_RETRY_MS = 2_000;
/** An admin waits for a host that boots: a minute is bearable, and costs a dead host nothing. */
const LONGEST_RETRY_MS = 60_000;

/** How long to wait before the next try after `failures` failed ones, spread by a quarter so that hosts are not asked in step. */
export function retryDelayMs(failures: number, clock: Pick<Clock, 'random'>): number {
  const planned = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return Math.round(planned * (0.75 + clock.random() / 2));
}

/** An interval spread by a tenth either way. */
export function jittered(intervalMs: number, clock: Pick<Clock, 'random'>): number {
  return Math.round(intervalMs * (0.9 + clock.random() / 5));
}
