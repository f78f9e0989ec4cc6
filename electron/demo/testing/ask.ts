import { request, type Agent } from 'node:https';
import type { Endpoint } from '../cluster-network.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, duplicates kept. */
  readonly rawHeaders: readonly string[];
  readonly text: string;
  /** The member `data` of a JSON body. */
  readonly data: unknown;
  /** The whole JSON body. */
  readonly body: Record<string, unknown>;
}

/** What a request brings along. */
export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it stands. */
  readonly body?: string;
  readonly agent?: Agent;
}

/** Asks one node over real HTTPS, checking its certificate by fingerprint. Paths are below /api2/json. */
export function askNode(node: Endpoint, method: string, path: string, options: AskOptions = {}): Promise<WireAnswer> {
  const body = options.form ? new URLSearchParams(options.form).toString() : options.body;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: node.host,
        port: node.port,
        method,
        path: `/api2/json${path}`,
        rejectUnauthorized: false,
        agent: options.agent ?? false,
        headers: {
          ...options.headers,
          ...(options.form === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
          ...(method === 'POST' || method === 'PUT' ? { 'Content-Length': Buffer.byteLength(body ?? '') } : {}),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const whole = readJson(text);
          resolve({
            status: answer.statusCode ?? 0,
            reason: Buffer.from(answer.statusMessage ?? '', 'latin1').toString('utf8'),
            rawHeaders: answer.rawHeaders,
            text,
            data: whole['data'],
            body: whole,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** An empty object for what is no JSON: tests look at the text then. */
function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Signs in and answers with the headers of a session: cookie and CSRF token. */
export async function signInAs(node: Endpoint, username: string, password: string): Promise<Record<string, string>> {
  const answer = await askNode(node, 'POST', '/access/ticket', { form: { username, password } });
  const { ticket, CSRFPreventionToken: csrf } = answer.data as { ticket: string; CSRFPreventionToken: string };
  return { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: csrf };
}
