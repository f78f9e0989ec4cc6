import { allRoutes } from '../api/routes.ts';
import { RouteTable } from '../api/table.ts';
import type { Endpoint } from '../cluster-network.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import { askNode, signInAs, type WireAnswer } from './ask.ts';
import { applyRecordedEffect } from './recorded-effects.ts';
import { apiPath, formOf, headerOf, type RecordedStep } from './transcript.ts';

/** A step whose answer is not the recorded one. */
export interface Difference {
  readonly label: string;
  readonly recorded: string;
  readonly simulated: string;
}

/** How a replay went. */
export interface Replay {
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** How a scenario is prepared. */
export interface ReplayOptions {
  /** Before a step with this label, for what happened outside of the API. */
  readonly before?: (label: string, cluster: SimulatedCluster) => Promise<void> | void;
}

const table = new RouteTable(allRoutes);

/**
 * Sends the requests of a recorded scenario to a simulated cluster and compares status lines, exit statuses and logs.
 * Tickets, tokens and UPIDs of the recording are replaced by those that the simulation issued in their place. Steps that
 * the simulation does not serve have their effect applied directly, so that later ones find what they need.
 */
export async function replay(
  cluster: SimulatedCluster,
  steps: readonly RecordedStep[],
  options: ReplayOptions,
): Promise<Replay> {
  const differences: Difference[] = [];
  const swaps = await earlierSessions(cluster, steps);
  const unserved = new Set<string>();
  let compared = 0;
  for (const step of steps) {
    await options.before?.(step.label, cluster);
    const issued = step.response.json?.data;
    if (!isServed(step)) {
      applyRecordedEffect(cluster, step);
      if (typeof issued === 'string' && issued.startsWith('UPID:')) unserved.add(issued);
      continue;
    }
    if ([...unserved].some((upid) => apiPath(step)?.includes(upid))) continue;
    if (/status while running$|^log while running$/.test(step.label)) continue;
    const answer = await send(cluster, step, swaps);
    learn(swaps, step, answer);
    compared += 1;
    const [recorded, simulated] = [
      outcomeOf(step.response.status, step.response.reason, step.response.json?.data),
      outcomeOf(answer.status, answer.reason, answer.data),
    ];
    if (recorded !== simulated) differences.push({ label: step.label, recorded, simulated });
  }
  return { compared, differences };
}

/** Served here: a route that exists, or one that exists nowhere. Odd forms of requests have tests of their own. */
function isServed(step: RecordedStep): boolean {
  const path = apiPath(step);
  const { method, body } = step.request;
  if (path === undefined || !/^(GET|POST|PUT|DELETE)$/.test(method)) return false;
  if (headerOf(step, 'Transfer-Encoding') !== undefined || /^<\d+ bytes>$/.test(body ?? '')) return false;
  if (method === 'DELETE' && (body ?? '') !== '') return false;
  if (step.response.status === undefined) return false;
  return table.find(method, path) !== undefined || step.response.status === 501;
}

async function send(
  cluster: SimulatedCluster,
  step: RecordedStep,
  swaps: ReadonlyMap<string, string>,
): Promise<WireAnswer> {
  const swap = (text: string): string => [...swaps].reduce((done, [old, fresh]) => done.replaceAll(old, fresh), text);
  const headers = headersFor(step, swap);
  const path = swap(decodeURIComponent(step.request.path ?? '/')).replace('/api2/json', '');
  const body = step.request.body ?? '';
  const form = Object.fromEntries([...formOf(step)].map(([name, value]) => [name, swap(value)]));
  const isForm = body !== '' && !body.startsWith('{');
  const json = body.startsWith('{') ? { body: swap(body) } : {};
  const once = (): Promise<WireAnswer> =>
    askNode(entrance(cluster), step.request.method, encodePath(path), {
      headers,
      ...(isForm ? { form } : {}),
      ...json,
    });
  let answer = await once();
  if (!step.label.endsWith('status at the end')) return answer;
  for (let count = 0; count < 400 && isRunning(answer.data); count += 1) answer = await once();
  return answer;
}

/** The node that all requests go to. */
function entrance(cluster: SimulatedCluster): Endpoint {
  const [first] = cluster.nodes;
  if (!first) throw new Error('A cluster without nodes');
  return first;
}

function isRunning(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'status' in data && data.status === 'running';
}

/** Percent-encodes what a path may hold raw, leaving its separators and query alone. */
function encodePath(path: string): string {
  const [before = '', query] = path.split('?');
  const encoded = before.split('/').map(encodeURIComponent).join('/');
  return query === undefined ? encoded : `${encoded}?${encodeURI(query)}`;
}

/** Sessions that were opened before the recording began: tickets that worked in it, with sessions in their place. */
async function earlierSessions(
  cluster: SimulatedCluster,
  steps: readonly RecordedStep[],
): Promise<Map<string, string>> {
  const swaps = new Map<string, string>();
  for (const step of steps) {
    const ticket = /^PVEAuthCookie=(.*)$/.exec(decodeURIComponent(headerOf(step, 'Cookie') ?? ''))?.[1];
    const user = cluster.control.state.users.get(/^PVE:([^:]+):/.exec(ticket ?? '')?.[1] ?? '');
    if (ticket === undefined || !user || step.response.status === 401) continue;
    const csrf = headerOf(step, 'CSRFPreventionToken');
    if (swaps.has(ticket) && (csrf === undefined || swaps.has(csrf))) continue;
    const session = await signInAs(entrance(cluster), user.id, user.password);
    swaps.set(ticket, decodeURIComponent(session['Cookie'] ?? '').replace('PVEAuthCookie=', ''));
    if (csrf !== undefined) swaps.set(csrf, session['CSRFPreventionToken'] ?? '');
  }
  return swaps;
}

function headersFor(step: RecordedStep, swap: (text: string) => string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of ['Content-Type', 'Authorization', 'CSRFPreventionToken']) {
    const value = headerOf(step, name);
    if (value !== undefined) headers[name] = swap(value);
  }
  const cookie = headerOf(step, 'Cookie');
  return cookie === undefined ? headers : { ...headers, Cookie: cookieWith(swap(decodeURIComponent(cookie))) };
}

function cookieWith(decoded: string): string {
  const [name = '', ...rest] = decoded.split('=');
  return `${name}=${encodeURIComponent(rest.join('='))}`;
}

/** Remembers what the simulation issued in the place of what the recording issued. */
function learn(swaps: Map<string, string>, step: RecordedStep, answer: WireAnswer): void {
  const recorded = step.response.json?.data;
  if (typeof recorded === 'string' && recorded.startsWith('UPID:')) swaps.set(recorded, String(answer.data));
  if (typeof recorded !== 'object' || recorded === null || typeof answer.data !== 'object' || answer.data === null)
    return;
  for (const key of ['ticket', 'CSRFPreventionToken']) {
    const old: unknown = Reflect.get(recorded, key);
    const fresh: unknown = Reflect.get(answer.data, key);
    if (typeof old === 'string' && typeof fresh === 'string') swaps.set(old, fresh);
  }
}

/** What must be alike: the status line, how a task ended, what its log says. */
function outcomeOf(status = 0, reason = '', data?: unknown): string {
  const head = `${status} ${reason}`;
  if (Array.isArray(data) && data.every((line) => typeof line === 'object' && line !== null && 't' in line)) {
    return `${head} ${data.map((line: { t?: unknown }) => JSON.stringify(line.t)).join(' | ')}`.trimEnd();
  }
  if (typeof data !== 'object' || data === null) return head;
  const parts = ['exitstatus', 'qmpstatus', 'lock', 'NeedTFA'].filter((key) => key in data);
  return `${head} ${parts.map((key) => `${key}=${String(Reflect.get(data, key))}`).join(' ')}`.trimEnd();
}
