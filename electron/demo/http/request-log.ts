/** One request that a cluster answered. */
export interface LoggedRequest {
  readonly atMs: number;
  readonly node: string;
  readonly method: string;
  /** Without the query, which may hold secrets. */
  readonly path: string;
  status: number;
  /** Who asked, once known. */
  user?: string;
}

const keptRequests = 5000;

/** What a cluster was asked, for tests that count. */
export class RequestLog {
  #requests: LoggedRequest[] = [];

  /** Everything since the last `clear`, oldest first, at most 5000. */
  get all(): readonly LoggedRequest[] {
    return this.#requests;
  }

  /** Adds one. */
  add(request: LoggedRequest): void {
    if (this.#requests.length >= keptRequests) this.#requests = this.#requests.slice(keptRequests / 2);
    this.#requests.push(request);
  }

  /** How many fitted. */
  count(method: string, path: string | RegExp): number {
    return this.#requests.filter(
      (request) =>
        request.method === method && (typeof path === 'string' ? request.path === path : path.test(request.path)),
    ).length;
  }

  /** Forgets everything. */
  clear(): void {
    this.#requests = [];
  }
}
