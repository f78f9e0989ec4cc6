import { homedir } from 'node:os';
import type { ProbeResult } from '../contract/connection-settings.ts';
import { AppError, toAppError, type ErrorShape } from '../contract/errors.ts';
import { withDeadline } from '../core/connections/deadline.ts';
import type { Clock } from '../core/ports/clock.ts';
import { probePve } from '../transport/https/index.ts';
import type { SshConfigEntry } from '../transport/ssh/index.ts';

/** Where PVE's API and sshd listen. */
const PVE_PORT = 8006;
const SSH_PORT = 22;
/** Somebody waits in the wizard. A firewall that drops packets must not make them wait for the system's own two minutes. */
const PROBE_TIMEOUT_MS = 10_000;

export interface ProbeInput {
  readonly host: string;
  /** The port that the user typed: whatever answers there is looked at as both. */
  readonly port?: number | undefined;
}

export interface ProbePlace {
  readonly clock: Clock;
  /** Where `.ssh` is; the account's own home when absent. */
  readonly homeDirectory?: string;
}

/** What answers at an address: PVE, SSH, or both, asked at the same time. Sends no secret, and never rejects for what it finds. */
export async function probeAddress(place: ProbePlace, input: ProbeInput, signal: AbortSignal): Promise<ProbeResult> {
  // Not at the start of the app; see the session opener.
  const { findSshConfigEntry, probeSsh } = await import('../transport/ssh/index.ts');
  const homeDirectory = place.homeDirectory ?? homedir();
  const entry = await findSshConfigEntry(homeDirectory, input.host).catch(() => undefined);
  const host = entry?.hostName ?? input.host;
  const limited = <T>(work: (inner: AbortSignal) => Promise<T>): Promise<T> => {
    const endpoint = input.host;
    const error = (): Error =>
      new AppError('connection.silent', `${endpoint}: no answer`, { endpoint, afterMs: PROBE_TIMEOUT_MS });
    return withDeadline({ clock: place.clock, timeoutMs: PROBE_TIMEOUT_MS, signal, error }, work);
  };
  const pvePort = input.port ?? PVE_PORT;
  const sshPort = input.port ?? entry?.port ?? SSH_PORT;
  const sshOptions = { clock: place.clock, homeDirectory, ...(entry?.user === undefined ? {} : { user: entry.user }) };
  const [pve, ssh] = await Promise.all([
    found(limited((inner) => probePve(host, pvePort, inner))),
    found(limited((inner) => probeSsh(host, sshPort, sshOptions, inner))),
  ]);
  signal.throwIfAborted();
  return {
    host: input.host,
    ...(entry === undefined ? {} : { sshConfig: toSshConfig(entry) }),
    pve:
      'why' in pve
        ? { found: false, why: pve.why }
        : { found: true, port: pvePort, certificate: pve.answer.certificate, realms: [...pve.answer.realms] },
    ssh: 'why' in ssh ? { found: false, why: ssh.why } : ssh.answer,
  };
}

async function found<T>(answer: Promise<T>): Promise<{ readonly answer: T } | { readonly why: ErrorShape }> {
  try {
    return { answer: await answer };
  } catch (error) {
    return { why: toAppError(error, 'probe').toShape() };
  }
}

function toSshConfig(entry: SshConfigEntry): NonNullable<ProbeResult['sshConfig']> {
  return {
    alias: entry.alias,
    hostName: entry.hostName,
    port: entry.port,
    ...(entry.user === undefined ? {} : { user: entry.user }),
    identityFiles: [...entry.identityFiles],
    proxyJump: [...entry.proxyJump],
  };
}
