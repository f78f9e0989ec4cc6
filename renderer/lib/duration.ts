/** The two largest parts of a stretch of time, as admins read it: 41 d 3 h, 5 min 12 s, 8 s. */
export interface DurationParts {
  readonly major: { readonly value: number; readonly unit: DurationUnit };
  readonly minor?: { readonly value: number; readonly unit: DurationUnit };
}
export type DurationUnit = 'day' | 'hour' | 'minute' | 'second';

const sizesMs: readonly (readonly [DurationUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** Splits milliseconds; less than a second counts as 0 s. */
export function splitDuration(ms: number): DurationParts {
  const whole = Math.max(0, ms);
  for (const [index, [unit, sizeMs]] of sizesMs.entries()) {
    if (whole < sizeMs) continue;
    const major = { value: Math.floor(whole / sizeMs), unit };
    const next = sizesMs[index + 1];
    if (next === undefined) return { major };
    const rest = Math.floor((whole % sizeMs) / next[1]);
    return rest === 0 ? { major } : { major, minor: { value: rest, unit: next[0] } };
  }
  return { major: { value: 0, unit: 'second' } };
}
