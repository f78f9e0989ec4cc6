import { isEntityId } from '../../contract/ids.ts';
import {
  clusterRecordSchema,
  connectionRecordSchema,
  nodeRecordSchema,
  poolRecordSchema,
  type EntityRecord,
  type EntityRecordOf,
} from '../../contract/records/index.ts';
import { guestLocks, guestPowers } from '../../contract/records/guest.ts';

type Check = (value: unknown) => boolean;
type Kind = EntityRecord['kind'];
/** A check for every field: a field that the contract gains must be named here before this compiles. */
type Shape<K extends Kind> = Readonly<Record<keyof EntityRecordOf<K>, Check>>;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isFlag: Check = (value) => typeof value === 'boolean';
const isId: Check = (value) => typeof value === 'string' && isEntityId(value);
const isTextList: Check = (value) => Array.isArray(value) && value.every(isText);
const oneOf = (words: readonly string[]): Check => {
  const known: ReadonlySet<unknown> = new Set(words);
  return (value) => known.has(value);
};
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const base = { id: isId, connectionId: isText, name: isText };

const guestShape: Shape<'guest'> = {
  ...base,
  kind: oneOf(['guest']),
  virtualization: oneOf(['vm', 'container']),
  nativeId: isText,
  nodeId: isId,
  power: oneOf(guestPowers),
  lock: orAbsent(oneOf(guestLocks)),
  isTemplate: isFlag,
  cpuCount: isNumber,
  memoryBytes: isNumber,
  diskBytes: isNumber,
  startedAtMs: orAbsent(isNumber),
  tags: isTextList,
  poolId: orAbsent(isId),
  haState: orAbsent(isText),
};
const storageShape: Shape<'storage'> = {
  ...base,
  kind: oneOf(['storage']),
  nodeId: isId,
  storageType: isText,
  isShared: isFlag,
  contentKinds: isTextList,
  availability: oneOf(['available', 'unavailable', 'unknown']),
  totalBytes: isNumber,
};
const networkShape: Shape<'network'> = {
  ...base,
  kind: oneOf(['network']),
  nodeId: isId,
  networkType: isText,
  isActive: isFlag,
};

const fits = (shape: Readonly<Record<string, Check>>): Check => {
  const checks = Object.entries(shape);
  return (value) => {
    const fields = value as Readonly<Record<string, unknown>>;
    for (const [field, check] of checks) if (!check(fields[field])) return false;
    return true;
  };
};

/** The kinds of which there are thousands by hand, the few others by the contract's own schema. */
const checks: Readonly<Record<Kind, Check>> = {
  guest: fits(guestShape),
  storage: fits(storageShape),
  network: fits(networkShape),
  connection: (value) => connectionRecordSchema.safeParse(value).success,
  cluster: (value) => clusterRecordSchema.safeParse(value).success,
  node: (value) => nodeRecordSchema.safeParse(value).success,
  pool: (value) => poolRecordSchema.safeParse(value).success,
};

/**
 * Whether a value that was read back is a record as this version knows it. By hand, not by schema, where there are many:
 * at 10,000 guests the schemas took the larger part of the time in which the store is read at the start.
 */
export function isStoredRecord(value: unknown): value is EntityRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { kind } = value as { readonly kind?: unknown };
  return typeof kind === 'string' && Object.hasOwn(checks, kind) && checks[kind as Kind](value);
}
