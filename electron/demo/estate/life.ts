import { createRandom, type Random } from '../random.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import { runBackup } from '../tasks/backup.ts';
import { runReboot } from '../tasks/power.ts';
import { startTask } from '../tasks/worker.ts';

/** Something happens after this long, in milliseconds. */
const pauseMs = { shortest: 15_000, longest: 70_000 } as const;
const somebody = { user: 'operator@pve' };
const scheduler = { user: 'root@pam' };

/**
 * Lets a cluster live: backups run, somebody opens a console, a build machine is restarted. The answer ends it. Only the
 * demonstration does this; tests want a cluster that changes when they say so.
 */
export function beginLife(state: ClusterState): () => void {
  const random = createRandom(state.seed ^ 0x11fe);
  let cancel = (): void => undefined;
  const wait = (): void => {
    cancel = state.clock.after(random.between(pauseMs.shortest, pauseMs.longest), () => {
      somethingHappens(state, random);
      wait();
    });
  };
  wait();
  return () => cancel();
}

function somethingHappens(state: ClusterState, random: Random): void {
  const idle = [...state.guests.values()].filter((guest) => guest.running && !guest.paused && guest.lock === undefined);
  const guest = idle[random.between(0, Math.max(0, idle.length - 1))];
  if (!guest || state.nodes.get(guest.node)?.power !== 'on') return;
  const chance = random.next();
  if (chance < 0.5) backUp(state, guest);
  else if (chance < 0.85) watchConsole(state, guest, random);
  else restartBuildMachine(state, idle);
}

function backUp(state: ClusterState, guest: SimGuest): void {
  const node = state.nodes.get(guest.node);
  const storage = [...state.storages.values()].find(
    (candidate) => candidate.shared && candidate.content.includes('backup'),
  );
  if (!node || !storage) return;
  const order = { node: node.name, storage: storage.id, mode: 'snapshot', compress: 'zstd' };
  const id = String(guest.vmid);
  startTask(state, {
    node,
    type: 'vzdump',
    id,
    caller: scheduler,
    run: (work) => runBackup(state, [guest.vmid], order, work),
  });
}

function watchConsole(state: ClusterState, guest: SimGuest, random: Random): void {
  const node = state.nodes.get(guest.node);
  if (!node) return;
  const watchMs = random.between(10_000, 90_000);
  const id = String(guest.vmid);
  startTask(state, {
    node,
    type: 'vncproxy',
    id,
    caller: somebody,
    run: (work) => work.later(watchMs, () => work.done()),
  });
}

function restartBuildMachine(state: ClusterState, idle: readonly SimGuest[]): void {
  const guest = idle.find((candidate) => candidate.tags.includes('ci'));
  const node = guest && state.nodes.get(guest.node);
  if (!guest || !node) return;
  const options = { force: false, timeoutSeconds: undefined };
  startTask(state, {
    node,
    type: 'qmreboot',
    id: String(guest.vmid),
    caller: somebody,
    run: (work) => runReboot(state, guest, options, work),
  });
}
