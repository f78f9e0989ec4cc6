import { z } from 'zod';
import type { CertificateIdentity, PveRealm } from '../../contract/connection-settings.ts';
import type { HttpEndpoint } from '../../core/ports/http-link.ts';
import { wrongProtocol } from './connection-errors.ts';
import { HttpsLink } from './https-link.ts';
import { openTls } from './tls-connect.ts';

/** A person waits for the answer in the wizard. */
const probeTimeoutMs = 8_000;

/** PVE sends numbers or strings for flags (`default: 1`). */
const domainsSchema = z.object({
  data: z.array(
    z.object({
      realm: z.string(),
      type: z.string(),
      comment: z.string().optional(),
      default: z.union([z.number(), z.string(), z.boolean()]).optional(),
      tfa: z.string().optional(),
    }),
  ),
});

/** Who answers at an address. Nothing is sent after the handshake. Rejects as {@link openTls} does. */
export async function probeTls(host: string, port: number, signal: AbortSignal): Promise<CertificateIdentity> {
  let identity: CertificateIdentity | undefined;
  const check = (presented: CertificateIdentity): boolean => {
    identity = presented;
    return true;
  };
  const socket = await openTls({ endpoint: { host, port }, connectTimeoutMs: probeTimeoutMs, check }, signal);
  socket.destroy();
  if (identity === undefined) throw wrongProtocol({ host, port }, 'no certificate');
  return identity;
}

export interface PveProbe {
  readonly certificate: CertificateIdentity;
  readonly realms: readonly PveRealm[];
}

/**
 * Whether a PVE API answers, with its certificate and the realms for the sign-in form. The realm list needs no sign-in
 * (`GET /access/domains` is open to all), so no secret is sent to somebody whom the user has not trusted yet.
 */
export async function probePve(host: string, port: number, signal: AbortSignal): Promise<PveProbe> {
  const endpoint: HttpEndpoint = { host, port };
  let certificate: CertificateIdentity | undefined;
  const link = new HttpsLink({
    connectTimeoutMs: probeTimeoutMs,
    checkCertificate: (_at, presented) => {
      certificate = presented;
      return true;
    },
  });
  try {
    const answer = await link.request(
      {
        endpoint,
        method: 'GET',
        path: '/api2/json/access/domains',
        headers: {},
        timeoutMs: probeTimeoutMs,
        maxBytes: 1_000_000,
      },
      signal,
    );
    const realms = parseRealms(answer.body);
    if (certificate === undefined || realms === undefined) {
      throw wrongProtocol(endpoint, `HTTPS, but not Proxmox VE: ${answer.status} ${answer.reason}`);
    }
    return { certificate, realms };
  } finally {
    link.close();
  }
}

function parseRealms(body: string): readonly PveRealm[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = domainsSchema.safeParse(json);
  return parsed.success
    ? parsed.data.data.map((domain) => ({
        realm: domain.realm,
        type: domain.type,
        comment: domain.comment ?? '',
        isDefault: domain.default !== undefined && Number(domain.default) === 1,
        ...(domain.tfa !== undefined && { tfa: domain.tfa }),
      }))
    : undefined;
}
