import type { PveResource } from '../parse/resources.ts';

/** The four counters of a guest as PVE counts them, since its start on its present node. */
interface Sample {
  readonly node: string;
  readonly uptimeS: number;
  readonly netIn: number | undefined;
  readonly netOut: number | undefined;
  readonly diskRead: number | undefined;
  readonly diskWrite: number | undefined;
}

export interface Rates {
  readonly netIn: number | null;
  readonly netOut: number | null;
  readonly diskRead: number | null;
  readonly diskWrite: number | null;
}

export const noRates: Rates = { netIn: null, netOut: null, diskRead: null, diskWrite: null };

/**
 * Bytes per second from counters. pvestatd refreshes them every 10 s, less often than we read, and `uptime` moves with
 * them: it is the clock of the sample, so that reading twice in one period neither shows zero nor doubles.
 * A counter that went back, a restart and a move to another node give `null`, never a negative figure.
 */
export class RateMeter {
  #last: Sample | undefined;
  #rates = noRates;

  /** The rates after this row. Call it only for a running guest; {@link reset} for any other. */
  update(row: PveResource): Rates {
    const uptimeS = row.uptime ?? 0;
    const last = this.#last;
    if (last !== undefined && last.node === row.node && last.uptimeS === uptimeS) return this.#rates;
    const sample: Sample = {
      node: row.node ?? '',
      uptimeS,
      netIn: row.netin,
      netOut: row.netout,
      diskRead: row.diskread,
      diskWrite: row.diskwrite,
    };
    this.#last = sample;
    this.#rates =
      last === undefined || last.node !== sample.node || last.uptimeS > uptimeS ? noRates : between(last, sample);
    return this.#rates;
  }

  reset(): Rates {
    this.#last = undefined;
    this.#rates = noRates;
    return noRates;
  }
}

function between(last: Sample, next: Sample): Rates {
  const seconds = next.uptimeS - last.uptimeS;
  const rate = (before: number | undefined, after: number | undefined): number | null =>
    before === undefined || after === undefined || after < before ? null : (after - before) / seconds;
  return {
    netIn: rate(last.netIn, next.netIn),
    netOut: rate(last.netOut, next.netOut),
    diskRead: rate(last.diskRead, next.diskRead),
    diskWrite: rate(last.diskWrite, next.diskWrite),
  };
}
