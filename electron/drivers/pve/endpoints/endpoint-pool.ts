import { pveEndpointSchema, type PveEndpoint } from '../../../contract/connection-settings.ts';
import { AppError } from '../../../contract/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { CertificateCheck, HttpEndpoint } from '../../../core/ports/http-link.ts';

/** A dead node is left alone for this long, doubling; short enough that a reboot is noticed, long enough not to slow the others. */
const firstBackOffMs = 5_000;
const longestBackOffMs = 300_000;
/** One request tries this many: each may cost a connect time-out, and a large cluster has a hundred nodes. */
const triesPerRequest = 4;
/** Larger than any cluster; what a node says must not fill the profile. */
const mostEndpoints = 256;

interface Dead {
  readonly untilMs: number;
  readonly backOffMs: number;
}

/** `host:port`, brackets around an IPv6 address. */
export function endpointName(endpoint: HttpEndpoint): string {
  return endpoint.host.includes(':') ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
}

/** The nodes of one cluster as addresses: their pins, which one answered last, and which ones do not answer. */
export class EndpointPool {
  readonly #clock: Clock;
  #endpoints: readonly PveEndpoint[];
  #lastGood: string | undefined;
  readonly #dead = new Map<string, Dead>();

  constructor(endpoints: readonly PveEndpoint[], clock: Clock) {
    this.#endpoints = endpoints;
    this.#clock = clock;
  }

  get endpoints(): readonly PveEndpoint[] {
    return this.#endpoints;
  }

  /** The one that answered last, or the first. */
  get current(): PveEndpoint {
    const good = this.#endpoints.find((endpoint) => endpointName(endpoint) === this.#lastGood) ?? this.#endpoints[0];
    if (good === undefined) throw new RangeError('a connection without endpoints');
    return good;
  }

  /** Whom to ask, in order: the last good one, then the others as configured; dead ones only when nobody else is left. */
  candidates(): readonly PveEndpoint[] {
    const now = this.#clock.now();
    const until = (endpoint: PveEndpoint): number => this.#dead.get(endpointName(endpoint))?.untilMs ?? 0;
    const isLastGood = (endpoint: PveEndpoint): number => (endpointName(endpoint) === this.#lastGood ? 0 : 1);
    const alive = this.#endpoints.filter((endpoint) => until(endpoint) <= now);
    const order =
      alive.length > 0
        ? alive.toSorted((a, b) => isLastGood(a) - isLastGood(b))
        : this.#endpoints.toSorted((a, b) => until(a) - until(b));
    return order.slice(0, triesPerRequest);
  }

  markGood(endpoint: HttpEndpoint): void {
    this.#lastGood = endpointName(endpoint);
    this.#dead.delete(this.#lastGood);
  }

  markDead(endpoint: HttpEndpoint): void {
    const name = endpointName(endpoint);
    const known = this.#dead.get(name)?.backOffMs;
    const backOffMs = known === undefined ? firstBackOffMs : Math.min(longestBackOffMs, known * 2);
    this.#dead.set(name, { untilMs: this.#clock.now() + backOffMs, backOffMs });
  }

  /** Decides about a presented certificate; see {@link CertificateCheck}. */
  readonly check: CertificateCheck = (endpoint, presented) => {
    const at = endpointName(endpoint);
    const expected = this.#endpoints.find((known) => endpointName(known) === at)?.fingerprint;
    if (expected === undefined) return false;
    if (expected.toUpperCase() === presented.fingerprint.toUpperCase()) return true;
    throw new AppError('connection.identity-changed', `${at} presents another certificate than the pinned one`, {
      endpoint: at,
      expected,
      presented: presented.fingerprint,
    });
  };

  /** The user trusts this certificate. Does nothing where a pin exists. */
  pin(endpoint: HttpEndpoint, fingerprint: string): void {
    const name = endpointName(endpoint);
    this.#endpoints = this.#endpoints.map((known) =>
      endpointName(known) === name && known.fingerprint === undefined ? { ...known, fingerprint } : known,
    );
  }

  /** Adds nodes that a trusted one named. True when the list changed. Nodes without a fingerprint cannot be pinned and stay out. */
  learn(nodes: readonly { readonly address: string; readonly fingerprint: string | undefined }[]): boolean {
    const { port } = this.current;
    const added: PveEndpoint[] = [];
    for (const { address, fingerprint } of nodes) {
      if (address === '' || fingerprint === undefined) continue;
      // The same node may be configured under its DNS name: then its certificate is pinned already.
      const isKnown = [...this.#endpoints, ...added].some(
        (known) => (known.host === address && known.port === port) || known.fingerprint?.toUpperCase() === fingerprint,
      );
      if (isKnown || this.#endpoints.length + added.length >= mostEndpoints) continue;
      // One address that cannot be saved would cost all of them.
      const endpoint = pveEndpointSchema.safeParse({ host: address, port, fingerprint }).data;
      if (endpoint !== undefined) added.push(endpoint);
    }
    if (added.length > 0) this.#endpoints = [...this.#endpoints, ...added];
    return added.length > 0;
  }
}
