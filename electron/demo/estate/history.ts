import type { Random } from '../random.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { nowSeconds } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import type { SimNode } from '../state/node.ts';
import { formatUpid } from '../tasks/upid.ts';

/** An ended task of the past. */
interface PastTask {
  readonly type: string;
  readonly id: string;
  readonly user: string;
  readonly agoSeconds: number;
  readonly tookSeconds: number;
  readonly log: readonly string[];
  readonly exitStatus: string;
}

/** How many tasks every node remembers from before the start. */
const perNode = 30;

/** Gives every node a past: nightly backups, consoles, starts, and here and there something that failed. */
export function addHistory(state: ClusterState, random: Random): void {
  const past: { node: SimNode; task: PastTask }[] = [];
  for (const node of state.nodes.values()) {
    const guests = [...state.guests.values()].filter((guest) => guest.node === node.name && !guest.template);
    if (guests.length === 0) continue;
    for (let count = 0; count < perNode; count += 1) {
      const guest = guests[random.between(0, guests.length - 1)];
      if (guest) past.push({ node, task: pastTask(guest, random, count) });
    }
  }
  past.sort((a, b) => b.task.agoSeconds - a.task.agoSeconds);
  for (const { node, task } of past) remember(state, node, task, random);
}

function pastTask(guest: SimGuest, random: Random, count: number): PastTask {
  const id = String(guest.vmid);
  const agoSeconds = 900 + Math.floor(count * 2800 * (0.6 + random.next()));
  const prefix = guest.kind === 'qemu' ? 'qm' : 'vz';
  const base = { id, user: random.pick(['root@pam', 'root@pam', 'operator@pve']), agoSeconds };
  const chance = random.next();
  if (chance < 0.4) return { ...base, ...pastBackup(guest, random) };
  if (chance < 0.6) return ok({ ...base, type: 'vncproxy', tookSeconds: random.between(20, 900) });
  if (chance < 0.85) return ok({ ...base, type: `${prefix}start`, tookSeconds: random.between(1, 4) });
  if (chance < 0.93) return ok({ ...base, type: `${prefix}shutdown`, tookSeconds: random.between(3, 40) });
  return failed(base, prefix, guest, random);
}

function ok(task: Omit<PastTask, 'log' | 'exitStatus'>): PastTask {
  return { ...task, log: ['TASK OK'], exitStatus: 'OK' };
}

function failed(
  base: Pick<PastTask, 'id' | 'user' | 'agoSeconds'>,
  prefix: string,
  guest: SimGuest,
  random: Random,
): PastTask {
  const word = guest.kind === 'qemu' ? 'VM' : 'CT';
  const [type, error, took] = random.pick<readonly [string, string, number]>([
    [`${prefix}start`, `${word} is locked (backup)`, 1],
    [
      `${prefix}shutdown`,
      guest.kind === 'qemu' ? 'VM quit/powerdown failed - got timeout' : 'container did not stop',
      60,
    ],
    [`${prefix}migrate`.replace('qmm', 'qm'), 'migration aborted', 14],
  ]);
  return { ...base, type, tookSeconds: took, log: [`TASK ERROR: ${error}`], exitStatus: error };
}

function pastBackup(guest: SimGuest, random: Random): Pick<PastTask, 'type' | 'tookSeconds' | 'log' | 'exitStatus'> {
  const seconds = random.between(40, 900);
  const size = guest.diskBytes / 1024 ** 3;
  const log = [
    `INFO: starting new backup job: vzdump ${guest.vmid} --mode snapshot --compress zstd --storage nas-backup`,
    `INFO: Starting Backup of VM ${guest.vmid} (${guest.kind})`,
    `INFO: status = ${guest.running ? 'running' : 'stopped'}`,
    `INFO: VM Name: ${guest.name}`,
    'INFO: backup mode: snapshot',
    'INFO: ionice priority: 7',
    `INFO: transferred ${size.toFixed(2)} GiB in ${seconds} seconds`,
    `INFO: Finished Backup of VM ${guest.vmid} (00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')})`,
    'INFO: Backup job finished successfully',
    'TASK OK',
  ];
  return { type: 'vzdump', tookSeconds: seconds, log, exitStatus: 'OK' };
}

function remember(state: ClusterState, node: SimNode, task: PastTask, random: Random): void {
  const startedAt = nowSeconds(state) - task.agoSeconds;
  const pid = random.between(2000, 60_000);
  const pstart = Math.max(100, Math.floor((startedAt * 1000 - node.bootedAtMs) / 10));
  const parts = { node: node.name, pid, pstart, startedAt, type: task.type, id: task.id, user: task.user };
  const upid = formatUpid(parts);
  state.tasks.set(upid, {
    ...parts,
    upid,
    log: [...task.log],
    endedAt: Math.min(nowSeconds(state), startedAt + task.tookSeconds),
    exitStatus: task.exitStatus,
  });
}
