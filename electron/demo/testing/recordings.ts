import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pveApiFolder } from './official-schema.ts';

/** Which keys rows of one kind had in recordings of real servers. */
export interface KeyCensus {
  rows: number;
  readonly counts: Map<string, number>;
}

interface RecordedAnswer {
  readonly method: string;
  /** Below /api2/json, without the query. */
  readonly path: string;
  readonly data: unknown;
}

/** Keys by kind of row (see `rowKind`), over every recorded good answer of these versions. */
export function recordedKeys(versions: readonly string[]): Map<string, KeyCensus> {
  const census = new Map<string, KeyCensus>();
  for (const answer of versions.flatMap((version) => recordedAnswers(version))) {
    if (answer.method !== 'GET') continue;
    for (const [kind, row] of rowsOf(answer.path, answer.data)) countKeys(census, kind, row);
  }
  return census;
}

function countKeys(census: Map<string, KeyCensus>, kind: string, row: Record<string, unknown>): void {
  const entry = census.get(kind) ?? { rows: 0, counts: new Map<string, number>() };
  census.set(kind, entry);
  entry.rows += 1;
  for (const key of Object.keys(row)) entry.counts.set(key, (entry.counts.get(key) ?? 0) + 1);
}

/** The rows of an answer with their kind: the path with its variable parts named, and what tells rows apart. */
export function rowsOf(path: string, data: unknown): [kind: string, row: Record<string, unknown>][] {
  const shape = path
    .replace(/^\/nodes\/[^/]+/, '/nodes/N')
    .replace(/\/(qemu|lxc)\/\d+/, '/$1/ID')
    .replace(/\/storage\/[^/]+\//, '/storage/S/')
    .replace(/\/UPID[^/]+/, '/UPID')
    .replace(/^\/pools\/.+/, '/pools/P');
  const rows: unknown[] = Array.isArray(data) ? data : [data];
  return rows
    .filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null && !Array.isArray(row))
    .map((row) => [rowKind(shape, row), row]);
}

function rowKind(shape: string, row: Record<string, unknown>): string {
  const text = (key: string): string => (typeof row[key] === 'string' ? row[key] : '');
  if (shape === '/cluster/resources') {
    const isReduced = row['type'] === 'node' && !('maxmem' in row);
    const isIdle = row['type'] === 'pool' && !('maxmem' in row);
    return `${shape} ${text('type')} ${text('status')}${isReduced || isIdle ? ' without figures' : ''}`;
  }
  if (shape === '/nodes') return `${shape} ${text('status')}${'maxmem' in row ? '' : ' without figures'}`;
  if (shape === '/cluster/status' || shape === '/cluster/ha/status/current') return `${shape} ${text('type')}`;
  if (shape.endsWith('/status/current')) return `${shape} ${text('qmpstatus') || text('status')}`;
  if (shape === '/nodes/N/qemu' || shape === '/nodes/N/lxc') return `${shape} ${text('status')}`;
  if (shape.endsWith('/rrddata')) return `${shape}${rrdKind(row)}`;
  if (shape.endsWith('/content')) return `${shape} ${text('content')}`;
  if (shape === '/nodes/N/network') return `${shape} ${text('type')}`;
  if (shape.endsWith('tasks') || shape.endsWith('UPID/status'))
    return `${shape} ${isRunning(row) ? 'running' : 'ended'}`;
  return shape;
}

function rrdKind(row: Record<string, unknown>): string {
  if (Object.keys(row).length === 1) return ' gap';
  return 'maxmem' in row && !('cpu' in row) ? ' off' : '';
}

function isRunning(row: Record<string, unknown>): boolean {
  return !('endtime' in row) && !('exitstatus' in row);
}

function recordedAnswers(version: string): RecordedAnswer[] {
  return [...answersFile(version), ...transcripts(version)];
}

function answersFile(version: string): RecordedAnswer[] {
  const file = JSON.parse(readFileSync(join(pveApiFolder, `answers-${version}.json`), 'utf8')) as Record<
    string,
    { readonly [member: string]: unknown }
  >;
  return Object.entries(file)
    .filter(([, answer]) => answer['_status'] === 200)
    .map(([name, answer]) => {
      const [method = '', ...parts] = name.split('_');
      const path = `/${parts.join('/')}`.replace(/(\/tasks\/UPID)\/.*?\/(status|log)?$/, '$1/$2');
      return { method, path, data: answer['data'] };
    });
}

interface Transcript {
  readonly steps: readonly {
    readonly request?: { readonly method?: string; readonly path?: string };
    readonly response?: { readonly status?: number; readonly json?: { readonly data?: unknown } };
  }[];
}

function transcripts(version: string): RecordedAnswer[] {
  const folder = join(pveApiFolder, 'transcripts', version);
  return readdirSync(folder).flatMap((name) => {
    const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Transcript;
    return file.steps.flatMap(({ request, response }) => {
      const path = /^\/api2\/json(\/[^?]*)/.exec(request?.path ?? '')?.[1];
      if (path === undefined || response?.status !== 200) return [];
      return [{ method: request?.method ?? '', path: decodeURIComponent(path), data: response.json?.data }];
    });
  });
}
