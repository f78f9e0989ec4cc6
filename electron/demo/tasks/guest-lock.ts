import type { SimGuest } from '../state/guest.ts';
import type { Work } from './worker.ts';

/** How long a worker waits for another one that works on the same guest. */
const patienceMs = 10_000;

const holders = new WeakMap<SimGuest, { waiting: (() => void)[] }>();

/**
 * Runs `body` alone on a guest; it must call `release` before its end. A second worker says that it waits, as recorded,
 * and gives up after ten seconds.
 */
export function withGuestLock(work: Work, guest: SimGuest, body: (release: () => void) => void): void {
  const holder = holders.get(guest);
  if (!holder) {
    holders.set(guest, { waiting: [] });
    body(() => passOn(guest));
    return;
  }
  work.say('trying to acquire lock...');
  const enter = (): void => {
    work.say(' OK');
    work.onAbort(() => passOn(guest));
    work.later(0, () => body(() => passOn(guest)));
  };
  const leave = (): void => {
    const place = holder.waiting.indexOf(enter);
    if (place >= 0) holder.waiting.splice(place, 1);
  };
  holder.waiting.push(enter);
  work.onAbort(leave);
  work.later(patienceMs, () => {
    leave();
    work.fail(`can't lock file '${lockFile(guest)}' - got timeout`);
  });
}

function lockFile(guest: SimGuest): string {
  if (guest.kind === 'qemu') return `/var/lock/qemu-server/lock-${guest.vmid}.conf`;
  return `/run/lock/lxc/pve-config-${guest.vmid}.lock`;
}

function passOn(guest: SimGuest): void {
  const next = holders.get(guest)?.waiting.shift();
  if (next) next();
  else holders.delete(guest);
}
