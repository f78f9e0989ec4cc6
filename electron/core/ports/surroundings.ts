import type { ConnectionSettings, CredentialRef, ProbeResult } from '../../contract/connection-settings.ts';
import type { Disposable } from '../../contract/disposable.ts';
import type { AppFacts, AppNotice } from '../../contract/rpc/table.ts';

/** A connection to a cluster of the demonstration. */
export interface DemonstrationConnection {
  readonly secret: string;
  /** Its settings, naming the secret. */
  settings(secret: CredentialRef): ConnectionSettings;
}

/** Clusters that the app itself runs. */
export interface Demonstration {
  readonly connections: readonly DemonstrationConnection[];
  close(): Promise<void>;
}

/** What the core is told about the place it runs in, and what only that place can do. */
export interface Surroundings {
  facts(): Promise<Omit<AppFacts, 'vault'>>;
  /** What the user should know of the app itself, now and whenever it changes. */
  watchNotices(watcher: (notices: readonly AppNotice[]) => void): Disposable;
  /** What answers at an address; sends no secret. */
  probe(
    input: { readonly host: string; readonly port?: number | undefined },
    signal: AbortSignal,
  ): Promise<ProbeResult>;
  startDemonstration(): Promise<Demonstration>;
}
