import { splitEntityId, type ConnectionId, type EntityId } from '../../contract/ids.ts';
import { AppError, toAppError } from '../../contract/errors.ts';
import type { GuestRecord, TaskRecord } from '../../contract/records/index.ts';
import { guestPowerActions, type GuestPowerAction } from '../../contract/rpc/table.ts';
import { isReached, troubleText } from '../connection-state-text.ts';
import type { Estate } from '../estate.ts';
import { exitCodeOf, exitCodes, type ExitCode } from '../exit-codes.ts';
import { findGuest } from '../find-guests.ts';
import { displayText } from '../output/display-text.ts';
import { jsonText } from '../output/json-text.ts';
import { errorText } from '../output/error-text.ts';
import { colourOfState, painted } from '../terminal/paint.ts';
import type { Command, CommandContext } from './command.ts';
import { enabledConnections } from './enabled-connections.ts';
import { timeoutMsOf } from './timeout.ts';

/** A guest is named the way it can be named again. */
const labelOf = ({ name, nativeId }: GuestRecord): string =>
  name === nativeId || name === '' ? nativeId : `${name} (${nativeId})`;

/** What became of one guest. */
interface Outcome {
  readonly guest: GuestRecord;
  readonly state: TaskRecord['state'];
  /** The host's closing words, or why it was not even begun. */
  readonly text: string;
  readonly code: ExitCode;
  readonly taskId?: EntityId;
}

/** Thrown when words do not each name one guest. */
class NotOneGuest extends Error {}

async function power(action: GuestPowerAction, context: CommandContext): Promise<ExitCode> {
  const timeoutMs = timeoutMsOf(context);
  const estate = await context.estate();
  let guests: readonly GuestRecord[];
  try {
    guests = await findAll(context, estate, timeoutMs);
  } catch (error) {
    if (!(error instanceof NotOneGuest)) throw error;
    context.terminal.err(`${error.message}\n`);
    return hasUnreached(estate) ? exitCodes.unreachable : exitCodes.notFound;
  }
  if (!(await isConfirmed(action, guests, context))) {
    context.terminal.err('Nothing was done.\n');
    return exitCodes.interrupted;
  }
  const outcomes = await Promise.all(guests.map((guest) => perform(action, guest, estate)));
  report(action, outcomes, context);
  // One code for several: the least that went wrong must not hide the worst.
  return (
    [exitCodes.failed, exitCodes.unreachable, exitCodes.refused].find((code) =>
      outcomes.some((outcome) => outcome.code === code),
    ) ?? exitCodes.ok
  );
}

/**
 * The guests that the words name. What was last known says which connections have to be opened; when it does not know a
 * word, all are.
 */
async function findAll(context: CommandContext, estate: Estate, timeoutMs: number): Promise<readonly GuestRecord[]> {
  const remembered = context.positionals.map((word) => findGuest(word, estate.records()));
  const enabled = await enabledConnections(estate);
  const isAllKnown = remembered.every(({ type }) => type === 'one');
  const needed = remembered.flatMap((match) => (match.type === 'one' ? [match.guest.connectionId] : []));
  await estate.open(isAllKnown ? enabled.filter((id) => needed.includes(id)) : enabled, timeoutMs);
  const missing = context.positionals.filter((word) => findGuest(word, estate.records()).type === 'none');
  // It may have moved to another cluster since.
  if (isAllKnown && missing.length > 0) await estate.open(enabled, timeoutMs);
  const guests = context.positionals.map((word) => oneGuest(word, estate));
  return [...new Map(guests.map((guest) => [guest.id, guest])).values()];
}

function oneGuest(word: string, estate: Estate): GuestRecord {
  const match = findGuest(word, estate.records());
  if (match.type === 'one') return match.guest;
  const shown = displayText(word);
  if (match.type === 'several') {
    const candidates = match.guests.map(({ id, name }) => `  ${displayText(id)}  ${displayText(name)}`);
    throw new NotOneGuest([`${shown} names several guests; use one of these ids:`, ...candidates].join('\n'));
  }
  const silent = estate
    .connections()
    .filter((connection) => estate.isOpened(connection.connectionId) && !isReached(connection))
    .map((connection) => displayText(troubleText(connection, Date.now())));
  throw new NotOneGuest([`There is no guest ${shown}.`, ...silent].join('\n'));
}

function hasUnreached(estate: Estate): boolean {
  return estate.connections().some((each) => estate.isOpened(each.connectionId) && !isReached(each));
}

async function isConfirmed(
  action: GuestPowerAction,
  guests: readonly GuestRecord[],
  { terminal, signal, has }: CommandContext,
): Promise<boolean> {
  const isHarsh = action === 'stop' || action === 'reset';
  if (!isHarsh || guests.length < 2 || has('yes') || !terminal.canAsk) return true;
  for (const guest of guests) terminal.err(`  ${displayText(labelOf(guest))}\n`);
  const question = `${action === 'stop' ? 'Cut the power of' : 'Reset'} these ${guests.length} guests? [y/N] `;
  const typed = await terminal.ask(question, { isHidden: false, signal });
  return ['y', 'yes'].includes(typed.trim().toLowerCase());
}

async function perform(action: GuestPowerAction, guest: GuestRecord, estate: Estate): Promise<Outcome> {
  try {
    requireReached(guest.connectionId, estate);
    const { taskId } = await estate.handlers['guest.power']({ id: guest.id, action }, estate.context);
    // No time limit of ours: a shut down takes as long as the guest needs, and Ctrl+C is there.
    await estate.waitUntil(() => hasEnded(estate.task(taskId)));
    const task = estate.task(taskId);
    const state = task?.state ?? 'unknown';
    const isDone = state === 'succeeded' || state === 'warnings';
    return { guest, state, text: task?.outcome ?? '', code: isDone ? exitCodes.ok : exitCodes.failed, taskId };
  } catch (error) {
    const failure = toAppError(error, 'guest.power');
    if (failure.code === 'operation.cancelled') throw failure;
    return { guest, state: 'failed', text: errorText(failure), code: exitCodeOf(failure.code) };
  }
}

function requireReached(id: ConnectionId, estate: Estate): void {
  const connection = estate.connections().find(({ connectionId }) => connectionId === id);
  if (connection !== undefined && isReached(connection)) return;
  const state = connection?.state ?? 'removed';
  if (connection?.error !== undefined) throw AppError.fromShape(connection.error);
  throw new AppError('connection.not-ready', `${id} is ${state}`, { connectionId: id, state });
}

function hasEnded(task: TaskRecord | undefined): boolean {
  return task !== undefined && task.state !== 'running' && task.state !== 'waiting';
}

function report(action: GuestPowerAction, outcomes: readonly Outcome[], { terminal, has }: CommandContext): void {
  if (has('json')) {
    const guests = outcomes.map(({ guest, state, text, taskId }) => ({
      id: guest.id,
      name: guest.name,
      nativeId: guest.nativeId,
      connectionId: splitEntityId(guest.id).connectionId,
      action,
      state,
      text,
      taskId: taskId ?? null,
    }));
    terminal.out(`${jsonText({ format: 'wheelhouse-guest-action', version: 1, guests }, 2)}\n`);
    return;
  }
  for (const { guest, state, text } of outcomes) {
    const word = painted(state, colourOfState(state), terminal.hasColours);
    const because = text === '' || text === 'OK' ? '' : `: ${displayText(text)}`;
    terminal.out(`${displayText(labelOf(guest))}: ${action} ${word}${because}\n`);
  }
}

const summaries: { readonly [Action in GuestPowerAction]: string } = {
  start: 'Start guests.',
  shutdown: 'Ask guests to shut down, and wait until they have.',
  stop: 'Cut the power of guests.',
  reboot: 'Ask guests to reboot.',
  reset: "Press the guests' reset button.",
  suspend: 'Pause guests; their memory stays where it is.',
  resume: 'Go on with paused guests.',
  hibernate: 'Save the memory of guests to disk and switch them off.',
};

const isHarsh = (action: GuestPowerAction): boolean => action === 'stop' || action === 'reset';

/** One command for each verb. */
export const guestCommands: readonly Command[] = guestPowerActions.map((action) => ({
  name: `guest ${action}`,
  summary: summaries[action],
  usage: 'GUEST...',
  arity: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    ...(isHarsh(action)
      ? { yes: { type: 'boolean', short: 'y', help: 'do not ask, whatever the number' } as const }
      : {}),
    json: { type: 'boolean', help: 'print JSON' },
  },
  notes: [
    'A guest is named by its name, its VMID or UUID, either of them behind its connection (lab/104), or its whole id as',
    '"inventory --json" prints it. A word that names several guests is refused, and nothing is done to any.',
    ...(isHarsh(action) ? ['Several guests are asked for on a terminal.'] : []),
  ],
  run: (context) => power(action, context),
}));
