import * as fc from 'fast-check';
import type { z } from 'zod';
import { connectionIdSchema, entityIdSchema } from '../contract/records/index.ts';

/** What zod keeps of a schema, as far as it is read here. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly values?: readonly (string | number | boolean)[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
}
interface Check {
  readonly check: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly value?: number;
  readonly pattern?: RegExp;
}
/** What the checks of a text, a number or a list ask for. */
interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly isInteger?: boolean;
  readonly pattern?: RegExp;
}

/** Schemas that are a predicate, which says nothing about what passes it. */
const bySchema = new Map<unknown, fc.Arbitrary<unknown>>([
  [connectionIdSchema, fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,31}$/)],
  [
    entityIdSchema,
    fc
      .tuple(
        fc.stringMatching(/^[a-z0-9]{1,8}$/),
        fc.constantFrom('guest', 'node', 'task'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 250 }),
      )
      .map((parts) => parts.join('/')),
  ],
]);

/** Values that a schema of the contract accepts, with odd characters and absent keys. JSON can carry all of them. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const known = bySchema.get(schema);
  if (known !== undefined) return known;
  const definition = definitionOf(schema) as Definition;
  const build = builders[definition.type];
  if (build === undefined) throw new TypeError(`no values are known for a schema of type ${definition.type}`);
  return build(definition, schema).filter((value) => schema.safeParse(value).success);
}

const builders: Readonly<Record<string, (definition: Definition, schema: z.ZodType) => fc.Arbitrary<unknown>>> = {
  object: ({ shape = {} }) => objectOf(shape),
  string: (_definition, schema) => stringOf(limitsOf(schema)),
  number: (_definition, schema) => numberOf(limitsOf(schema)),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  unknown: () => fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  literal: ({ values = [] }) => fc.constantFrom(...values),
  enum: ({ entries = {} }) => fc.constantFrom(...Object.values(entries)),
  array: ({ element }, schema) =>
    fc.array(arbitraryOf(present(element)), { minLength: limitsOf(schema).minimum ?? 0, maxLength: 5 }),
  tuple: ({ items = [] }) => fc.tuple(...items.map(arbitraryOf)),
  union: ({ options = [] }) => fc.oneof(...options.map(arbitraryOf)),
  optional: ({ innerType }) => arbitraryOf(present(innerType)),
  default: ({ innerType }) => arbitraryOf(present(innerType)),
  catch: ({ innerType }) => arbitraryOf(present(innerType)),
  readonly: ({ innerType }) => arbitraryOf(present(innerType)),
  nullable: ({ innerType }) => fc.option(arbitraryOf(present(innerType))),
  pipe: ({ in: input }) => arbitraryOf(present(input)),
  record: ({ keyType, valueType }) =>
    fc.dictionary(arbitraryOf(present(keyType)) as fc.Arbitrary<string>, arbitraryOf(present(valueType)), {
      maxKeys: 5,
    }),
};

function objectOf(shape: Readonly<Record<string, z.ZodType>>): fc.Arbitrary<unknown> {
  const required = Object.keys(shape).filter((key) => shape[key]?.safeParse(undefined).success === false);
  const values = Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, arbitraryOf(schema)]));
  return fc.record(values, { requiredKeys: required, noNullPrototype: true });
}

function stringOf({ minimum = 0, maximum = 40, pattern }: Limits): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(pattern);
  // `binary`: lone surrogates too.
  return fc.string({
    unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)),
    minLength: minimum,
    maxLength: Math.min(maximum, minimum + 40),
  });
}

function numberOf({ minimum = -1e15, maximum = 1e15, isInteger }: Limits): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -1e15), Math.min(maximum, 1e15)];
  if (isInteger) return fc.integer({ min: Math.ceil(min), max: Math.floor(max) });
  // JSON has no minus zero.
  return fc.double({ min, max, noNaN: true }).map((value) => value + 0);
}

/** Zod's public name for what it keeps of a schema or check begins with an underscore. */
function definitionOf({ _zod: internals }: { readonly _zod: { readonly def: unknown } }): unknown {
  return internals.def;
}

function limitsOf(schema: z.ZodType): Limits {
  const { checks = [] } = schema.def;
  return Object.assign({}, ...checks.map((check) => limitOf(definitionOf(check) as Check))) as Limits;
}

function limitOf({ check, minimum, maximum, value, pattern }: Check): object {
  if (check === 'min_length') return { minimum };
  if (check === 'max_length') return { maximum };
  if (check === 'greater_than') return { minimum: value };
  if (check === 'less_than') return { maximum: value };
  if (check === 'number_format') return { isInteger: true };
  return pattern === undefined ? {} : { pattern };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a schema without its inner schema');
  return value;
}
