import { homedir } from 'node:os';
import type { DebianSettings, LocalSettings, PveSettings, SshHop } from '../contract/connection-settings.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { DriverSession } from '../core/ports/driver.ts';
import type { HostLink } from '../core/ports/host-link.ts';
import type { Log } from '../core/ports/log.ts';
import type { OpenRequest, SessionOpener } from '../core/ports/session-opener.ts';
import { createDebianDriver } from '../drivers/debian/index.ts';
import { createPveDriver, type PveLink } from '../drivers/pve/index.ts';
import { HttpsLink } from '../transport/https/index.ts';
import { openLocalLink } from '../transport/local/index.ts';
import type { AcceptedHostKey } from '../transport/ssh/index.ts';

/** What every driver shares. */
interface SharedParts {
  readonly clock: Clock;
  readonly log: Log;
  /** One for all clusters: it remembers their tickets from session to session. */
  readonly pveDriver: ReturnType<typeof createPveDriver>;
}

/** Brings each kind of connection together with its transport and its driver. */
export function createSessionOpener(shared: Omit<SharedParts, 'pveDriver'>): SessionOpener {
  const parts: SharedParts = { ...shared, pveDriver: createPveDriver() };
  return (request, signal) => {
    const { access } = request.saved.settings;
    if (access.kind === 'pve') return openPve(parts, request, access, signal);
    if (access.kind === 'debian') return openDebian(parts, request, access, signal);
    return openLocal(parts, request, access, signal);
  };
}

function openPve(
  { clock, log, pveDriver }: SharedParts,
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

async function openDebian(
  { clock, log }: SharedParts,
  { saved, secrets, prompter, onAccessLearned }: OpenRequest,
  settings: DebianSettings,
  signal: AbortSignal,
): Promise<DriverSession> {
  // Loaded with the first host: a tenth of the time of a start, and nothing for those who have clusters only.
  const { openSshLink } = await import('../transport/ssh/index.ts');
  const opened = await openSshLink(
    settings,
    {
      secrets,
      prompter,
      clock,
      log,
      homeDirectory: homedir(),
      onHostKeyAccepted: (accepted) =>
        onAccessLearned((access) => (access.kind === 'debian' ? withHostKey(access, accepted) : access)),
      onJumpsFromConfig: (jumps) =>
        onAccessLearned((access) =>
          access.kind === 'debian' && access.jumps.length === 0 ? { ...access, jumps: [...jumps] } : access,
        ),
    },
    signal,
  );
  const driver = createDebianDriver({ privilege: settings.privilege, endpoint: opened.endpoint });
  return overLink(opened.link, () => driver.open({ connectionId: saved.id, link: opened.link, clock, log }, signal));
}

function openLocal(
  { clock, log }: SharedParts,
  { saved }: OpenRequest,
  settings: LocalSettings,
  signal: AbortSignal,
): Promise<DriverSession> {
  const link = openLocalLink({ clock });
  const driver = createDebianDriver({ privilege: settings.privilege });
  return overLink(link, () => driver.open({ connectionId: saved.id, link, clock, log }, signal));
}

/** A link whose driver did not open is of no use to anybody. */
async function overLink(link: HostLink, open: () => Promise<DriverSession>): Promise<DriverSession> {
  try {
    return await open();
  } catch (error) {
    link.close();
    throw error;
  }
}

/** Keeps the key that known_hosts vouched for, where nothing was pinned yet. Hops that only ~/.ssh/config names have no place in the settings. */
function withHostKey(access: DebianSettings, { hop, pin }: AcceptedHostKey): DebianSettings {
  const pinned = (known: SshHop): SshHop => (known.hostKeys.length > 0 ? known : { ...known, hostKeys: [pin] });
  if (hop === 'target') return { ...access, target: pinned(access.target) };
  return { ...access, jumps: access.jumps.map((known, index) => (index === hop ? pinned(known) : known)) };
}
