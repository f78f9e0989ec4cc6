const combiningMarks = /\p{M}/gu;
const digitRuns = /\d+/g;

/**
 * A text that orders names the way people read them when compared with `<`: case and accents do not count, and `web-2`
 * comes before `web-10`. Computed once for each name: comparing keys is some ten times faster than `Intl.Collator`,
 * which matters when 10,000 names are sorted between two frames.
 */
export function naturalSortKey(name: string): string {
  return name
    .normalize('NFD')
    .replace(combiningMarks, '')
    .toLowerCase()
    .replace(digitRuns, (digits) => digits.padStart(12, '0'));
}

/** Compares two texts or numbers for an ascending sort; unknown (`null`) comes last. */
export function compareValues(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}
