import { connectionEntityId, splitEntityId, type EntityId } from '../ids.ts';
import type { ConnectionRecord } from '../records/connection.ts';
import type { EntityRecord } from '../records/entity.ts';
import type { EntityLoad } from '../records/load.ts';
import { textFields } from './ast.ts';
import type { FilterField, FilterNode, NumberComparison, NumberField, NumberUnit, TextField } from './ast.ts';
import { findField, typeWords } from './fields.ts';
import { foldedNameOf, foldText, matchesGlob, nativeIdOf, searchTextOf } from './search-text.ts';

/** What a filter asks beyond the record itself. */
export interface FilterLookups {
  record(id: EntityId): EntityRecord | undefined;
  load(id: EntityId): EntityLoad | undefined;
  /** Now, for `uptime`. */
  nowMs(): number;
}

/** Whether a record passes. Lives as long as its lookups; asks them anew for each record, so it stays right when they change. */
export type FilterPredicate = (record: EntityRecord) => boolean;

/** Makes a filter executable. A figure that is not known passes no comparison. */
export function compileFilter(node: FilterNode, lookups: FilterLookups): FilterPredicate {
  switch (node.type) {
    case 'everything':
      return () => true;
    case 'and': {
      const all = node.of.map((child) => compileFilter(child, lookups));
      return (record) => all.every((passes) => passes(record));
    }
    case 'or': {
      const any = node.of.map((child) => compileFilter(child, lookups));
      return (record) => any.some((passes) => passes(record));
    }
    case 'not': {
      const passes = compileFilter(node.of, lookups);
      return (record) => !passes(record);
    }
    case 'word':
      return compileWord(node.match, foldText(node.text));
    case 'text':
      return compileText(node, lookups);
    case 'flag':
      return (record) => record.kind === 'guest' && record.isTemplate === node.value;
    case 'number':
      return compileNumber(node.field, node.compare, node.value, node.unit, lookups);
    case 'present':
      return compilePresent(node.field, lookups);
  }
}

function compileWord(match: 'like' | 'glob', word: string): FilterPredicate {
  if (match === 'like') return (record) => searchTextOf(record).includes(word);
  const parts = word.split('*');
  return (record) => {
    const text = searchTextOf(record);
    // Most records fail over the whole text already, which spares splitting it.
    return matchesGlob(text, parts, false) && text.split('\n').some((line) => matchesGlob(line, parts, false));
  };
}

function compileText(
  { field, match, value }: Extract<FilterNode, { type: 'text' }>,
  lookups: FilterLookups,
): FilterPredicate {
  const wanted = foldText(value);
  if (field === 'name' && match === 'like') return (record) => foldedNameOf(record).includes(wanted);
  const matches = textMatcher(field, match, wanted);
  const textsOf = textReaders[field];
  if ((field === 'lock' || field === 'ha') && match !== 'glob' && (wanted === 'yes' || wanted === 'no')) {
    return (record) => record.kind === 'guest' && textsOf(record, lookups).length > 0 === (wanted === 'yes');
  }
  return (record) => textsOf(record, lookups).some(matches);
}

function textMatcher(field: TextField, match: 'like' | 'glob' | 'equal', wanted: string): (text: string) => boolean {
  if (match === 'glob') {
    const parts = wanted.split('*');
    return (text) => matchesGlob(text, parts, true);
  }
  if (match === 'equal') return (text) => text === wanted;
  if (field === 'pool') return (text) => text === wanted || text.startsWith(`${wanted}/`);
  // `status:stop` while one types, but a whole word means itself: `status:active` is not `inactive`, nor `node` `node2`.
  const facts = findField(field);
  if (facts?.shape === 'choice' && !facts.values.includes(wanted)) return (text) => text.startsWith(wanted);
  return (text) => text === wanted;
}

const none: readonly string[] = [];

type TextReader = (record: EntityRecord, lookups: FilterLookups) => readonly string[];

/** All values of each field of one record, folded. */
const textReaders: { readonly [Field in TextField]: TextReader } = {
  name: (record) => [foldedNameOf(record)],
  id: (record) => [foldText(nativeIdOf(record))],
  type: (record) => (record.kind === 'guest' ? typeWords[record.virtualization] : typeWords[record.kind]),
  status: (record) => [statusOf(record)],
  node: (record, lookups) => {
    if (record.kind === 'node') return [foldedNameOf(record)];
    return 'nodeId' in record ? nameOf(record.nodeId, lookups) : none;
  },
  site: (record, lookups) => {
    const connection = lookups.record(connectionEntityId(record.connectionId));
    return connection === undefined ? [record.connectionId] : [foldedNameOf(connection), record.connectionId];
  },
  pool: (record, lookups) => {
    if (record.kind === 'pool') return [foldedNameOf(record)];
    return record.kind === 'guest' && record.poolId !== undefined ? nameOf(record.poolId, lookups) : none;
  },
  tag: (record) => (record.kind === 'guest' ? record.tags.map(foldText) : none),
  lock: (record) => (record.kind === 'guest' && record.lock !== undefined ? [record.lock] : none),
  ha: (record) => (record.kind === 'guest' && record.haState !== undefined ? [foldText(record.haState)] : none),
  freshness: (record, lookups) => {
    const state = freshnessOf(record, lookups);
    return state === undefined ? none : [state];
  },
};

/** A record that is named but not known (no rights to see it, not read yet) goes by the host's name of it. */
function nameOf(id: EntityId, lookups: FilterLookups): readonly string[] {
  const named = lookups.record(id);
  return [named === undefined ? foldText(splitEntityId(id).nativeId) : foldedNameOf(named)];
}

function statusOf(record: EntityRecord): string {
  switch (record.kind) {
    case 'guest':
      return record.power;
    case 'node':
    case 'storage':
      return record.availability;
    case 'network':
      return record.isActive ? 'active' : 'inactive';
    case 'cluster':
      return record.isQuorate ? 'quorate' : 'no-quorum';
    case 'connection':
      return record.state;
    case 'pool':
      return '';
  }
}

function freshnessOf(record: EntityRecord, lookups: FilterLookups): ConnectionRecord['state'] | undefined {
  const connection = record.kind === 'connection' ? record : lookups.record(connectionEntityId(record.connectionId));
  return connection?.kind === 'connection' ? connection.state : undefined;
}

function compileNumber(
  field: NumberField,
  compare: NumberComparison,
  wanted: number,
  unit: NumberUnit,
  lookups: FilterLookups,
): FilterPredicate {
  const holds = comparisons[compare];
  return (record) => {
    const figure = figureOf(field, unit, record, lookups);
    return figure !== undefined && holds(figure, wanted);
  };
}

const comparisons: { readonly [Compare in NumberComparison]: (figure: number, wanted: number) => boolean } = {
  '=': (figure, wanted) => figure === wanted,
  '<': (figure, wanted) => figure < wanted,
  '<=': (figure, wanted) => figure <= wanted,
  '>': (figure, wanted) => figure > wanted,
  '>=': (figure, wanted) => figure >= wanted,
};

function figureOf(
  field: NumberField,
  unit: NumberUnit,
  record: EntityRecord,
  lookups: FilterLookups,
): number | undefined {
  switch (field) {
    case 'id': {
      const id = nativeIdOf(record);
      return /^\d+$/.test(id) ? Number(id) : undefined;
    }
    case 'cpus':
      return 'cpuCount' in record ? known(record.cpuCount) : undefined;
    case 'cpu': {
      const ratio = lookups.load(record.id)?.cpuRatio ?? undefined;
      return ratio === undefined ? undefined : ratio * 100;
    }
    case 'mem':
      return memoryBytesOf(record);
    case 'memused':
      return used(lookups.load(record.id)?.memoryUsedBytes, unit, memoryBytesOf(record));
    case 'disk':
      return diskBytesOf(record);
    case 'diskused':
      return used(lookups.load(record.id)?.diskUsedBytes, unit, diskBytesOf(record));
    case 'uptime':
      return 'startedAtMs' in record && record.startedAtMs !== undefined
        ? (lookups.nowMs() - record.startedAtMs) / 1000
        : undefined;
  }
}

const memoryBytesOf = (record: EntityRecord): number | undefined =>
  'memoryBytes' in record ? known(record.memoryBytes) : undefined;

function diskBytesOf(record: EntityRecord): number | undefined {
  if (record.kind === 'guest') return known(record.diskBytes);
  return record.kind === 'storage' ? known(record.totalBytes) : undefined;
}

/** Sizes and counts are 0 where the host sets no limit or does not say. */
const known = (figure: number): number | undefined => (figure === 0 ? undefined : figure);

function used(bytes: number | null | undefined, unit: NumberUnit, totalBytes: number | undefined): number | undefined {
  if (bytes === null || bytes === undefined) return undefined;
  if (unit !== 'percent') return bytes;
  return totalBytes === undefined ? undefined : (bytes / totalBytes) * 100;
}

function compilePresent(field: FilterField, lookups: FilterLookups): FilterPredicate {
  if (field === 'template') return (record) => record.kind === 'guest';
  if (isTextField(field)) {
    const textsOf = textReaders[field];
    return (record) => textsOf(record, lookups).some((text) => text !== '');
  }
  return (record) => figureOf(field, 'bytes', record, lookups) !== undefined;
}

function isTextField(field: FilterField): field is TextField {
  return (textFields as readonly string[]).includes(field);
}
