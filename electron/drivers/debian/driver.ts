import type { LocalSettings } from '../../contract/connection-settings.ts';
import type { Driver, DriverSession } from '../../core/ports/driver.ts';
import type { HostLink } from '../../core/ports/host-link.ts';
import { findAccess } from './access.ts';
import { HostShell } from './host/host-shell.ts';
import { DebianSession } from './session.ts';

/** What the driver is told besides its link. */
export interface DebianDriverOptions {
  /** How to become root when the account is not. */
  readonly privilege: LocalSettings['privilege'];
  /** `host:port` for the facts; `''` for this machine. */
  readonly endpoint: string;
  /** How long a guest may take to shut down. Windows with updates needs minutes. */
  readonly shutdownTimeoutMs: number;
}

const defaults: DebianDriverOptions = { privilege: 'automatic', endpoint: '', shutdownTimeoutMs: 180_000 };

/** Makes the driver of plain Debian hosts: libvirt/QEMU and LXC over any {@link HostLink}. */
export function createDebianDriver(options: Partial<DebianDriverOptions> = {}): Driver<HostLink> {
  const { privilege, endpoint, shutdownTimeoutMs } = { ...defaults, ...options };
  return {
    name: 'debian',
    open: async (context, signal): Promise<DriverSession> => {
      const shell = new HostShell(context.link, context.clock, false);
      const access = await findAccess(shell, privilege, signal);
      const session = new DebianSession({
        context,
        shell: shell.withPrivilege(access.usesSudo),
        access,
        endpoint,
        shutdownTimeoutMs,
      });
      // The first reading tells the system's version, and whether the host can be read at all.
      await session.listInventory('full', signal);
      return session;
    },
  };
}

/** The driver with its usual settings. */
export const debianDriver: Driver<HostLink> = createDebianDriver();
