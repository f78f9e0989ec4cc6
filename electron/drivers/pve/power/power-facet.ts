import { AppError, isAppError } from '../../../contract/errors.ts';
import type { EntityId } from '../../../contract/ids.ts';
import type { GuestPower } from '../../../contract/records/guest.ts';
import type { GuestPowerAction } from '../../../contract/rpc/table.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { PowerFacet, RemoteOperation } from '../../../core/ports/driver.ts';
import type { PveApi } from '../api.ts';
import { containerSuspend, isLockedFor, makesSense, neededPowers } from '../capabilities/guest-power.ts';
import { changePower } from '../commands/guest-power.ts';
import { readGuestStatus, type GuestPlace } from '../commands/reads.ts';
import { describe } from '../commands/request.ts';
import { parseGuestStatus, type PveGuestStatus } from '../parse/details.ts';
import { parseStartedTask } from '../parse/tasks.ts';
import type { Upid } from '../parse/upid.ts';
import { followTask } from '../tasks/task-operation.ts';

export interface PowerFacetOptions {
  readonly api: PveApi;
  readonly clock: Clock;
  /** Of the session: an operation outlives the call that started it. */
  readonly sessionSignal: AbortSignal;
  /** Where a guest is; `again` looks it up anew. Rejects with `entity.not-found`. */
  readonly locate: (guest: EntityId, signal: AbortSignal, again?: boolean) => Promise<GuestPlace>;
  readonly onStarted: (upid: Upid) => void;
  /** The worker has ended, whichever way. */
  readonly onEnded: (guest: GuestPlace) => void;
  readonly onStatus: (guest: GuestPlace, status: PveGuestStatus) => void;
}

/**
 * Power verbs. PVE takes almost any of them in any state and lets the worker fail, so the guest's own state is read
 * first: one request more, and an answer that says what is wrong instead of a failed task.
 */
export class PvePowerFacet implements PowerFacet {
  readonly #options: PowerFacetOptions;

  constructor(options: PowerFacetOptions) {
    this.#options = options;
  }

  async perform(action: GuestPowerAction, guest: EntityId, signal: AbortSignal): Promise<RemoteOperation> {
    const { api, clock, sessionSignal, onStarted, onEnded, onStatus } = this.#options;
    let place = await this.#options.locate(guest, signal);
    refuseNonsense(action, place);
    let status: PveGuestStatus;
    try {
      status = await this.#readStatus(place, guest, signal);
    } catch (error) {
      // It may have moved since the last listing: its configuration is then on another node.
      if (!isAppError(error, 'entity.not-found')) throw error;
      place = await this.#options.locate(guest, signal, true);
      status = await this.#readStatus(place, guest, signal);
    }
    onStatus(place, status);
    refuseState(action, guest, status);
    // A hibernated VM is woken by starting it: `Resuming suspended VM` (recorded on 9.1.9).
    const isAsleep = action === 'resume' && toPower(status) === 'suspended';
    const command = changePower(place, isAsleep ? 'start' : action);
    const upid = parseStartedTask(await api.call(command, signal, guest), describe(command));
    onStarted(upid);
    const operation = followTask({ api, clock, upid, signal: sessionSignal });
    return { ...operation, events: tellEnd(operation.events, () => onEnded(place)) };
  }

  async #readStatus(place: GuestPlace, guest: EntityId, signal: AbortSignal): Promise<PveGuestStatus> {
    const command = readGuestStatus(place);
    return parseGuestStatus(await this.#options.api.call(command, signal, guest), describe(command));
  }
}

function refuseNonsense(action: GuestPowerAction, { type }: GuestPlace): void {
  const virtualization = type === 'qemu' ? 'vm' : 'container';
  const isExperimental = action === 'suspend' && virtualization === 'container';
  if (makesSense(action, virtualization) && !isExperimental) return;
  const detail =
    isExperimental && !containerSuspend.available ? containerSuspend.detail : `not for a ${virtualization}`;
  throw new AppError('capability.unavailable', `guest.${action}: ${detail}`, {
    capability: `guest.${action}`,
    reason: 'host-lacks-it',
    detail,
  });
}

function refuseState(action: GuestPowerAction, guest: EntityId, status: PveGuestStatus): void {
  const needed = neededPowers[action];
  const actual = status.template === true ? 'template' : toPower(status);
  if (isLockedFor(action, status.lock)) {
    const lock = status.lock ?? 'other';
    throw new AppError('entity.locked', `${action}: locked (${lock})`, { entityId: guest, lock });
  }
  if (actual === 'template' || !needed.includes(actual)) {
    throw new AppError('entity.wrong-state', `${action}: the guest is ${actual}`, { entityId: guest, actual, needed });
  }
}

function toPower(status: PveGuestStatus): GuestPower {
  if (status.status === 'running') return status.qmpstatus === 'paused' ? 'paused' : 'running';
  if (status.status !== 'stopped') return 'unknown';
  return status.lock === 'suspended' ? 'suspended' : 'stopped';
}

async function* tellEnd<T extends { readonly type: string }>(
  events: AsyncIterable<T>,
  onEnd: () => void,
): AsyncGenerator<T, void, void> {
  for await (const event of events) {
    if (event.type === 'end') onEnd();
    yield event;
  }
}
