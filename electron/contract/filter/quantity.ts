import type { NumberUnit } from './ast.ts';
import type { FieldShape } from './fields.ts';

const byteFactors: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
};
const secondFactors: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A number with what it counts. */
export interface Quantity {
  readonly value: number;
  readonly unit: NumberUnit;
}

/** Why a text is no quantity. */
export type QuantityFault = 'bad-value' | 'missing-unit';

/**
 * Reads `8G`, `1.5TiB`, `80%`, `2h`, `4`. Sizes are binary whatever the spelling (G, GB, GiB), as PVE and libvirt show them.
 * A size or duration without its unit is a fault, not bytes or seconds: nobody means eight bytes of memory.
 */
export function parseQuantity(text: string, shape: FieldShape): Quantity | QuantityFault {
  const parts = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)([a-z%]*)$/i.exec(text);
  const number = Number(parts?.[1]);
  const suffix = parts?.[2]?.toLowerCase() ?? '';
  if (parts === null || number > Number.MAX_SAFE_INTEGER) return 'bad-value';
  switch (shape) {
    case 'percent':
      return suffix === '' || suffix === '%' ? { value: number, unit: 'percent' } : 'bad-value';
    case 'count':
    case 'id':
      return suffix === '' ? { value: number, unit: 'count' } : 'bad-value';
    case 'seconds':
      return scaled(number, suffix, secondFactors, 'seconds');
    case 'bytes-or-percent':
      if (suffix === '%') return { value: number, unit: 'percent' };
      return parseBytes(number, suffix);
    case 'bytes':
      return parseBytes(number, suffix);
    case 'text':
    case 'choice':
    case 'flag':
      return 'bad-value';
  }
}

function parseBytes(number: number, suffix: string): Quantity | QuantityFault {
  const letter = /^([kmgtp])i?b?$/.exec(suffix)?.[1] ?? suffix;
  return scaled(number, letter, byteFactors, 'bytes');
}

function scaled(
  number: number,
  suffix: string,
  factors: Readonly<Record<string, number>>,
  unit: NumberUnit,
): Quantity | QuantityFault {
  if (suffix === '') return number === 0 ? { value: 0, unit } : 'missing-unit';
  const factor = factors[suffix];
  if (factor === undefined) return 'bad-value';
  const value = Math.round(number * factor);
  return value <= Number.MAX_SAFE_INTEGER ? { value, unit } : 'bad-value';
}

/** Writes a quantity so that {@link parseQuantity} reads the same one. */
export function printQuantity({ value, unit }: Quantity): string {
  switch (unit) {
    case 'percent':
      return `${value}%`;
    case 'count':
      return String(value);
    case 'bytes':
      return withLargestUnit(value, byteFactors).toUpperCase();
    case 'seconds':
      return withLargestUnit(value, secondFactors);
  }
}

function withLargestUnit(value: number, factors: Readonly<Record<string, number>>): string {
  const largest = Object.entries(factors).findLast(([, factor]) => value >= factor && value % factor === 0);
  const [suffix, factor] = largest ?? Object.entries(factors)[0] ?? ['', 1];
  return `${value / factor}${suffix}`;
}
