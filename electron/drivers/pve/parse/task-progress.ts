export interface ParsedProgress {
  readonly done: number;
  readonly total: number;
  readonly unit: 'bytes' | 'steps';
}

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/**
 * Progress from a line of a task log: disk mirrors and live migrations say `transferred 16.0 MiB of 1.0 GiB`, backups
 * `12% (1.2 GiB of 10.0 GiB) in 3s`, restores `progress 12% (read ...)` (recorded on 9.1.9).
 */
export function parseProgress(line: string): ParsedProgress | undefined {
  const sizes = /(?<done>[\d.]+) (?<doneUnit>[KMGT]i?B|B) of (?<total>[\d.]+) (?<totalUnit>[KMGT]i?B|B)/.exec(
    line,
  )?.groups;
  if (sizes !== undefined) {
    const done = bytes(sizes['done'], sizes['doneUnit']);
    const total = bytes(sizes['total'], sizes['totalUnit']);
    if (total > 0) return { done: Math.min(done, total), total, unit: 'bytes' };
  }
  const percent = /(?:^INFO:|progress)\s+(?<percent>\d{1,3})%/.exec(line)?.groups?.['percent'];
  return percent === undefined ? undefined : { done: Math.min(100, Number(percent)), total: 100, unit: 'steps' };
}

function bytes(amount: string | undefined, unit: string | undefined): number {
  return Math.round(Number(amount) * (units[unit ?? 'B'] ?? 1));
}
