import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, startHttps, type LoopbackServer } from './loopback-https.ts';
import { firstIdentity, type TlsIdentity } from './tls-identities.ts';

/** What a scripted answer may see. */
export interface SmallRequest {
  readonly method: string;
  /** Below `/api2/json`, decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** `data` with 200, or another status line with a text, or the raw body, or a function that owns the socket. */
export type SmallAnswer =
  | { readonly data: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status: number; readonly reason: string; readonly body?: string }
  | { readonly raw: string }
  | { readonly drop: true }
  | { readonly hang: true };

export type SmallRoute = (request: SmallRequest) => SmallAnswer;

/**
 * A PVE node of which a test says every answer: routes by `METHOD /path`, the longest matching prefix wins. For what the
 * simulated cluster does not do on purpose: broken answers, silence, refusals at the wrong moment.
 */
export class SmallPve {
  readonly routes = new Map<string, SmallRoute>();
  /** What came in, `METHOD /path`, in order. */
  readonly calls: string[] = [];
  readonly seen: SmallRequest[] = [];
  ticketNumber = 0;
  password = 'secret';
  #server: LoopbackServer | undefined;

  constructor(readonly identity: TlsIdentity = firstIdentity) {
    this.on('GET /access/domains', () => ({
      data: [
        { realm: 'pam', type: 'pam' },
        { realm: 'sso', type: 'openid' },
      ],
    }));
    this.on('POST /access/ticket', (request) => this.#signIn(request));
    this.on('GET /version', () => ({ data: { version: '9.1.9', release: '9.1', repoid: 'f4' } }));
    this.on('GET /access/permissions', () => ({ data: allPermissions }));
    this.on('GET /cluster/resources', () => ({ data: [] }));
    this.on('GET /cluster/status', () => ({ data: [{ type: 'node', name: 'pve1', local: 1, online: 1, ip: '' }] }));
    this.on('GET /cluster/ha/status/current', () => ({ data: [] }));
    this.on('GET /cluster/tasks', () => ({ data: [] }));
    this.on('GET /nodes', () => ({ data: [] }));
    this.on('GET /pools', () => ({ data: [] }));
  }

  on(route: string, answer: SmallRoute): this {
    this.routes.set(route, answer);
    return this;
  }

  get port(): number {
    if (this.#server === undefined) throw new Error('not started');
    return this.#server.port;
  }

  async start(host = '127.0.0.1', port = 0): Promise<this> {
    this.#server = await startHttps(
      (request, response) => void this.#handle(request, response),
      this.identity,
      host,
      port,
    );
    return this;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  /** The calls to one path since the beginning. */
  count(call: string): number {
    return this.calls.filter((one) => one === call).length;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://pve');
    const path = decodeURIComponent(url.pathname.replace(/^\/api2\/json/, ''));
    const form = new URLSearchParams(await bodyOf(request));
    const small: SmallRequest = {
      method: request.method ?? '',
      path,
      query: url.searchParams,
      form,
      headers: request.headers,
    };
    const call = `${small.method} ${path}`;
    this.calls.push(call);
    this.seen.push(small);
    const route = [...this.routes.keys()]
      .filter((key) => call.startsWith(key))
      .toSorted((a, b) => b.length - a.length)[0];
    const answer = route === undefined ? undefined : this.routes.get(route)?.(small);
    this.#send(response, answer ?? { status: 501, reason: `Method '${call}' not implemented` });
  }

  #send(response: ServerResponse, answer: SmallAnswer): void {
    if ('hang' in answer) return;
    if ('drop' in answer) response.destroy();
    else if ('raw' in answer) response.writeHead(200).end(answer.raw);
    else if ('status' in answer) response.writeHead(answer.status, answer.reason).end(answer.body ?? '');
    else response.writeHead(200, { ...answer.headers }).end(JSON.stringify({ data: answer.data }));
  }

  #signIn({ form }: SmallRequest): SmallAnswer {
    const given = form.get('password');
    if (given !== this.password && given?.startsWith('PVE:') !== true) {
      return { status: 401, reason: 'authentication failure' };
    }
    this.ticketNumber += 1;
    const username = form.get('username');
    return {
      data: {
        username,
        ticket: `PVE:${username}:${this.ticketNumber}`,
        CSRFPreventionToken: `csrf${this.ticketNumber}`,
      },
    };
  }
}

const privileges = [
  'Sys.Audit',
  'Sys.Modify',
  'VM.Audit',
  'VM.PowerMgmt',
  'VM.Config.Disk',
  'VM.GuestAgent.Audit',
  'Datastore.Audit',
  'Pool.Audit',
];

/** What root@pam may: everything that the driver asks about, on every base path. */
export const allPermissions: Readonly<Record<string, Readonly<Record<string, number>>>> = Object.fromEntries(
  ['/', '/nodes', '/vms', '/storage', '/pool'].map((path) => [
    path,
    Object.fromEntries(privileges.map((privilege) => [privilege, 1])),
  ]),
);
