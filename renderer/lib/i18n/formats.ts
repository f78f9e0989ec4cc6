import { fractionDigitsFor, scaleBytes } from '../bytes.ts';
import { splitDuration, type DurationUnit } from '../duration.ts';

/** Figures, sizes and times in the user's language. One object for each language; its formatters are made once. */
export interface Formats {
  readonly locale: string;
  number(value: number, fractionDigits?: number): string;
  /** 0.413 as `41%`, in German `41 %`; below 10 % with one digit where it says something. */
  percent(ratio: number): string;
  /** Without a digit after the point and without a space, for narrow columns: `41%`. */
  wholePercent(ratio: number): string;
  /** IEC units: `1.5 GiB`. */
  bytes(bytes: number): string;
  /** As narrow as it goes, for the tree: `2.1G`. */
  compactBytes(bytes: number): string;
  bytesPerS(bytesPerS: number): string;
  /** The two largest parts: `41 d 3 h`. */
  duration(ms: number): string;
  /** The largest part alone: `41 d`, for rows and badges. */
  shortDuration(ms: number): string;
  /** A moment as date and time with seconds. */
  dateTime(atMs: number): string;
  /** Today's moments as a time, older ones with the date. */
  time(atMs: number, nowMs: number): string;
  list(parts: readonly string[]): string;
  plural(count: number): 'one' | 'other';
}

const narrowUnits: { readonly [Unit in DurationUnit]: string } = { day: 'd', hour: 'h', minute: 'min', second: 's' };

/** Makes the formats of one language. A no-break space stands between figure and unit, as both languages write it. */
export function createFormats(locale: string): Formats {
  const plain = [0, 1, 2, 3].map(
    (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: 0, maximumFractionDigits: digits }),
  );
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
  const timeOnly = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const finePercent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const rules = new Intl.PluralRules(locale);
  const number = (value: number, fractionDigits = 0): string =>
    (plain[fractionDigits] ?? plain[3])?.format(value) ?? '';
  const part = (piece: { value: number; unit: DurationUnit }): string =>
    `${number(piece.value)}\u00a0${narrowUnits[piece.unit]}`;
  const bytes = (value: number): string => {
    const scaled = scaleBytes(value);
    return `${number(scaled.value, scaled.unit === 'B' ? 0 : fractionDigitsFor(scaled.value))}\u00a0${scaled.unit}`;
  };
  return {
    locale,
    number,
    bytes,
    compactBytes: (value) => {
      const scaled = scaleBytes(value);
      return `${number(scaled.value, scaled.unit === 'B' ? 0 : fractionDigitsFor(scaled.value))}${scaled.unit.charAt(0)}`;
    },
    bytesPerS: (value) => `${bytes(value)}/s`,
    percent: (ratio) => (ratio > 0 && ratio < 0.0995 ? finePercent : percent).format(ratio),
    wholePercent: (ratio) => `${number(Math.round(ratio * 100))}%`,
    duration: (ms) => {
      const parts = splitDuration(ms);
      return parts.minor === undefined ? part(parts.major) : `${part(parts.major)} ${part(parts.minor)}`;
    },
    shortDuration: (ms) => part(splitDuration(ms).major),
    dateTime: (atMs) => dateTime.format(atMs),
    time: (atMs, nowMs) =>
      new Date(atMs).toDateString() === new Date(nowMs).toDateString() ? timeOnly.format(atMs) : dateTime.format(atMs),
    list: (parts) => list.format(parts),
    plural: (count) => (rules.select(count) === 'one' ? 'one' : 'other'),
  };
}
