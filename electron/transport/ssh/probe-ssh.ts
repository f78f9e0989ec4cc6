import type { Clock } from '../../core/ports/clock.ts';
import type { ProbeResult } from '../../contract/connection-settings.ts';
import { AppError, isAnyAppError } from '../../contract/errors.ts';
import { connectHop, type SeenHostKey } from './connect-hop.ts';
import { readKnownHosts } from './open-ssh-link.ts';

export type SshProbe = Extract<ProbeResult['ssh'], { found: true }>;

interface ProbeOptions {
  readonly clock: Clock;
  readonly homeDirectory: string;
  /** Sent to learn the methods; some servers offer other ones to other accounts. */
  readonly user?: string;
  readonly pins?: readonly string[];
}

/**
 * Finds out what answers at an address: host key, version, and the ways to sign in. Asks for the authentication `none`
 * only, so nothing secret is sent whoever answers. Rejects with `connection.unreachable`, `.silent`, `.wrong-protocol`,
 * `.lost` and `operation.cancelled`.
 */
export async function probeSsh(
  host: string,
  port: number,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<SshProbe> {
  let seen: SeenHostKey | undefined;
  let methods: readonly string[] | undefined;
  let isAsked = false;
  const stop = () => new AppError('auth.rejected', 'the probe ends here', { method: 'password', text: '' });
  const user = options.user ?? 'root';
  try {
    const connected = await connectHop(
      {
        address: { host, port, user },
        through: undefined,
        pins: options.pins ?? [],
        known: await readKnownHosts(options.homeDirectory, host, port),
        clock: options.clock,
        onHostKey: (shown) => {
          seen = shown;
          return true;
        },
        authenticator: () => ({
          next: async (left) => {
            if (isAsked) methods = left;
            const method = isAsked ? false : ({ type: 'none', username: user } as const);
            isAsked = true;
            return method;
          },
          failure: stop,
        }),
      },
      signal,
    );
    // The account needs no authentication at all.
    connected.client.destroy();
    methods = ['none'];
  } catch (error) {
    const isExpected = isAnyAppError(error) && error.code === 'auth.rejected' && methods !== undefined;
    if (!isExpected) throw error;
  }
  if (seen === undefined)
    throw new AppError('connection.lost', 'no host key', { endpoint: host, cause: 'no host key' });
  const known = seen.verdict === 'trusted' ? 'known' : seen.verdict;
  return {
    found: true,
    port,
    hostKey: { algorithm: seen.key.algorithm, fingerprint: seen.key.fingerprint, known },
    serverVersion: seen.serverVersion,
    authMethods: [...(methods ?? [])],
  };
}
