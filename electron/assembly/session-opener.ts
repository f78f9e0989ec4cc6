import type { PveSettings } from '../contract/connection-settings.ts';
import { AppError } from '../contract/errors.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DriverSession } from '../core/ports/driver.ts';
import type { Log } from '../core/ports/log.ts';
import type { OpenRequest, SessionOpener } from '../core/ports/session-opener.ts';
import { pveDriver, type PveLink } from '../drivers/pve/index.ts';
import { HttpsLink } from '../transport/https/index.ts';

/** What every driver shares. */
interface SharedParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings each kind of connection together with its transport and its driver. */
export function createSessionOpener(parts: SharedParts): SessionOpener {
  return (request, signal) => {
    const { access } = request.saved.settings;
    if (access.kind === 'pve') return openPve(parts, request, access, signal);
    return Promise.reject(
      new AppError('capability.unavailable', `no driver for ${access.kind}`, {
        capability: access.kind,
        reason: 'driver-lacks-it',
        detail: '',
      }),
    );
  };
}

function openPve(
  { clock, log }: SharedParts,
  { saved, secrets, prompter, onAccessLearned }: OpenRequest,
  settings: PveSettings,
  signal: AbortSignal,
): Promise<DriverSession> {
  const { auth } = settings;
  const link: PveLink = {
    settings,
    prompter,
    openHttp: (checkCertificate) => new HttpsLink({ checkCertificate }),
    resolveSecret: async (ref) => {
      const kept = await secrets.get(ref);
      if (kept !== undefined || auth.method !== 'token') return kept;
      // An imported connection has no secret yet. The driver asks for passwords itself, for token secrets it does not.
      const reply = await prompter.ask({ type: 'password', account: auth.tokenId, again: false }, signal);
      return reply.type === 'secrets' ? reply.secrets[0] : undefined;
    },
    onEndpointsLearned: (endpoints) =>
      onAccessLearned((access) => (access.kind === 'pve' ? { ...access, endpoints: [...endpoints] } : access)),
  };
  return pveDriver.open({ connectionId: saved.id, link, clock, log }, signal);
}
