import type { CredentialRef, PveEndpoint, PveSettings } from '../../contract/connection-settings.ts';
import type { CertificateCheck, HttpLink } from '../../core/ports/http-link.ts';
import type { Prompter } from '../../core/ports/prompter.ts';

/** What a PVE connection is given by whoever wires it. */
export interface PveLink {
  /** Opens the way to the nodes. The driver decides about every certificate: it knows the pins and learns new ones. */
  openHttp(check: CertificateCheck): HttpLink;
  readonly settings: PveSettings;
  /** The secret behind a reference; undefined when the vault has none (any more). May reject with `vault.*`. */
  resolveSecret(ref: CredentialRef): Promise<string | undefined>;
  /** Asks for a password, a second factor, or trust in a certificate that nobody pinned. */
  readonly prompter: Prompter;
  /**
   * The endpoints as they should be saved from now on: the given ones with their pins and, after them, every other node
   * of the cluster. Called only after a sign-in over a trusted endpoint. A pin that exists is never replaced.
   */
  onEndpointsLearned(endpoints: readonly PveEndpoint[]): void;
}
