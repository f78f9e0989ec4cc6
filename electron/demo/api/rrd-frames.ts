import type { Release } from '../state/release.ts';
import { parameterError } from './errors.ts';

/** The rows of one history. */
export interface RrdFrame {
  readonly stepSeconds: number;
  readonly rows: number;
  /** How many steps before the present step the last row lies. */
  readonly lag: number;
}

const framesOfNine: Readonly<Record<string, RrdFrame>> = {
  hour: { stepSeconds: 60, rows: 59, lag: 1 },
  day: { stepSeconds: 60, rows: 1439, lag: 1 },
  week: { stepSeconds: 1800, rows: 336, lag: 0 },
  month: { stepSeconds: 1800, rows: 1440, lag: 0 },
  year: { stepSeconds: 21_600, rows: 1439, lag: 1 },
  decade: { stepSeconds: 604_800, rows: 569, lag: 1 },
};

const framesOfEight: Readonly<Record<string, RrdFrame>> = {
  hour: { stepSeconds: 60, rows: 70, lag: 0 },
  day: { stepSeconds: 1800, rows: 70, lag: 0 },
  week: { stepSeconds: 10_800, rows: 70, lag: 0 },
  month: { stepSeconds: 43_200, rows: 70, lag: 0 },
  year: { stepSeconds: 604_800, rows: 70, lag: 0 },
};

/** Steps and lengths as recorded on 8.4.1 and 9.1.9; 8.4 has no decade and says so with a 400. */
export function rrdFrame(release: Release, timeframe: string): RrdFrame {
  const frames = release.isNine ? framesOfNine : framesOfEight;
  const frame = frames[timeframe];
  if (frame) return frame;
  const known = Object.keys(frames).join(', ');
  throw parameterError({ timeframe: `value '${timeframe}' does not have a value in the enumeration '${known}'` });
}

/** Times of the rows in epoch seconds, oldest first. */
export function frameTimes(frame: RrdFrame, nowSeconds: number): number[] {
  const last = (Math.floor(nowSeconds / frame.stepSeconds) - frame.lag) * frame.stepSeconds;
  return Array.from({ length: frame.rows }, (_, index) => last - (frame.rows - 1 - index) * frame.stepSeconds);
}
