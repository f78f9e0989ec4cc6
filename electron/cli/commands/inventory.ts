import type { EntityRecord } from '../../contract/records/index.ts';
import { connectionStateOf, isReached, troubleText } from '../connection-state-text.ts';
import type { Estate } from '../estate.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { displayText } from '../output/display-text.ts';
import { jsonText } from '../output/json-text.ts';
import { bytesText, durationText, percentText } from '../output/figures.ts';
import { tableLines, type Column } from '../output/table.ts';
import { colourOfState, painted } from '../terminal/paint.ts';
import type { Command, CommandContext } from './command.ts';
import { enabledConnections } from './enabled-connections.ts';
import { checkedFilter } from './filter-option.ts';
import { timeoutMsOf } from './timeout.ts';

type Shown = Exclude<EntityRecord, { kind: 'connection' }>;

const kindOrder: readonly Shown['kind'][] = ['cluster', 'node', 'guest', 'storage', 'network', 'pool'];
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

async function show(context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const timeoutMs = timeoutMsOf(context);
  const predicateOf = checkedFilter(context.text('filter') ?? '');
  const estate = await context.estate();
  if (!context.has('cached')) await estate.open(await enabledConnections(estate), timeoutMs);

  const passes = predicateOf(estate);
  const shown = estate
    .records()
    .filter((record): record is Shown => record.kind !== 'connection')
    .filter((record) => passes(record))
    .toSorted((a, b) => compare(a, b, estate));
  if (context.has('json')) printJson(context, estate, shown);
  else printTable(context, estate, shown);

  let code: ExitCode = exitCodes.ok;
  for (const connection of estate.connections().filter(({ connectionId }) => estate.isOpened(connectionId))) {
    const trouble = troubleText(connection, Date.now());
    if (trouble !== '') terminal.err(`${displayText(trouble)}\n`);
    if (!isReached(connection)) code = exitCodes.unreachable;
  }
  return code;
}

function compare(a: Shown, b: Shown, estate: Estate): number {
  return (
    byName.compare(siteOf(a, estate), siteOf(b, estate)) ||
    kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) ||
    byName.compare(a.name, b.name) ||
    byName.compare(a.id, b.id)
  );
}

function siteOf({ connectionId }: EntityRecord, estate: Estate): string {
  return estate.connections().find((connection) => connection.connectionId === connectionId)?.name ?? connectionId;
}

function isLastKnown(record: Shown, estate: Estate): boolean {
  const connection = estate.connections().find(({ connectionId }) => connectionId === record.connectionId);
  return connection === undefined || !estate.isOpened(record.connectionId) || !isReached(connection);
}

function printJson({ terminal }: CommandContext, estate: Estate, shown: readonly Shown[]): void {
  const connections = estate.connections().map((record) => ({
    id: record.connectionId,
    name: record.name,
    kind: record.connectionKind,
    state: connectionStateOf(record, estate),
    lastGoodAtMs: record.lastGoodAtMs ?? null,
    error: record.error ?? null,
  }));
  const entities = shown.map((record) => ({
    ...record,
    load: estate.load(record.id) ?? null,
    isLastKnown: isLastKnown(record, estate),
  }));
  const document = { format: 'wheelhouse-inventory', version: 1, printedAtMs: Date.now(), connections, entities };
  terminal.out(`${jsonText(document, 2)}\n`);
}

const columns: readonly Column[] = [
  { title: 'TYPE' },
  { title: 'ID' },
  { title: 'NAME', maxWidth: 40 },
  { title: 'STATUS' },
  { title: 'NODE', maxWidth: 24 },
  { title: 'SITE', maxWidth: 24 },
  { title: 'CPU', align: 'right' },
  { title: 'MEMORY', align: 'right' },
  { title: 'DISK', align: 'right' },
  { title: 'UP' },
  { title: 'TAGS', maxWidth: 30 },
];
const statusColumn = columns.findIndex(({ title }) => title === 'STATUS');

function printTable({ terminal }: CommandContext, estate: Estate, shown: readonly Shown[]): void {
  if (shown.length === 0) {
    terminal.err('Nothing found.\n');
    return;
  }
  const nowMs = Date.now();
  const sites = new Map(estate.connections().map(({ connectionId, name }) => [connectionId, name]));
  const lastKnown = new Map(estate.connections().map(({ connectionId }) => [connectionId, false]));
  for (const record of shown) lastKnown.set(record.connectionId, isLastKnown(record, estate));
  const rows = shown.map((record) => [
    ...identityOf(record, lastKnown.get(record.connectionId) ?? false),
    'nodeId' in record ? (estate.record(record.nodeId)?.name ?? '') : '',
    sites.get(record.connectionId) ?? record.connectionId,
    ...figuresOf(record, estate, nowMs),
    record.kind === 'guest' ? record.tags.join(' ') : '',
  ]);
  const lines = tableLines(columns, rows, {
    cuts: terminal.isOutTerminal,
    paint: (text, _row, column) =>
      column === statusColumn ? painted(text, colourOfState(text.split('?')[0] ?? ''), terminal.hasColours) : text,
  });
  terminal.out(`${lines.join('\n')}\n`);
}

/** Type, id, name and status. A state that is only remembered has a question mark. */
function identityOf(record: Shown, isRemembered: boolean): readonly string[] {
  const type = record.kind === 'guest' ? (record.virtualization === 'vm' ? 'vm' : 'ct') : record.kind;
  const id = record.kind === 'guest' ? record.nativeId : '';
  const lock = record.kind === 'guest' && record.lock !== undefined ? ` (${record.lock})` : '';
  const status = statusOf(record);
  return [type, id, record.name, status === '' ? '' : `${status}${isRemembered ? '?' : ''}${lock}`];
}

function statusOf(record: Shown): string {
  switch (record.kind) {
    case 'guest':
      return record.isTemplate ? 'template' : record.power;
    case 'node':
    case 'storage':
      return record.availability;
    case 'cluster':
      return record.isQuorate ? 'quorate' : 'no-quorum';
    case 'network':
      return record.isActive ? 'active' : 'inactive';
    case 'pool':
      return '';
  }
}

/** CPU, memory, disk and uptime; empty where the kind has none, `-` where it is not known. */
function figuresOf(record: Shown, estate: Estate, nowMs: number): readonly string[] {
  const load = estate.load(record.id);
  const up =
    'startedAtMs' in record && record.startedAtMs !== undefined ? durationText(nowMs - record.startedAtMs) : '';
  const isRunning = record.kind === 'node' ? record.availability === 'online' : statusOf(record) === 'running';
  if (record.kind === 'guest' || record.kind === 'node') {
    const memory = `${isRunning ? `${bytesText(load?.memoryUsedBytes)}/` : ''}${bytesText(record.memoryBytes || null)}`;
    const disk = record.kind === 'guest' ? bytesText(record.diskBytes || null) : '';
    return [isRunning ? percentText(load?.cpuRatio) : '', memory, disk, isRunning ? up : ''];
  }
  if (record.kind === 'storage')
    return ['', '', `${bytesText(load?.diskUsedBytes)}/${bytesText(record.totalBytes || null)}`, ''];
  return ['', '', '', ''];
}

/** What there is, live or as last known. */
export const inventoryCommand: Command = {
  name: 'inventory',
  summary: 'Show nodes, guests, storages, networks and pools of every connection.',
  usage: '',
  arity: { min: 0, max: 0 },
  options: {
    filter: { type: 'string', short: 'f', value: 'EXPR', help: "only what fits, e.g. 'tag:web node:pve2 mem>8G'" },
    cached: { type: 'boolean', help: 'open no connection; show what was last known' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  notes: [
    'The filter is the one of the window: plain words, quotes, field:value, field>number with a unit, - to negate, or, ( ).',
    'What a connection that does not answer held when it was last read is shown with a ? behind its status; the reason goes',
    'to standard error and the exit code is 4.',
  ],
  run: show,
};
