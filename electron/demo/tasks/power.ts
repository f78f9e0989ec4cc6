import { isQuorate, type ClusterState } from '../state/cluster-state.ts';
import { readOnlyConfiguration } from '../state/guest-config.ts';
import type { SimGuest } from '../state/guest.ts';
import { guestsChanged, powerChanged } from '../state/publication.ts';
import { withGuestLock } from './guest-lock.ts';
import type { Work } from './worker.ts';

/** How long the steps of a power action take on a machine at rest, in milliseconds of life. */
const durations = { start: 1800, containerStart: 1100, stop: 700, quick: 120, hibernate: 6000 } as const;
/** How long PVE waits for a guest to switch itself off. */
const patienceSeconds = { qemu: 180, lxc: 60 } as const;

/** Options of a shutdown or reboot. */
export interface ShutdownOptions {
  readonly timeoutSeconds?: number | undefined;
  /** Stop it hard when it does not go by itself. */
  readonly force: boolean;
}

const word = { qemu: 'VM', lxc: 'CT' } as const;

/** Starts a guest. Recorded: a running machine or a lock fails in the task; a hibernated one resumes. */
export function runStart(state: ClusterState, guest: SimGuest, work: Work): void {
  const name = `${word[guest.kind]} ${guest.vmid}`;
  if (guest.template) return work.fail("you can't start a vm if it's a template");
  if (guest.lock !== undefined && guest.lock !== 'suspended') return failLocked(guest, work);
  if (guest.running) return work.fail(`${name} already running`);
  withGuestLock(work, guest, (release) => {
    const isResuming = guest.lock === 'suspended';
    if (isResuming) {
      const image = `${guest.storage}:vm-${guest.vmid}-state-suspend-${new Date(guest.stoppedAtMs).toISOString().slice(0, 10)}`;
      work.say('Resuming suspended VM', `activating and using '${image}' as vmstate`);
    }
    work.onAbort(release);
    work.later(guest.kind === 'qemu' ? durations.start : durations.containerStart, () => {
      if (isResuming) work.say('Resumed VM, removing state');
      switchOn(state, guest);
      release();
      finishStart(guest, work);
    });
  });
}

/** Recorded: a container whose systemd wants nesting starts with a warning. */
function finishStart(guest: SimGuest, work: Work): void {
  if (guest.kind === 'qemu' || guest.options.get('features') !== null) return work.done();
  work.say('WARN: Systemd 252 detected. You may need to enable nesting.');
  work.warned(1);
}

/** Stops a guest hard. Recorded: stopping what is stopped is fine, locked or not; without quorum it works and complains. */
export function runStop(state: ClusterState, guest: SimGuest, work: Work): void {
  if (!guest.running) return work.done();
  if (guest.lock !== undefined) return failLocked(guest, work);
  withGuestLock(work, guest, (release) => {
    work.onAbort(release);
    work.later(durations.stop, () => {
      if (!isQuorate(state)) work.say(readOnlyConfiguration(guest, work.task.pid));
      switchOff(state, guest);
      release();
      work.done();
    });
  });
}

/** Asks a guest to switch itself off, and waits. */
export function runShutdown(state: ClusterState, guest: SimGuest, options: ShutdownOptions, work: Work): void {
  if (!guest.running) return work.done();
  if (guest.lock !== undefined) return failLocked(guest, work);
  withGuestLock(work, guest, (release) => {
    work.onAbort(release);
    waitForGuest(state, guest, options, work, release, () => {
      switchOff(state, guest);
      release();
      work.done();
    });
  });
}

/** Shuts a guest down and starts it again; pending changes take effect. */
export function runReboot(state: ClusterState, guest: SimGuest, options: ShutdownOptions, work: Work): void {
  if (guest.lock !== undefined) return failLocked(guest, work);
  withGuestLock(work, guest, (release) => {
    work.onAbort(release);
    waitForGuest(state, guest, options, work, release, () => {
      switchOff(state, guest);
      work.later(durations.start, () => {
        switchOn(state, guest);
        release();
        finishStart(guest, work);
      });
    });
  });
}

/** Presses the reset button: the machine keeps its process and its uptime. */
export function runReset(guest: SimGuest, work: Work): void {
  if (guest.lock !== undefined) return failLocked(guest, work);
  work.later(durations.quick, () => work.done());
}

/** Pauses a machine. */
export function runPause(state: ClusterState, guest: SimGuest, work: Work): void {
  if (guest.lock !== undefined) return failLocked(guest, work);
  work.later(durations.quick, () => {
    guest.paused = true;
    guestsChanged(state);
    work.done();
  });
}

/** Saves the memory of a machine and stops it; recorded: it is stopped then and carries the lock `suspended`. */
export function runHibernate(state: ClusterState, guest: SimGuest, work: Work): void {
  if (guest.lock !== undefined) return failLocked(guest, work);
  guest.lock = 'suspending';
  guestsChanged(state);
  work.onAbort(() => {
    guest.lock = undefined;
  });
  work.later(durations.hibernate, () => {
    work.say('State saved, quitting');
    switchOff(state, guest);
    guest.lock = 'suspended';
    work.done();
  });
}

/** Lets a paused machine go on. */
export function runResume(state: ClusterState, guest: SimGuest, work: Work): void {
  work.later(durations.quick, () => {
    guest.paused = false;
    guestsChanged(state);
    work.done();
  });
}

/** The guest runs from now on, with what was pending in force. */
export function switchOn(state: ClusterState, guest: SimGuest): void {
  guest.running = true;
  guest.paused = false;
  guest.lock = undefined;
  guest.startedAtMs = state.clock.now();
  guest.pid = 2000 + Math.floor(state.random.next() * 900_000);
  applyPending(guest);
  powerChanged(state, guest);
}

/** The guest is off from now on. */
export function switchOff(state: ClusterState, guest: SimGuest): void {
  guest.running = false;
  guest.stoppedAtMs = state.clock.now();
  guest.paused = false;
  applyPending(guest);
  powerChanged(state, guest);
}

function applyPending(guest: SimGuest): void {
  for (const [key, value] of guest.pending) guest.options.set(key, value);
  guest.pending.clear();
}

/** Waits until the guest went by itself, or for its patience to end. */
function waitForGuest(
  state: ClusterState,
  guest: SimGuest,
  options: ShutdownOptions,
  work: Work,
  release: () => void,
  next: () => void,
): void {
  const timeoutMs = (options.timeoutSeconds ?? patienceSeconds[guest.kind]) * 1000;
  const ownTimeMs = (guest.kind === 'lxc' ? 1500 : 5000) + (guest.vmid % 7) * 900;
  if (guest.obeysShutdown && !guest.paused && ownTimeMs < timeoutMs) {
    work.later(ownTimeMs, next);
    return;
  }
  work.later(timeoutMs, () => {
    if (options.force) {
      work.say('VM still running - terminating now with SIGTERM');
      work.later(durations.stop, next);
      return;
    }
    release();
    work.fail(guest.kind === 'qemu' ? 'VM quit/powerdown failed - got timeout' : 'container did not stop');
    guestsChanged(state);
  });
}

function failLocked(guest: SimGuest, work: Work): void {
  work.fail(`${word[guest.kind]} is locked (${guest.lock ?? ''})`);
}
