import type { LocalSettings } from '../../contract/connection-settings.ts';
import { AppError } from '../../contract/errors.ts';
import type { NodeNotice } from '../../contract/records/index.ts';
import { accessScript } from './host/batch-script.ts';
import type { HostShell } from './host/host-shell.ts';
import type { Sections } from './host/sections.ts';
import { isDenied } from './failures.ts';

/** What the account may do on a host, found once when the session opens. */
export interface HostAccess {
  /** Runs as root by sudo. */
  readonly usesSudo: boolean;
  readonly user: string;
  readonly isRoot: boolean;
  readonly libvirt: 'ready' | 'missing' | 'denied' | 'failed';
  readonly lxc: 'ready' | 'missing' | 'denied';
  /** What virsh said when it was not ready. */
  readonly libvirtProblem: string;
  /** What sudo said, when it was needed and refused. */
  readonly sudoProblem: string;
}

const accessTimeoutMs = 20_000;

/**
 * Tries the account as it is; with `automatic`, root by `sudo -n` is taken where it opens more. The libvirt group is
 * enough for virsh, root's containers need root. Rejects with the link's errors, and with `access.denied` when sudo was
 * asked for and refused.
 */
export async function findAccess(
  shell: HostShell,
  privilege: LocalSettings['privilege'],
  signal: AbortSignal,
): Promise<HostAccess> {
  const script = { name: 'access', text: accessScript };
  const plain = await shell.withPrivilege(false).batch(script, [], accessTimeoutMs, signal);
  const found = readAccess(plain.sections, false);
  if (privilege === 'none' || found.isRoot) return found;
  const canGain = found.libvirt === 'denied' || found.libvirt === 'failed' || found.lxc === 'denied';
  const sudo = plain.sections.get('sudo');
  if (sudo?.code !== 0) {
    // The shell's own words where there is no sudo.
    const sudoProblem = sudo === undefined ? 'sudo: not found' : sudo.stderr.trim().slice(0, 200);
    if (privilege === 'automatic') return { ...found, sudoProblem };
    throw new AppError('access.denied', `sudo -n is refused: ${sudoProblem}`, {
      privilege: 'sudo -n',
      path: '',
      text: sudoProblem,
    });
  }
  if (privilege === 'automatic' && !canGain) return found;
  const elevated = await shell.withPrivilege(true).batch(script, [], accessTimeoutMs, signal);
  return { ...readAccess(elevated.sections, true), user: found.user };
}

function readAccess(sections: Sections, usesSudo: boolean): HostAccess {
  const isRoot = sections.get('uid')?.stdout.trim() === '0';
  const virsh = sections.get('virsh');
  const problem = virsh === undefined || virsh.code === 0 ? '' : virsh.stderr.trim().replace(/^error: /gm, '');
  const whyNot = isDenied(problem) ? 'denied' : 'failed';
  return {
    usesSudo,
    user: sections.get('user')?.stdout.trim() ?? '',
    isRoot,
    libvirt: virsh === undefined ? 'missing' : virsh.code === 0 ? 'ready' : whyNot,
    lxc: sections.has('lxc') ? (isRoot ? 'ready' : 'denied') : 'missing',
    libvirtProblem: problem.slice(0, 300),
    sudoProblem: '',
  };
}

/** The command lines that install what is missing (Debian 12 and 13). */
export const installCommands = {
  libvirt: 'apt install libvirt-daemon-system libvirt-clients qemu-system-x86',
  lxc: 'apt install lxc',
} as const;

/** What one pass says about what can be read. */
export interface Readability {
  readonly hasLibvirt: boolean;
  readonly domainsProblem: string | undefined;
  readonly isLxcInstalled: boolean;
  readonly hasLxcAccess: boolean;
  readonly containersProblem: string | undefined;
  /** Why the system is not one that this driver was made for; empty when it is. */
  readonly unsupported: string;
}

/** What an admin should know about the host, as notices of the node. */
export function noticesOf(access: HostAccess, seen: Readability): readonly NodeNotice[] {
  const notices: NodeNotice[] = [];
  if (!seen.hasLibvirt) notices.push({ code: 'libvirt-missing', detail: installCommands.libvirt });
  else if (seen.domainsProblem !== undefined) {
    notices.push(
      isDenied(seen.domainsProblem)
        ? { code: 'libvirt-not-permitted', detail: `usermod -aG libvirt ${access.user}` }
        : { code: 'guests-unreadable', detail: seen.domainsProblem },
    );
  }
  if (!seen.isLxcInstalled) notices.push({ code: 'lxc-missing', detail: installCommands.lxc });
  else if (!seen.hasLxcAccess) {
    notices.push({ code: 'lxc-not-permitted', detail: access.sudoProblem });
  } else if (seen.containersProblem !== undefined) {
    notices.push({ code: 'guests-unreadable', detail: seen.containersProblem });
  }
  if (seen.unsupported !== '') notices.push({ code: 'version-unsupported', detail: seen.unsupported });
  return notices;
}
