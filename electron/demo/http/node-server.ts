import { authenticate } from '../access/authenticate.ts';
import { authenticationId, Rights, type Caller } from '../access/rights.ts';
import { ApiError, notImplemented, permissionError } from '../api/errors.ts';
import { checkParameters } from '../api/parameters.ts';
import { PreparedAnswer, RichAnswer, type Answer, type Route } from '../api/route.ts';
import type { RouteMatch, RouteTable } from '../api/table.ts';
import type { FaultAction, Faults } from '../faults/faults.ts';
import { createRandom, type Random } from '../random.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimNode } from '../state/node.ts';
import { isForwarded } from './forwarding.ts';
import { targetNode } from './proxying.ts';
import { parametersOf, type BadRequest, type HttpRequest } from './request.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import { encodeAnswer, type HttpAnswer } from './response.ts';
import { shuffleKeys } from './shuffle.ts';
import type { RequestHandler, WireOutcome } from './listener.ts';

const json = 'application/json;charset=UTF-8';

/** What all nodes of a cluster share. */
export interface ClusterServices {
  readonly state: ClusterState;
  readonly table: RouteTable;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

/** The API of one node: everything between a request and the bytes of its answer. */
export class NodeServer implements RequestHandler {
  readonly #services: ClusterServices;
  readonly #node: SimNode;
  readonly #order: Random;

  constructor(services: ClusterServices, node: SimNode) {
    this.#services = services;
    this.#node = node;
    this.#order = createRandom(services.state.seed + node.nodeId);
  }

  /** Bytes of a refusal below the API; the plain-HTTP case is the recorded redirect. */
  refuse(problem: BadRequest): Buffer {
    const isRedirect = problem.status === 301;
    const isSilent = problem.reason.startsWith("method '");
    return this.#encode(
      {
        status: problem.status,
        reason: problem.reason,
        body: isSilent ? '' : isRedirect ? 'Moved Permanently' : problem.reason,
        ...(isRedirect ? { headers: [['Location', `https://${this.#node.host}:${this.#node.port}/`]] } : {}),
      },
      { keepsAlive: false, acceptsGzip: false, isForwarded: false },
    );
  }

  async handle(request: HttpRequest): Promise<WireOutcome> {
    const { faults, requests, state } = this.#services;
    const entry: LoggedRequest = {
      atMs: state.clock.now(),
      node: this.#node.name,
      method: request.method,
      path: (request.target.split('?')[0] ?? '').replace(/^\/api2\/[a-z]+/, ''),
      status: 0,
    };
    requests.add(entry);
    const fault = faults.take(this.#node.name, request);
    if (fault?.kind === 'silence') return { kind: 'silence' };
    if (fault?.kind === 'drop') return { kind: 'break', bytes: Buffer.alloc(0) };
    if (fault?.kind === 'delay') await this.#pause(fault.ms);
    const answer = shortened(replaced(fault) ?? (await this.#answer(request, entry)), fault);
    entry.status = answer.status;
    return this.#wire(request, entry.path, answer, fault);
  }

  #wire(request: HttpRequest, path: string, answer: HttpAnswer, fault: FaultAction | undefined): WireOutcome {
    const keepsAlive = request.keepsAlive && answer.status < 400;
    const bytes = this.#encode(answer, {
      keepsAlive,
      acceptsGzip: (request.headers.get('accept-encoding') ?? '').includes('gzip'),
      isForwarded: answer.status < 400 && isForwarded(request.method, decoded(path), this.#node.name),
    });
    if (fault?.kind !== 'break-in-body') return { kind: 'answer', bytes, closes: !keepsAlive };
    const bodyStart = bytes.indexOf('\r\n\r\n') + 4;
    const cut = bodyStart + Math.floor((bytes.length - bodyStart) * (fault.share ?? 0.5));
    return { kind: 'break', bytes: bytes.subarray(0, cut) };
  }

  async #answer(request: HttpRequest, entry: LoggedRequest): Promise<HttpAnswer> {
    const match = /^\/+api2\/+(\w+)(\/[^?]*)?(?:\?(.*))?$/.exec(request.target);
    if (!match) return outsideOfApi(request.target);
    const [, format = '', rawPath = '/', query = ''] = match;
    const path = decoded(rawPath);
    if (format !== 'json' && format !== 'extjs') {
      const text = `no formatter for uri ${path}, ${format}`;
      return { status: 501, reason: text, body: text };
    }
    try {
      const answer = await this.#call(request, path, query, entry);
      return { status: 200, reason: 'OK', body: this.#body(answer, format === 'extjs'), contentType: json };
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (cause.delayMs > 0) await this.#pause(cause.delayMs);
      return format === 'extjs' && !cause.isBare ? extjsError(cause) : errorAnswer(cause);
    }
  }

  async #call(request: HttpRequest, path: string, query: string, entry: LoggedRequest): Promise<Answer> {
    const { state, table } = this.#services;
    const found = table.find(request.method, path);
    const match = found && (state.release.isNine || !found.route.sinceNine) ? found : undefined;
    const isWorld = match?.route.access.kind === 'world';
    const caller = isWorld ? { user: '' } : this.#identify(request);
    entry.user = authenticationId(caller);
    if (!match) throw notImplemented(request.method, path);
    const rights = new Rights(state, caller);
    checkAccess(match, rights);
    const node = targetNode(state, this.#node, match.pathParameters.get('node'));
    const given = merged(match, readParameters(request, query));
    const parameters = checkParameters(given, match.route.parameters);
    return match.route.run({ state, local: this.#node, node, caller, rights, parameters });
  }

  #identify(request: HttpRequest): Caller {
    return authenticate(this.#services.state, {
      method: request.method,
      cookie: request.headers.get('cookie'),
      authorization: request.headers.get('authorization'),
      csrfToken: request.headers.get('csrfpreventiontoken'),
    });
  }

  #body(answer: Answer, isExtjs: boolean): string {
    if (answer instanceof PreparedAnswer) return answer.body;
    const rich = answer instanceof RichAnswer ? { data: answer.data, ...answer.more } : { data: answer ?? null };
    return JSON.stringify(shuffleKeys(isExtjs ? { ...rich, success: 1 } : rich, this.#order));
  }

  #encode(answer: HttpAnswer, wire: { keepsAlive: boolean; acceptsGzip: boolean; isForwarded: boolean }): Buffer {
    return encodeAnswer(answer, { ...wire, nowMs: this.#services.state.clock.now() });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#services.state.clock.after(ms, resolve);
    });
  }
}

function checkAccess(match: RouteMatch, rights: Rights): void {
  const access: Route['access'] = match.route.access;
  if (access.kind !== 'check') return;
  const path = access.path.replace(/\{(\w+)\}/g, (whole, name: string) => match.pathParameters.get(name) ?? whole);
  if (access.any) {
    if (!rights.hasAny(path, access.privileges)) throw permissionError(path, access.privileges);
    return;
  }
  for (const privilege of access.privileges) {
    if (!rights.has(path, privilege)) throw permissionError(path, [privilege]);
  }
}

function merged(match: RouteMatch, given: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...given, ...match.pathParameters]);
}

function readParameters(request: HttpRequest, query: string): Map<string, string> {
  try {
    return parametersOf(request, query);
  } catch {
    const text = `'"' expected, at character offset 1 (before "${request.body.slice(1, 10)}")`;
    throw new ApiError(500, text, { isBare: true });
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
      .replace(/\/+/g, '/')
      .replace(/(.)\/$/, '$1');
  } catch {
    return path;
  }
}

function replaced(fault: FaultAction | undefined): HttpAnswer | undefined {
  if (fault?.kind === 'body') {
    return { status: 200, reason: 'OK', body: fault.text, contentType: fault.contentType ?? json };
  }
  if (fault?.kind === 'status') return { status: fault.status, reason: fault.reason, body: fault.body ?? '' };
  return undefined;
}

function shortened(answer: HttpAnswer, fault: FaultAction | undefined): HttpAnswer {
  if (fault?.kind !== 'truncated-json') return answer;
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * (fault.share ?? 0.5))) };
}

function errorAnswer(error: ApiError): HttpAnswer {
  if (error.isBare) return { status: error.status, reason: error.message, body: '' };
  const message = error.status === 501 ? error.message : `${error.message}\n`;
  const body = JSON.stringify({ data: null, message, ...(error.errors ? { errors: error.errors } : {}) });
  return { status: error.status, reason: error.message, body, contentType: json };
}

/** The format of the stock interface: always 200, the status inside. */
function extjsError(error: ApiError): HttpAnswer {
  const body = JSON.stringify({
    data: null,
    success: 0,
    status: error.status,
    message: error.status === 501 ? error.message : `${error.message}\n`,
    ...(error.errors ? { errors: error.errors } : {}),
  });
  return { status: 200, reason: 'OK', body, contentType: json };
}

function outsideOfApi(target: string): HttpAnswer {
  const path = target.split('?')[0] ?? '/';
  if (path !== '/') return { status: 500, reason: `no such file '${path}'`, body: `no such file '${path}'\n` };
  const page = '<!DOCTYPE html><html><head><title>Proxmox Virtual Environment</title></head><body></body></html>';
  return { status: 200, reason: 'OK', body: page, contentType: 'text/html; charset=utf-8' };
}
