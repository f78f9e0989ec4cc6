import type { NodelessRequest } from '../endpoints/failover.ts';

/** What a call wants, before authentication: pure data, built by the functions of this folder. */
export interface PveCommand {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api2/json`, each segment percent-encoded. */
  readonly path: string;
  readonly form?: readonly (readonly [string, string])[];
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** A node answers its own questions in milliseconds; a slow disk or LDAP may take seconds. */
const ownTimeoutMs = 20_000;
/** pveproxy gives up on another node after 30 s with 596; waiting longer gets its words instead of our own. */
const proxiedTimeoutMs = 40_000;
const usualMaxBytes = 8_000_000;

/** A path from segments that may hold any character (`local:iso/ü.iso`, a UPID, a node name). */
export function pathOf(...segments: readonly (string | number)[]): string {
  return `/${segments.map((segment) => encodeURIComponent(String(segment))).join('/')}`;
}

/** `GET /nodes/pve1/qemu/104/config`, for errors and logs: without query and form. */
export function describe(command: PveCommand): string {
  return `${command.method} ${decodeURIComponent(command.path.split('?', 1)[0] ?? '')}`;
}

/** The request for one command with the headers of an authentication. A body has a length; GET and DELETE have none. */
export function toRequest(command: PveCommand, headers: Readonly<Record<string, string>>): NodelessRequest {
  const isProxied = command.path.startsWith('/nodes/');
  const hasBody = command.method === 'POST' || command.method === 'PUT';
  return {
    method: command.method,
    path: `/api2/json${command.path}`,
    headers: {
      accept: 'application/json',
      ...(hasBody && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    ...(hasBody && { body: new URLSearchParams(command.form ?? []).toString() }),
    timeoutMs: command.timeoutMs ?? (isProxied ? proxiedTimeoutMs : ownTimeoutMs),
    maxBytes: command.maxBytes ?? usualMaxBytes,
  };
}
