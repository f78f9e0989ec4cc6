import type { DetailedPeerCertificate } from 'node:tls';
import type { CertificateIdentity } from '../../contract/connection-settings.ts';

/** What the user is shown and what is pinned, taken from the leaf that the server presented. */
export function toCertificateIdentity(certificate: DetailedPeerCertificate): CertificateIdentity {
  const subject = distinguishedName(certificate.subject);
  const issuer = distinguishedName(certificate.issuer);
  return {
    fingerprint: certificate.fingerprint256,
    subject,
    issuer,
    validFromMs: Date.parse(certificate.valid_from),
    validToMs: Date.parse(certificate.valid_to),
    isSelfSigned: certificate.issuerCertificate?.fingerprint256 === certificate.fingerprint256 || subject === issuer,
  };
}

/** `CN=pve1.example, O=Proxmox Virtual Environment`; fields in the order of the certificate, repeated ones each. */
function distinguishedName(name: Readonly<Record<string, string | string[] | undefined>> | undefined): string {
  return Object.entries(name ?? {})
    .flatMap(([key, value]) => (Array.isArray(value) ? value : [value ?? '']).map((one) => `${key}=${one}`))
    .join(', ');
}
