import { isQuorate, type ClusterState } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import { guestsChanged } from '../state/publication.ts';
import { readOnlyConfiguration, volumeOf } from '../state/guest-config.ts';
import type { Work } from './worker.ts';

const gib = 1024 ** 3;
/** How often a backup reports. */
const reportMs = 3000;
/** Bytes a second from a disk of the demonstration; the real size divided by this would take hours. */
const longestSeconds = 75;
const usualBytesPerSecond = 0.9 * gib;

/** What a backup is asked for. */
export interface BackupOrder {
  readonly storage: string;
  readonly mode: string;
  readonly compress: string;
  readonly node: string;
}

/** Saves guests one after the other; log lines as recorded on PVE 9.1.9, progress lines included. */
export function runBackup(state: ClusterState, vmids: readonly number[], order: BackupOrder, work: Work): void {
  work.say(
    `INFO: starting new backup job: vzdump ${vmids.join(' ')} --node ${order.node} --storage ${order.storage} --mode ${order.mode} --compress ${order.compress}`,
  );
  if (!state.storages.get(order.storage)?.content.includes('backup')) {
    work.say(`ERROR: storage '${order.storage}' does not exist or cannot hold backups`);
    return work.fail('could not get storage information');
  }
  let failures = 0;
  const next = (index: number): void => {
    const vmid = vmids[index];
    if (vmid === undefined) {
      work.say(failures === 0 ? 'INFO: Backup job finished successfully' : 'INFO: Backup job finished with errors');
      if (failures === 0) work.done();
      else work.fail('job errors');
      return;
    }
    saveOne(state, vmid, order, work, (isGood) => {
      if (!isGood) failures += 1;
      next(index + 1);
    });
  };
  next(0);
}

function saveOne(
  state: ClusterState,
  vmid: number,
  order: BackupOrder,
  work: Work,
  next: (isGood: boolean) => void,
): void {
  const guest = state.guests.get(vmid);
  if (!guest || guest.node !== order.node || guest.lock !== undefined) {
    const cause = guest?.lock === undefined ? `unable to find VM '${vmid}'` : `VM is locked (${guest.lock})`;
    work.say(`ERROR: Backup of VM ${vmid} failed - ${cause}`);
    next(false);
    return;
  }
  if (!isQuorate(state)) {
    const cause = readOnlyConfiguration(guest, work.task.pid);
    work.say(`INFO: Starting Backup of VM ${vmid} (${guest.kind})`, `ERROR: Backup of VM ${vmid} failed - ${cause}`);
    next(false);
    return;
  }
  work.say(...opening(state, guest, order));
  guest.lock = 'backup';
  guestsChanged(state);
  const release = (): void => {
    guest.lock = undefined;
    guestsChanged(state);
  };
  work.onAbort(() => {
    work.say('ERROR: interrupted by signal', 'INFO: aborting backup job', 'INFO: resuming VM again');
    release();
  });
  const seconds = Math.max(3, Math.min(longestSeconds, Math.round(guest.diskBytes / usualBytesPerSecond)));
  transfer(guest, seconds, work, () => {
    release();
    work.say(...closing(state, guest, seconds));
    next(true);
  });
}

function opening(state: ClusterState, guest: SimGuest, order: BackupOrder): string[] {
  const stamp = timeText(state).replace(/[-:]/g, '_').replace(' ', '-');
  const isMachine = guest.kind === 'qemu';
  const archive = `vzdump-${guest.kind}-${guest.vmid}-${stamp}.${isMachine ? 'vma' : 'tar'}.zst`;
  return [
    `INFO: Starting Backup of VM ${guest.vmid} (${guest.kind})`,
    `INFO: Backup started at ${timeText(state)}`,
    `INFO: status = ${guest.running ? 'running' : 'stopped'}`,
    `INFO: ${isMachine ? 'VM' : 'CT'} Name: ${guest.name}`,
    isMachine
      ? `INFO: include disk 'scsi0' '${volumeOf(guest)}' ${Math.round(guest.diskBytes / gib)}G`
      : "INFO: including mount point rootfs ('/') in backup",
    `INFO: backup mode: ${guest.running ? order.mode : 'stop'}`,
    'INFO: ionice priority: 7',
    `INFO: creating vzdump archive '/mnt/pve/${order.storage}/dump/${archive}'`,
    ...(isMachine ? ['INFO: starting backup via QMP command', 'INFO: resuming VM again'] : []),
  ];
}

function transfer(guest: SimGuest, seconds: number, work: Work, next: () => void): void {
  const total = guest.diskBytes / gib;
  const rate = (total / seconds).toFixed(1);
  const report = (passed: number): void => {
    const share = Math.min(1, passed / seconds);
    const percent = String(Math.floor(share * 100)).padStart(3);
    if (guest.kind === 'qemu') {
      work.say(
        `INFO: ${percent}% (${(total * share).toFixed(1)} GiB of ${total.toFixed(1)} GiB) in ${passed}s, read: ${rate} GiB/s, write: ${rate} GiB/s`,
      );
    }
    if (share >= 1) next();
    else work.later(reportMs, () => report(Math.min(seconds, passed + reportMs / 1000)));
  };
  work.later(reportMs, () => report(reportMs / 1000));
}

function closing(state: ClusterState, guest: SimGuest, seconds: number): string[] {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return [
    `INFO: transferred ${(guest.diskBytes / gib).toFixed(2)} GiB in ${seconds} seconds`,
    `INFO: archive file size: ${((guest.diskBytes / gib) * 0.18).toFixed(2)}GB`,
    `INFO: Finished Backup of VM ${guest.vmid} (00:${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)})`,
    `INFO: Backup finished at ${timeText(state)}`,
  ];
}

/** `2026-11-23 06:05:10`, the form of PVE's logs. */
function timeText(state: ClusterState): string {
  return new Date(state.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
}
