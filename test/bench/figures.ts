import { availableParallelism, loadavg } from 'node:os';

/** The middle of several runs; the only figure worth quoting on a busy machine. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value that a share of all runs stays below. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One figure of the bench. Units are in the names; `ratio` is against a baseline of the same run. */
export interface BenchResult {
  readonly bench: string;
  readonly what: string;
  readonly [figure: string]: string | number | boolean;
}

const rounded = (value: string | number | boolean): string | number | boolean =>
  typeof value === 'number' ? Number(value.toPrecision(4)) : value;

/** Prints a result as one JSON line, with how busy the machine was: times of a busy machine are worth their ratio only. */
export function report(result: BenchResult): void {
  const line = { ...result, cores: availableParallelism(), loadAverage: loadavg()[0] ?? 0 };
  console.log(JSON.stringify(Object.fromEntries(Object.entries(line).map(([key, value]) => [key, rounded(value)]))));
}

/** Milliseconds that some work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs two pieces of work in turn, A B A B, so that a drift of the machine's speed meets both alike. */
export async function paired(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ readonly a: readonly number[]; readonly b: readonly number[]; readonly ratio: number }> {
  const as: number[] = [];
  const bs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    as.push(await a());
    bs.push(await b());
  }
  return { a: as, b: bs, ratio: median(as.map((value, index) => value / (bs[index] ?? Number.NaN))) };
}
