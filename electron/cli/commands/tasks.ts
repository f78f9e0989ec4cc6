import type { EntityId } from '../../contract/ids.ts';
import { isAppError } from '../../contract/errors.ts';
import type { TaskRecord } from '../../contract/records/index.ts';
import { isReached, troubleText } from '../connection-state-text.ts';
import type { Estate } from '../estate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { displayText } from '../output/display-text.ts';
import { jsonText } from '../output/json-text.ts';
import { durationText, timeText } from '../output/figures.ts';
import { tableLines, type Column } from '../output/table.ts';
import { colourOfState, painted } from '../terminal/paint.ts';
import { UsageError } from '../usage-error.ts';
import type { Command, CommandContext } from './command.ts';
import { enabledConnections } from './enabled-connections.ts';
import { timeoutMsOf } from './timeout.ts';

const defaultLimit = 50;

async function show(context: CommandContext): Promise<ExitCode> {
  const timeoutMs = timeoutMsOf(context);
  const limit = limitOf(context);
  const estate = await context.estate();
  const enabled = await enabledConnections(estate);
  await estate.open(enabled, timeoutMs);
  // Opening waits for the inventory; this waits for the lists of tasks as well.
  await Promise.all(enabled.map((id) => estate.handlers['inventory.refresh']({ id }, estate.context)));

  const isWanted = (task: TaskRecord): boolean => !context.has('running') || isUnfinished(task);
  const shown = estate.tasks().filter(isWanted).toSorted(newestLast).slice(-limit);
  if (context.has('follow')) return follow(context, estate, shown, isWanted);
  if (context.has('json')) {
    const tasks = shown.map((task) => shapeOf(task, estate));
    context.terminal.out(`${jsonText({ format: 'wheelhouse-tasks', version: 1, tasks }, 2)}\n`);
  } else if (shown.length === 0) context.terminal.err('No tasks.\n');
  else context.terminal.out(`${table(shown, estate, context).join('\n')}\n`);
  return reportTrouble(context, estate);
}

function limitOf(context: CommandContext): number {
  const text = context.text('limit') ?? String(defaultLimit);
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError(`--limit takes a number of tasks, not "${text}".`);
  return Number(text);
}

function reportTrouble({ terminal }: CommandContext, estate: Estate): ExitCode {
  const unreached = estate.connections().filter((each) => estate.isOpened(each.connectionId) && !isReached(each));
  for (const connection of unreached) terminal.err(`${displayText(troubleText(connection, Date.now()))}\n`);
  return unreached.length > 0 ? exitCodes.unreachable : exitCodes.ok;
}

/** Prints a line for every task and again when its state changes, until Ctrl+C, which is the way to end it. */
async function follow(
  context: CommandContext,
  estate: Estate,
  before: readonly TaskRecord[],
  isWanted: (task: TaskRecord) => boolean,
): Promise<ExitCode> {
  reportTrouble(context, estate);
  const known = new Map<EntityId, string>(estate.tasks().map((task) => [task.id, task.state]));
  for (const task of before) print(task, estate, context);
  const listening = estate.onDidChange(() => {
    for (const task of estate.tasks()) {
      if (known.get(task.id) === task.state) continue;
      const isNew = !known.has(task.id);
      known.set(task.id, task.state);
      if (isWanted(task) || !isNew) print(task, estate, context);
    }
  });
  try {
    await estate.waitUntil(() => false);
  } catch (error) {
    if (!isAppError(error, 'operation.cancelled')) throw error;
  } finally {
    listening.dispose();
  }
  return exitCodes.ok;
}

function print(task: TaskRecord, estate: Estate, { terminal, has }: CommandContext): void {
  if (has('json')) {
    terminal.out(`${jsonText(shapeOf(task, estate))}\n`);
    return;
  }
  const [at, state, ...rest] = rowOf(task, estate);
  const words = [at, state, ...rest]
    .filter((text) => text !== undefined && text !== '')
    .map((text) => displayText(text ?? ''));
  words[1] = painted(words[1] ?? '', colourOfState(task.state), terminal.hasColours);
  terminal.out(`${words.join('  ')}\n`);
}

/** What scripts get: the record with the names that its ids stand for. */
function shapeOf(task: TaskRecord, estate: Estate): object {
  return { ...task, subjectName: subjectOf(task, estate), nodeName: nodeOf(task, estate) };
}

const columns: readonly Column[] = [
  { title: 'STARTED' },
  { title: 'STATE' },
  { title: 'TASK' },
  { title: 'SUBJECT', maxWidth: 40 },
  { title: 'NODE', maxWidth: 24 },
  { title: 'USER', maxWidth: 24 },
  { title: 'TOOK', align: 'right' },
  { title: 'OUTCOME', maxWidth: 60 },
];
const stateColumn = 1;

function table(tasks: readonly TaskRecord[], estate: Estate, { terminal }: CommandContext): readonly string[] {
  return tableLines(
    columns,
    tasks.map((task) => rowOf(task, estate)),
    {
      cuts: terminal.isOutTerminal,
      paint: (text, row, column) =>
        column === stateColumn ? painted(text, colourOfState(tasks[row]?.state ?? ''), terminal.hasColours) : text,
    },
  );
}

function rowOf(task: TaskRecord, estate: Estate): readonly string[] {
  const { state, progress } = task;
  const done =
    progress !== undefined && isUnfinished(task) ? ` ${Math.round((progress.done / progress.total) * 100)}%` : '';
  return [
    timeText(task.startedAtMs),
    `${state}${done}`,
    task.taskType,
    subjectOf(task, estate),
    nodeOf(task, estate),
    task.user,
    durationText((task.endedAtMs ?? Date.now()) - task.startedAtMs),
    task.outcome,
  ];
}

function subjectOf({ subjectId, name }: TaskRecord, estate: Estate): string {
  const subject = subjectId === undefined ? undefined : estate.record(subjectId);
  if (subject?.kind === 'guest') return `${subject.name} (${subject.nativeId})`;
  return subject?.name ?? name;
}

function nodeOf({ nodeId }: TaskRecord, estate: Estate): string {
  return nodeId === undefined ? '' : (estate.record(nodeId)?.name ?? '');
}

function isUnfinished({ state }: TaskRecord): boolean {
  return state === 'running' || state === 'waiting';
}

function newestLast(a: TaskRecord, b: TaskRecord): number {
  return a.startedAtMs - b.startedAtMs || a.id.localeCompare(b.id);
}

/** What hosts are doing and have done. */
export const tasksCommand: Command = {
  name: 'tasks',
  summary: 'Show the recent tasks of every connection, the newest last.',
  usage: '',
  arity: { min: 0, max: 0 },
  options: {
    follow: { type: 'boolean', short: 'F', help: 'go on, with a line for every change, until Ctrl+C' },
    running: { type: 'boolean', help: 'only those that have not ended' },
    limit: { type: 'string', short: 'n', value: 'N', help: `at most so many (default ${defaultLimit})` },
    json: { type: 'boolean', help: 'print JSON; with --follow one object for each line' },
  },
  notes: [],
  run: show,
};
