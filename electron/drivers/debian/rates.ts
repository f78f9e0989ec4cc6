/** Sums since some start. Null where the host does not tell. */
export interface Counters {
  /** On the host's uptime clock. */
  readonly atS: number;
  readonly cpuTimeNs: number | null;
  readonly netInBytes: number | null;
  readonly netOutBytes: number | null;
  readonly diskReadBytes: number | null;
  readonly diskWriteBytes: number | null;
}

/** Change per second. */
export interface Rates {
  /** CPUs in use: 1 is one whole CPU. */
  readonly cpus: number | null;
  readonly netIn: number | null;
  readonly netOut: number | null;
  readonly diskRead: number | null;
  readonly diskWrite: number | null;
}

/** No rate can be told of a first sample. */
export const noRates: Rates = { cpus: null, netIn: null, netOut: null, diskRead: null, diskWrite: null };

/** Shorter spans give figures that jump; two reads can follow each other closely after an event. */
const shortestSpanS = 0.5;

/** Remembers the last counters of each entity and tells what changed per second since then. */
export class RateMeter {
  readonly #last = new Map<string, { readonly counters: Counters; readonly rates: Rates }>();

  measure(id: string, now: Counters): Rates {
    const last = this.#last.get(id);
    if (last === undefined) {
      this.#last.set(id, { counters: now, rates: noRates });
      return noRates;
    }
    const seconds = now.atS - last.counters.atS;
    if (seconds >= 0 && seconds < shortestSpanS) return last.rates;
    const rates = seconds < 0 ? noRates : ratesBetween(last.counters, now, seconds);
    this.#last.set(id, { counters: now, rates });
    return rates;
  }

  /** Forgets what is not there any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#last.keys()) if (!ids.has(id)) this.#last.delete(id);
  }
}

function ratesBetween(before: Counters, now: Counters, seconds: number): Rates {
  // A counter that went back began anew: the guest was restarted. That is a gap, not a zero.
  const rate = (from: number | null, to: number | null) =>
    from === null || to === null || to < from ? null : (to - from) / seconds;
  const cpuNs = rate(before.cpuTimeNs, now.cpuTimeNs);
  return {
    cpus: cpuNs === null ? null : cpuNs / 1e9,
    netIn: rate(before.netInBytes, now.netInBytes),
    netOut: rate(before.netOutBytes, now.netOutBytes),
    diskRead: rate(before.diskReadBytes, now.diskReadBytes),
    diskWrite: rate(before.diskWriteBytes, now.diskWriteBytes),
  };
}
