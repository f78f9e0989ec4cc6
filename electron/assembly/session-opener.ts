import { AppError } from '../contract/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';
import type { SessionOpener } from '../core/ports/session-opener.ts';

/** Brings each kind of connection together with its transport and its driver. */
export function createSessionOpener(_parts: { readonly clock: Clock; readonly log: Log }): SessionOpener {
  return (request) =>
    Promise.reject(
      new AppError('capability.unavailable', `no driver for ${request.saved.settings.access.kind}`, {
        capability: request.saved.settings.access.kind,
        reason: 'driver-lacks-it',
        detail: '',
      }),
    );
}
