/** One HTTP request, read completely. */
export interface HttpRequest {
  readonly method: string;
  /** As sent, with the query. */
  readonly target: string;
  /** Names in lower case; a repeated one keeps its last value. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly keepsAlive: boolean;
}

/** A request that the HTTP layer refuses before anybody looks at it. */
export interface BadRequest {
  readonly status: number;
  readonly reason: string;
}

/** Limits of pveproxy: recorded on all three releases, or read in its source. */
export const bodyLimitBytes = 512 * 1024;
const headLimitBytes = 8 * 1024;
const headerLimit = 64;

/** What the bytes so far amount to. */
export type Parsed =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad'; readonly problem: BadRequest }
  | { readonly kind: 'request'; readonly request: HttpRequest; readonly rest: Buffer };

/** Reads one request from the beginning of a connection's bytes; `more` until it is complete. */
export function parseRequest(bytes: Buffer): Parsed {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return bytes.length > headLimitBytes ? bad(400, 'header too large') : { kind: 'more' };
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [, method, target, minor] = /^(\S+) (\S+) HTTP\/1\.([01])$/.exec(first) ?? [];
  if (method === undefined || target === undefined) return bad(400, 'bad request');
  if (lines.length > headerLimit) return bad(400, 'too many http header lines');
  const headers = parseHeaders(lines);
  const problem = problemOf(method, headers);
  if (problem) return { kind: 'bad', problem };
  const length = Number(headers.get('content-length') ?? 0);
  const bodyEnd = end + 4 + length;
  if (bytes.length < bodyEnd) return { kind: 'more' };
  const connection = (headers.get('connection') ?? '').toLowerCase();
  return {
    kind: 'request',
    request: {
      method,
      target,
      headers,
      body: bytes.subarray(end + 4, bodyEnd).toString('utf8'),
      keepsAlive: minor === '1' ? !connection.includes('close') : connection.includes('keep-alive'),
    },
    rest: bytes.subarray(bodyEnd),
  };
}

/** Whether the client waits for leave to send its body. */
export function expectsContinue(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  return end >= 0 && /\r\nexpect: *100-continue/i.test(bytes.subarray(0, end).toString('latin1'));
}

function problemOf(method: string, headers: ReadonlyMap<string, string>): BadRequest | undefined {
  if (!/^(GET|POST|PUT|DELETE)$/.test(method)) return { status: 501, reason: `method '${method}' not available` };
  if (headers.has('transfer-encoding')) return { status: 501, reason: 'chunked transfer encoding not supported' };
  const length = Number(headers.get('content-length') ?? 0);
  if (length > 0 && /^(GET|DELETE)$/.test(method)) {
    return { status: 501, reason: `Unexpected content for method '${method}'` };
  }
  if (length > bodyLimitBytes) return { status: 501, reason: 'for data too large' };
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const known = type === undefined || type === 'application/x-www-form-urlencoded' || type === 'application/json';
  return length > 0 && !known ? { status: 506, reason: `upload 'Content-Type '${type}' not implemented` } : undefined;
}

function parseHeaders(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const cut = line.indexOf(':');
    if (cut > 0) headers.set(line.slice(0, cut).toLowerCase(), line.slice(cut + 1).trim());
  }
  return headers;
}

function bad(status: number, reason: string): Parsed {
  return { kind: 'bad', problem: { status, reason } };
}

/** Query and body as PVE merges them: form fields or a JSON object; JSON booleans become 0 and 1. */
export function parametersOf(request: HttpRequest, query: string): Map<string, string> {
  const given = new Map(new URLSearchParams(query));
  if (request.body === '') return given;
  if (!(request.headers.get('content-type') ?? '').startsWith('application/json')) {
    for (const [name, value] of new URLSearchParams(request.body)) given.set(name, value);
    return given;
  }
  const parsed: unknown = JSON.parse(request.body);
  if (typeof parsed !== 'object' || parsed === null) return given;
  for (const [name, value] of Object.entries(parsed)) given.set(name, jsonParameter(value));
  return given;
}

function jsonParameter(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
