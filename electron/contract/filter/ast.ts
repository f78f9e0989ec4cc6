/**
 * The filter syntax shared by the window and the command line, as data.
 *
 * `tag:web node:pve2 status:running mem>8G -lock:* (name:db or "old host")`
 *
 * - Plain words are looked for in names, ids and tags; `*` stands for anything; quotes make a text literal.
 * - Terms next to each other must all hold; `or` (also `|`) joins alternatives; `-` (also `not`) negates; `( )` groups.
 * - `field:value` compares as suits the field, `field=value` exactly, `<`, `<=`, `>`, `>=` numbers with units.
 * - `field:*` asks whether there is any value at all.
 */

export const textFields = [
  'name',
  'id',
  'type',
  'status',
  'node',
  'site',
  'pool',
  'tag',
  'lock',
  'ha',
  'freshness',
] as const;
/** Fields that are compared as text. */
export type TextField = (typeof textFields)[number];

export const numberFields = ['cpu', 'cpus', 'mem', 'memused', 'disk', 'diskused', 'uptime', 'id'] as const;
/** Fields that are compared as numbers. `id` is both: `id>9000` compares VMIDs. */
export type NumberField = (typeof numberFields)[number];

export const flagFields = ['template'] as const;
/** Fields that hold or do not hold. */
export type FlagField = (typeof flagFields)[number];

export type FilterField = TextField | NumberField | FlagField;

export type NumberComparison = '=' | '<' | '<=' | '>' | '>=';

/** What the number of a term counts. `percent` is 0 to 100. */
export type NumberUnit = 'bytes' | 'percent' | 'seconds' | 'count';

/** `like`: as suits the field (see the table of fields). `glob`: `*` stands for any text. `equal`: the whole value. */
export type TextMatch = 'like' | 'glob' | 'equal';

/** A parsed filter. Normal form: no `and` directly in an `and`, no `or` in an `or`, no `not` in a `not`, groups of two or more. */
export type FilterNode =
  | { readonly type: 'everything' }
  | { readonly type: 'and' | 'or'; readonly of: readonly FilterNode[] }
  | { readonly type: 'not'; readonly of: FilterNode }
  | { readonly type: 'word'; readonly match: 'like' | 'glob'; readonly text: string }
  | { readonly type: 'text'; readonly field: TextField; readonly match: TextMatch; readonly value: string }
  | { readonly type: 'flag'; readonly field: FlagField; readonly value: boolean }
  | {
      readonly type: 'number';
      readonly field: NumberField;
      readonly compare: NumberComparison;
      readonly value: number;
      readonly unit: NumberUnit;
    }
  /** `field:*` */
  | { readonly type: 'present'; readonly field: FilterField };

export const filterProblemCodes = [
  /** `text` is no field. The term is taken as a plain word. */
  'unknown-field',
  /** Nothing follows the operator. The term is left out. */
  'missing-value',
  /** Nothing follows `or`, `not`, `-`, or a pair of parentheses is empty. It is left out. */
  'missing-term',
  /** Not a number, size, duration... `expected` shows one. The term is left out. */
  'bad-value',
  /** A size or duration without its unit. The term is left out. */
  'missing-unit',
  /** The field never has this value; `expected` lists the ones it has. The term stays and matches nothing. */
  'unknown-value',
  /** The field cannot be compared like this; `expected` lists its operators. The term is left out. */
  'wrong-operator',
  /** A quote that is not closed. It is taken as closed at the end. */
  'open-quote',
  /** A parenthesis without its partner. */
  'unbalanced',
  /** Nested deeper than anybody types. The rest is left out. */
  'too-deep',
  /** Longer than anybody types. The rest is left out. */
  'too-long',
] as const;
export type FilterProblemCode = (typeof filterProblemCodes)[number];

/** Something in a filter's text that cannot be what the user meant. User texts are looked up by code. */
export interface FilterProblem {
  readonly code: FilterProblemCode;
  /** Where in the text, in UTF-16 units, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** The offending part. */
  readonly text: string;
  /** What would be right, as written in the syntax; empty where nothing can be said. */
  readonly expected: string;
}

/** What a text means. With problems, `node` is the best reading of the rest: a filter box goes on working while one types. */
export interface ParsedFilter {
  readonly node: FilterNode;
  readonly problems: readonly FilterProblem[];
}
