import type { ConnectionSettings, CredentialRef, SavedConnection } from '../../contract/connection-settings.ts';
import type { DriverSession } from './driver.ts';
import type { Prompter } from './prompter.ts';

/** Where a driver gets the secrets that its settings name. Undefined: not kept (any more), ask the user. */
export interface SecretSource {
  get(ref: CredentialRef): Promise<string | undefined>;
}

/** Makes new settings of the present ones. */
export type AccessChange = (access: ConnectionSettings['access']) => ConnectionSettings['access'];

/** What opening one connection may use. */
export interface OpenRequest {
  readonly saved: SavedConnection;
  readonly secrets: SecretSource;
  readonly prompter: Prompter;
  /**
   * Pins, other nodes of the cluster: what the connection learned and the profile should keep, as a change to whatever is
   * saved by then. May be called at any time while the session lives.
   */
  readonly onAccessLearned: (change: AccessChange) => void;
}

/**
 * Builds link and driver for a connection and opens its session. Given to the core by the assembly, so that the core knows
 * no transport and no driver. Rejects with any `connection.*`, `auth.*`, `vault.*` or `remote.*` error.
 */
export type SessionOpener = (request: OpenRequest, signal: AbortSignal) => Promise<DriverSession>;
