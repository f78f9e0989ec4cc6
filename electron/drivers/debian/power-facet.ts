import { AppError } from '../../contract/errors.ts';
import { entityId, type ConnectionId, type EntityId } from '../../contract/ids.ts';
import type { GuestPower } from '../../contract/records/index.ts';
import type { GuestPowerAction } from '../../contract/rpc/table.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { PowerFacet, RemoteOperation } from '../../core/ports/driver.ts';
import type { ArgumentVector } from '../../core/ports/host-link.ts';
import { hasPowerAction, powerActionStates } from './capabilities.ts';
import { explainFailure } from './failures.ts';
import { guestReferenceOf, type GuestReference } from './guest-reference.ts';
import { containerStateScript, domainStateScript } from './host/batch-script.ts';
import type { HostShell } from './host/host-shell.ts';
import { powerOfWords } from './libvirt/map/power.ts';
import { powerOfContainer } from './lxc/parse/container-list.ts';
import { startPowerOperation } from './power-operation.ts';

const stateTimeoutMs = 15_000;
/** Verbs that the host carries out itself; a slow disk at the start of a guest is the longest. */
const commandTimeoutMs = 120_000;
/** Writing the memory of a large guest to a slow disk. */
const saveTimeoutMs = 60 * 60_000;
const settleMs = 30_000;

interface PowerFacetParts {
  readonly connectionId: ConnectionId;
  readonly shell: HostShell;
  readonly clock: Clock;
  /** How long a guest may take to shut down before the task says that it did not react. */
  readonly shutdownTimeoutMs: number;
  /** Told when a verb has changed something. */
  readonly onChanged: (because: string) => void;
}

/** The command of each verb for a domain. `virsh` is always given the UUID: names may look like options or UUIDs. */
export function buildDomainCommand(action: GuestPowerAction, uuid: string, isAsleep: boolean): ArgumentVector {
  const verbs: Readonly<Record<GuestPowerAction, string>> = {
    start: 'start',
    shutdown: 'shutdown',
    stop: 'destroy',
    reboot: 'reboot',
    reset: 'reset',
    suspend: 'suspend',
    resume: isAsleep ? 'dompmwakeup' : 'resume',
    hibernate: 'managedsave',
  };
  return ['virsh', '-q', '-c', 'qemu:///system', verbs[action], uuid];
}

/** The command of each verb for a container; undefined for those that containers do not have. */
export function buildContainerCommand(
  action: GuestPowerAction,
  name: string,
  shutdownTimeoutMs: number,
): ArgumentVector | undefined {
  const seconds = String(Math.max(1, Math.ceil(shutdownTimeoutMs / 1000)));
  switch (action) {
    case 'start':
      return ['lxc-start', '-n', name];
    case 'shutdown':
      return ['lxc-stop', '-n', name, '--nokill', '-t', seconds];
    case 'stop':
      return ['lxc-stop', '-n', name, '-k'];
    case 'reboot':
      return ['lxc-stop', '-n', name, '-r'];
    case 'suspend':
      return ['lxc-freeze', '-n', name];
    case 'resume':
      return ['lxc-unfreeze', '-n', name];
    case 'reset':
    case 'hibernate':
      return undefined;
  }
}

const goals: Readonly<Record<GuestPowerAction, GuestPower | undefined>> = {
  start: 'running',
  shutdown: 'stopped',
  stop: 'stopped',
  reboot: undefined,
  reset: undefined,
  suspend: 'paused',
  resume: 'running',
  hibernate: 'suspended',
};

/** The verbs of a Debian host's guests. The state is read afresh before each, so that a stale window does no harm. */
export class DebianPowerFacet implements PowerFacet {
  readonly #parts: PowerFacetParts;
  #count = 0;

  constructor(parts: PowerFacetParts) {
    this.#parts = parts;
  }

  async perform(action: GuestPowerAction, guest: EntityId, signal: AbortSignal): Promise<RemoteOperation> {
    const reference = guestReferenceOf(guest);
    const { clock, shutdownTimeoutMs, shell } = this.#parts;
    const virtualization = reference.system === 'libvirt' ? 'vm' : 'container';
    if (!hasPowerAction(action, virtualization)) throw lacks(action);
    const before = await this.#read(reference, signal);
    if (!powerActionStates[action].includes(before.power)) {
      throw new AppError('entity.wrong-state', `cannot ${action} a guest that is ${before.words}`, {
        entityId: guest,
        actual: before.power,
        needed: powerActionStates[action],
      });
    }
    const command =
      reference.system === 'libvirt'
        ? buildDomainCommand(action, reference.uuid, before.words.startsWith('pmsuspended'))
        : buildContainerCommand(action, reference.name, shutdownTimeoutMs);
    if (command === undefined) throw lacks(action);
    const goal = goals[action];
    this.#count += 1;
    return startPowerOperation({
      nativeId: `${action}-${clock.now()}-${this.#count}`,
      command,
      ...(goal === undefined ? {} : { goal }),
      patienceMs: action === 'shutdown' && reference.system === 'libvirt' ? shutdownTimeoutMs : settleMs,
      overdue:
        action === 'shutdown'
          ? `the guest did not react within ${Math.round(shutdownTimeoutMs / 1000)} s`
          : `the guest is not ${goal ?? 'there'} after ${settleMs / 1000} s`,
      clock,
      run: (argv, during) => shell.run(argv, timeLimit(action, shutdownTimeoutMs), during),
      readPower: async (during) => {
        const { power } = await this.#read(reference, during);
        if (power === goal) this.#parts.onChanged(`${action} ended`);
        return power;
      },
      explain: (result) => explainFailure(command.slice(0, -1).join(' '), result, guest),
      ...(action === 'hibernate' && reference.system === 'libvirt'
        ? { cancelCommand: ['virsh', '-q', '-c', 'qemu:///system', 'domjobabort', reference.uuid] as const }
        : {}),
    });
  }

  async #read(
    reference: GuestReference,
    signal: AbortSignal,
  ): Promise<{ readonly power: GuestPower; readonly words: string }> {
    const { shell, connectionId } = this.#parts;
    const isDomain = reference.system === 'libvirt';
    const native = isDomain ? reference.uuid : reference.name;
    const script = isDomain
      ? { name: 'virsh domstate', text: domainStateScript }
      : { name: 'lxc-info', text: containerStateScript };
    const { sections } = await shell.batch(script, [native], stateTimeoutMs, signal);
    const state = sections.get('state');
    const words = state?.stdout.trim() ?? '';
    if (state === undefined || state.code !== 0 || words === '') {
      const id = entityId(connectionId, 'guest', `${isDomain ? 'qemu' : 'lxc'}:${native}`);
      throw explainFailure(script.name, { code: 1, signal: null, stdout: '', stderr: state?.stderr ?? '' }, id);
    }
    if (!isDomain) return { power: powerOfContainer(words), words: words.toLowerCase() };
    return powerOfWords(words, (sections.get('saved')?.stdout ?? '').includes(reference.uuid));
  }
}

function timeLimit(action: GuestPowerAction, shutdownTimeoutMs: number): number {
  if (action === 'hibernate') return saveTimeoutMs;
  return action === 'shutdown' ? shutdownTimeoutMs + commandTimeoutMs : commandTimeoutMs;
}

function lacks(action: GuestPowerAction): AppError {
  return new AppError('capability.unavailable', `containers have no ${action}`, {
    capability: `guest.${action}`,
    reason: 'driver-lacks-it',
    detail: action,
  });
}
