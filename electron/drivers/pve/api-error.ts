import { AppError } from '../../contract/errors.ts';
import type { EntityId } from '../../contract/ids.ts';
import type { HttpResponse } from '../../core/ports/http-link.ts';
import { describe, type PveCommand } from './commands/request.ts';

/** Codes that pveproxy passes on when it could not reach, agree TLS with, or wait for the other node. */
const nodeUnreachable = new Set([595, 596, 597, 598, 599]);

/** The error for any answer but 200 and 401. `about` is the entity that the call was for, where there is one. */
export function toApiError(command: PveCommand, response: HttpResponse, about?: EntityId): AppError {
  const { status } = response;
  const text = errorText(response);
  const what = describe(command);
  if (status === 403) return toDenied(text, what);
  if (nodeUnreachable.has(status)) {
    const node = /^\/nodes\/(?<node>[^/?]+)/.exec(command.path)?.groups?.['node'] ?? '';
    return new AppError('remote.node-unreachable', `${what}: ${status} ${text}`, {
      node: decodeURIComponent(node),
      status,
      text,
    });
  }
  return (
    toQuorumError(text, what) ??
    (about && toEntityError(text, what, about)) ??
    new AppError('remote.refused', `${what}: ${status} ${text}`, { command: what, status, text })
  );
}

/**
 * PVE's words: the reason phrase, or better the body's `message` (longer and not limited to one line), with the
 * parameter errors of a 400 behind it. Errors raised before the API have no body.
 */
export function errorText(response: HttpResponse): string {
  let text = response.reason;
  try {
    const body = JSON.parse(response.body) as { message?: unknown; errors?: unknown };
    if (typeof body.message === 'string' && body.message.trim() !== '') text = body.message.trim();
    if (typeof body.errors === 'object' && body.errors !== null) {
      const details = Object.entries(body.errors).map(([name, why]) => `${name}: ${String(why).trim()}`);
      text = [text, ...details].join(' ');
    }
  } catch {
    // An empty or plain body: the reason phrase is all there is.
  }
  return text.slice(0, 1000);
}

/** `Permission check failed (/vms/100, VM.PowerMgmt)`; several privileges are separated by `|`. */
function toDenied(text: string, what: string): AppError {
  const groups = /\((?<path>\/[^,)]*),\s*(?<privilege>[^)]+)\)/.exec(text)?.groups;
  return new AppError('access.denied', `${what}: ${text}`, {
    privilege: groups?.['privilege'] ?? '',
    path: groups?.['path'] ?? '',
    text,
  });
}

/** Without quorum pmxcfs is read-only, which shows as a permission error on `/etc/pve` (recorded on 9.1.9). */
function toQuorumError(text: string, what: string): AppError | undefined {
  const isIt = /no quorum/i.test(text) || /unable to open file '\/etc\/pve\/.*Permission denied/.test(text);
  return isIt ? new AppError('remote.no-quorum', `${what}: ${text}`, { command: what, text }) : undefined;
}

/** PVE has no 404: a missing guest, storage or pool is a 500 (or, from a worker, a task error) that says so. */
export function toEntityError(text: string, what: string, about: EntityId): AppError | undefined {
  if (
    /Configuration file '.*' does not exist|(storage|pool|node) '.*' does not exist|no such (VM|CT|node)/i.test(text)
  ) {
    return new AppError('entity.not-found', `${what}: ${text}`, { entityId: about });
  }
  const lock = /(VM|CT) is locked(?: \((?<lock>[^)]+)\))?/.exec(text);
  if (lock) {
    return new AppError('entity.locked', `${what}: ${text}`, {
      entityId: about,
      lock: lock.groups?.['lock'] ?? 'other',
    });
  }
  const state = /\b(?:VM|CT) \d+ (?<state>not running|already running)/.exec(text)?.groups?.['state'];
  if (state === undefined) return undefined;
  return new AppError('entity.wrong-state', `${what}: ${text}`, {
    entityId: about,
    actual: state === 'not running' ? 'stopped' : 'running',
    needed: state === 'not running' ? ['running', 'paused'] : ['stopped', 'suspended'],
  });
}
