import type { Json, JsonObject } from '../json.ts';
import type { Random } from '../random.ts';

/**
 * The same answer with the keys of every object in a random order, as Perl's hashes give them: a client that relies on
 * an order must fail here too. Rows of one shape share an order within an answer, which keeps ten thousand rows cheap.
 */
export function shuffleKeys(value: Json, random: Random): Json {
  const orders = new Map<number, readonly number[]>();
  const orderOf = (size: number): readonly number[] => {
    const known = orders.get(size);
    if (known) return known;
    const order = shuffled(
      Array.from({ length: size }, (_, index) => index),
      random,
    );
    orders.set(size, order);
    return order;
  };
  return visit(value, orderOf);
}

/** A copy in random order: recorded lists come in any. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    const kept = copy[last];
    const moved = copy[other];
    if (kept === undefined || moved === undefined) continue;
    copy[last] = moved;
    copy[other] = kept;
  }
  return copy;
}

function visit(value: Json, orderOf: (size: number) => readonly number[]): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => visit(item, orderOf));
  const keys = Object.keys(value);
  const copy: Record<string, Json> = {};
  for (const index of orderOf(keys.length)) {
    const key = keys[index] ?? '';
    copy[key] = visit(value[key], orderOf);
  }
  return copy;
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}
