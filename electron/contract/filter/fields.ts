import { freshnessStates } from '../records/connection.ts';
import { guestLocks, guestPowers } from '../records/guest.ts';
import type { FilterField } from './ast.ts';

/** How the value of a field is written. */
export type FieldShape =
  'text' | 'choice' | 'flag' | 'bytes' | 'percent' | 'bytes-or-percent' | 'seconds' | 'count' | 'id';

/** One field of the filter syntax, for parsing, help and completion. */
export interface FieldFacts {
  readonly field: FilterField;
  readonly aliases: readonly string[];
  readonly shape: FieldShape;
  /** All values that it can have, for `choice` and `flag`; a value may be shortened (`status:run`). */
  readonly values: readonly string[];
  /** A term that uses it. */
  readonly example: string;
}

const yesNo = ['yes', 'no'] as const;

/** The names that `type:` knows, by what they stand for. */
export const typeWords = {
  vm: ['vm', 'qemu', 'guest'],
  container: ['ct', 'container', 'lxc', 'guest'],
  node: ['node', 'host'],
  storage: ['storage'],
  network: ['network'],
  pool: ['pool'],
  cluster: ['cluster'],
  connection: ['connection', 'site'],
} as const;

const statusWords = [
  ...guestPowers,
  'online',
  'offline',
  'available',
  'unavailable',
  'active',
  'inactive',
  'quorate',
  'no-quorum',
  ...freshnessStates,
];

/**
 * Every field, in the order of the help.
 * `like` means: `name` contains the text; `pool` is it or lies below it; `site` is the name or id of the connection;
 * a choice begins with it; any other text is it as a whole. Case never matters.
 */
export const filterFields: readonly FieldFacts[] = [
  { field: 'name', aliases: [], shape: 'text', values: [], example: 'name:web' },
  { field: 'id', aliases: ['vmid'], shape: 'id', values: [], example: 'id:104' },
  {
    field: 'type',
    aliases: ['kind'],
    shape: 'choice',
    values: [...new Set(Object.values(typeWords).flat())],
    example: 'type:vm',
  },
  {
    field: 'status',
    aliases: ['power', 'state'],
    shape: 'choice',
    values: [...new Set(statusWords)],
    example: 'status:running',
  },
  { field: 'node', aliases: ['host'], shape: 'text', values: [], example: 'node:pve2' },
  { field: 'site', aliases: ['connection'], shape: 'text', values: [], example: 'site:"Berlin lab"' },
  { field: 'pool', aliases: [], shape: 'text', values: [], example: 'pool:web' },
  { field: 'tag', aliases: ['tags'], shape: 'text', values: [], example: 'tag:web' },
  { field: 'cpu', aliases: [], shape: 'percent', values: [], example: 'cpu>50%' },
  { field: 'cpus', aliases: ['cores'], shape: 'count', values: [], example: 'cpus>=4' },
  { field: 'mem', aliases: ['memory'], shape: 'bytes', values: [], example: 'mem>8G' },
  { field: 'memused', aliases: [], shape: 'bytes-or-percent', values: [], example: 'memused>90%' },
  { field: 'disk', aliases: [], shape: 'bytes', values: [], example: 'disk>100G' },
  { field: 'diskused', aliases: [], shape: 'bytes-or-percent', values: [], example: 'diskused>80%' },
  { field: 'uptime', aliases: [], shape: 'seconds', values: [], example: 'uptime>30d' },
  { field: 'lock', aliases: [], shape: 'choice', values: [...guestLocks, ...yesNo], example: 'lock:backup' },
  { field: 'template', aliases: [], shape: 'flag', values: yesNo, example: 'template:no' },
  { field: 'ha', aliases: [], shape: 'text', values: [], example: 'ha:error' },
  { field: 'freshness', aliases: ['fresh'], shape: 'choice', values: freshnessStates, example: 'freshness:stale' },
];

const byWord = new Map(filterFields.flatMap((facts) => [facts.field, ...facts.aliases].map((word) => [word, facts])));

/** The field that a word names, whatever its case. */
export function findField(word: string): FieldFacts | undefined {
  return byWord.get(word.toLowerCase());
}
