import type { EntityRecord, LoadRow } from '../../contract/records/index.ts';

/**
 * Whether two records say the same. Records are flat: their values are scalars, lists of scalars, or (few) small objects.
 * The order of the checks is what makes a poll of 10,000 unchanged guests cheap: identity, then scalars, then the rest.
 */
export function isSameRecord(a: EntityRecord, b: EntityRecord): boolean {
  return a === b || isSameObject(a, b);
}

/** Whether two load rows hold the same figures. */
export function isSameLoadRow(a: LoadRow, b: LoadRow): boolean {
  if (a === b) return true;
  for (let index = a.length - 1; index >= 0; index -= 1) if (a[index] !== b[index]) return false;
  return true;
}

/** Whether two values of plain data are equal, key by key; the order of keys does not count. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && isSameList(a, b);
  return !Array.isArray(b) && isSameObject(a, b);
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => isSameValue(value, b[index]));
}

function isSameObject(a: object, b: object): boolean {
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key in left) {
    const value = left[key];
    const other = right[key];
    if (value !== other && !isSameValue(value, other)) return false;
  }
  // An absent key and one that is present and undefined are the same to every reader.
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false;
  return true;
}
