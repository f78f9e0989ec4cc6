import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

const dayMs = 86_400_000;

/** A certificate authority of one cluster, made anew at every start. */
export interface ClusterAuthority {
  readonly key: string;
  readonly certificate: string;
}

/** What a node presents. */
export interface NodeCertificate {
  readonly key: string;
  readonly certificate: string;
  /** SHA-256, upper-case pairs with colons, as `ssl_fingerprint` gives it. */
  readonly fingerprint: string;
}

/** The authority that signs the nodes' certificates, named as pvecm names it. */
export async function createAuthority(): Promise<ClusterAuthority> {
  const made = await generate(
    [
      { shortName: 'CN', value: 'Proxmox Virtual Environment' },
      { shortName: 'OU', value: randomBytes(16).toString('hex') },
      { shortName: 'O', value: 'PVE Cluster Manager CA' },
    ],
    {
      keyType: 'ec',
      algorithm: 'sha256',
      notAfterDate: new Date(Date.now() + 3650 * dayMs),
      extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
    },
  );
  return { key: made.private, certificate: made.cert };
}

/** A certificate for these names and addresses, good for two years. */
export async function createNodeCertificate(
  authority: ClusterAuthority,
  names: readonly string[],
  addresses: readonly string[],
): Promise<NodeCertificate> {
  const made = await generate(
    [
      { shortName: 'OU', value: 'PVE Cluster Node' },
      { shortName: 'O', value: 'Proxmox Virtual Environment' },
      { shortName: 'CN', value: `${names[0] ?? 'pve'}.example.com` },
    ],
    {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: { key: authority.key, cert: authority.certificate },
      notAfterDate: new Date(Date.now() + 730 * dayMs),
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            ...addresses.map((ip) => ({ type: 7 as const, ip })),
            ...names.map((value) => ({ type: 2 as const, value })),
          ],
        },
      ],
    },
  );
  return {
    key: made.private,
    certificate: made.cert,
    fingerprint: new X509Certificate(made.cert).fingerprint256,
  };
}

/** A fingerprint for a node that does not listen: nobody can compare it, so it needs no certificate. */
export function inventedFingerprint(seed: number, node: string): string {
  const digest = createHash('sha256').update(`${seed}/${node}`).digest('hex').toUpperCase();
  return (digest.match(/../g) ?? []).join(':');
}
