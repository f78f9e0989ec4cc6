import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import { foldText } from '../../contract/filter/index.ts';
import type { ConnectionId } from '../../contract/ids.ts';
import type { ConnectionRecord } from '../../contract/records/index.ts';
import { ageText, connectionStateOf, isReached } from '../connection-state-text.ts';
import type { Estate } from '../estate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { displayText } from '../output/display-text.ts';
import { jsonText } from '../output/json-text.ts';
import { errorText } from '../output/error-text.ts';
import { tableLines } from '../output/table.ts';
import { colourOfState, painted } from '../terminal/paint.ts';
import { UsageError } from '../usage-error.ts';
import type { Command, CommandContext } from './command.ts';
import { enabledConnections } from './enabled-connections.ts';
import { timeoutMsOf } from './timeout.ts';

const json = { type: 'boolean', help: 'print JSON' } as const;

async function list(context: CommandContext): Promise<ExitCode> {
  const estate = await context.estate();
  const enabled = new Set(await enabledConnections(estate));
  if (context.has('check')) await estate.open([...enabled], timeoutMsOf(context));
  const connections = estate.connections().toSorted((a, b) => a.name.localeCompare(b.name));
  const stateOf = (record: ConnectionRecord): string =>
    enabled.has(record.connectionId) ? connectionStateOf(record, estate) : 'disabled';
  if (context.has('json')) printJson(context, connections, stateOf);
  else printTable(context, connections, stateOf);
  const isAllReached = connections.every((each) => !estate.isOpened(each.connectionId) || isReached(each));
  return isAllReached ? exitCodes.ok : exitCodes.unreachable;
}

function printJson(
  { terminal }: CommandContext,
  connections: readonly ConnectionRecord[],
  stateOf: (record: ConnectionRecord) => string,
): void {
  const shown = connections.map((record) => ({
    id: record.connectionId,
    name: record.name,
    kind: record.connectionKind,
    group: record.group,
    endpoint: record.endpoint,
    account: record.account,
    state: stateOf(record),
    systemVersion: record.systemVersion,
    lastGoodAtMs: record.lastGoodAtMs ?? null,
    error: record.error ?? null,
    sameHostAs: record.sameHostAs ?? [],
  }));
  terminal.out(`${jsonText({ format: 'wheelhouse-connections-list', version: 1, connections: shown }, 2)}\n`);
}

function printTable(
  { terminal, profilePath }: CommandContext,
  connections: readonly ConnectionRecord[],
  stateOf: (record: ConnectionRecord) => string,
): void {
  if (connections.length === 0) {
    terminal.err(
      `No connections in the profile ${profilePath}. Add one in the window, or with "connections import".\n`,
    );
    return;
  }
  const nowMs = Date.now();
  const rows = connections.map((record) => [
    record.connectionId,
    record.name,
    record.connectionKind,
    record.endpoint,
    record.account,
    stateOf(record),
    ageText(record, nowMs),
    record.error === undefined ? '' : errorText(record.error),
  ]);
  const columns = ['ID', 'NAME', 'KIND', 'ADDRESS', 'ACCOUNT', 'STATE', 'LAST READ', 'TROUBLE'];
  const lines = tableLines(
    columns.map((title) => (title === 'NAME' ? { title, maxWidth: 40 } : { title })),
    rows,
    {
      cuts: terminal.isOutTerminal,
      paint: (text, _row, column) =>
        columns[column] === 'STATE' ? painted(text, colourOfState(text), terminal.hasColours) : text,
    },
  );
  terminal.out(`${lines.join('\n')}\n`);
}

/** The connection that a word names, by id or name. */
function findConnection(word: string, estate: Estate): readonly ConnectionRecord[] {
  const all = estate.connections();
  const byId = all.filter(({ connectionId }) => connectionId === word);
  return byId.length > 0 ? byId : all.filter(({ name }) => foldText(name) === foldText(word));
}

async function withConnections(
  context: CommandContext,
  action: (ids: readonly ConnectionId[], estate: Estate) => Promise<ExitCode>,
): Promise<ExitCode> {
  const estate = await context.estate();
  const ids: ConnectionId[] = [];
  for (const word of context.positionals) {
    const [found, ...others] = findConnection(word, estate);
    if (found === undefined || others.length > 0) {
      const several = [found, ...others].map((each) => each?.connectionId).join(', ');
      const shown = displayText(word);
      context.terminal.err(
        found === undefined ? `There is no connection ${shown}.\n` : `${shown} names several: ${several}\n`,
      );
      return exitCodes.notFound;
    }
    ids.push(found.connectionId);
  }
  return action(ids, estate);
}

function remove(context: CommandContext): Promise<ExitCode> {
  return withConnections(context, async (ids, estate) => {
    for (const id of ids) await estate.handlers['connection.remove']({ id }, estate.context);
    context.terminal.err(`Removed ${ids.join(', ')}, with secrets, pins and what was known of them.\n`);
    return exitCodes.ok;
  });
}

function exportAll(context: CommandContext): Promise<ExitCode> {
  return withConnections(context, async (ids, estate) => {
    const wanted = ids.length > 0 ? [...ids] : estate.connections().map(({ connectionId }) => connectionId);
    const exported = await estate.handlers['connection.export']({ ids: wanted }, estate.context);
    context.terminal.out(`${jsonText(exported, 2)}\n`);
    return exitCodes.ok;
  });
}

async function importFile(context: CommandContext): Promise<ExitCode> {
  const [file = '-'] = context.positionals;
  const text = await (file === '-' ? readStream(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  });
  const estate = await context.estate();
  const { ids } = await estate.handlers['connection.import']({ text }, estate.context);
  for (const id of ids) context.terminal.out(`${id}\n`);
  return exitCodes.ok;
}

/** Configured ways in. */
export const connectionCommands: readonly Command[] = [
  {
    name: 'connections',
    summary: 'List the configured connections.',
    usage: '[list]',
    arity: { min: 0, max: 0 },
    options: { check: { type: 'boolean', help: 'open each and say how it stands' }, json },
    notes: ['Without --check nothing is opened; the state is then "cached" and the age that of the last read.'],
    run: list,
  },
  {
    name: 'connections import',
    summary: 'Add the connections of an exported file; prints the new ids.',
    usage: 'FILE',
    arity: { min: 1, max: 1 },
    options: {},
    notes: [
      'FILE may be - for standard input. Exported files hold no secrets: they are asked for when a connection opens.',
    ],
    run: importFile,
  },
  {
    name: 'connections export',
    summary: 'Print connections without their secrets, all of them without an argument.',
    usage: '[CONNECTION...]',
    arity: { min: 0, max: Number.POSITIVE_INFINITY },
    options: {},
    notes: [],
    run: exportAll,
  },
  {
    name: 'connections remove',
    summary: 'Forget connections with their secrets, pins and what was known of them.',
    usage: 'CONNECTION...',
    arity: { min: 1, max: Number.POSITIVE_INFINITY },
    options: {},
    notes: [],
    run: remove,
  },
];
