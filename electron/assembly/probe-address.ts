import type { ProbeResult } from '../contract/connection-settings.ts';
import { toAppError } from '../contract/errors.ts';
import { probePve } from '../transport/https/index.ts';

/** Where PVE's API listens. */
const PVE_PORT = 8006;

interface ProbeInput {
  readonly host: string;
  /** The port that the user typed: whatever answers there is looked at as both. */
  readonly port?: number | undefined;
}

/** What answers at an address: PVE, SSH, or both, asked at the same time. Sends no secret, and never rejects for what it finds. */
export async function probeAddress(input: ProbeInput, signal: AbortSignal): Promise<ProbeResult> {
  const pve = await probeForPve(input.host, input.port ?? PVE_PORT, signal);
  signal.throwIfAborted();
  return { host: input.host, pve, ssh: { found: false, why: '' } };
}

async function probeForPve(host: string, port: number, signal: AbortSignal): Promise<ProbeResult['pve']> {
  try {
    const { certificate, realms } = await probePve(host, port, signal);
    return { found: true, port, certificate, realms: [...realms] };
  } catch (error) {
    return { found: false, why: toAppError(error, 'probe').message };
  }
}
