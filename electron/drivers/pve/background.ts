import { isAnyAppError } from '../../contract/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Log } from '../../core/ports/log.ts';
import type { PveApi } from './api.ts';
import { Permissions } from './capabilities/permissions.ts';
import {
  readClusterStatus,
  readHaStatus,
  readNodes,
  readNodeVersion,
  readPermissions,
  readPools,
  readVersion,
} from './commands/reads.ts';
import { describe, type PveCommand } from './commands/request.ts';
import {
  parseClusterStatus,
  parseHaStatus,
  parseNodeFingerprints,
  parsePermissions,
  parsePools,
  parseVersion,
  type PveClusterStatus,
} from './parse/cluster.ts';
import type { PveResource } from './parse/resources.ts';

/** One request to every node, proxied: a few at a time, and again after an upgrade could have happened. */
const versionsAtOnce = 4;
const versionFreshMs = 3_600_000;

export interface BackgroundOptions {
  readonly api: PveApi;
  readonly clock: Clock;
  readonly log: Log;
  /** Told about the nodes of the cluster after each full pass. */
  readonly onNodes: (nodes: readonly { readonly address: string; readonly fingerprint: string | undefined }[]) => void;
  readonly signal: AbortSignal;
}

/** What changes seldom: rights, versions, cluster and HA state, pool comments, the nodes' certificates. */
export class Background {
  version = '';
  permissions = new Permissions({});
  clusterStatus: PveClusterStatus | undefined;
  haStates: ReadonlyMap<string, string> = new Map();
  poolComments: ReadonlyMap<string, string> = new Map();
  readonly nodeVersions = new Map<string, string>();
  readonly #versionReadAtMs = new Map<string, number>();
  readonly #options: BackgroundOptions;
  #versionReading: Promise<void> | undefined;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Signing in is not enough: a session is open when the server says who it is and what the account may do. */
  async open(signal: AbortSignal): Promise<void> {
    const { api } = this.#options;
    const [version, permissions] = await Promise.all([
      api.call(readVersion(), signal),
      api.call(readPermissions(), signal),
    ]);
    this.version = parseVersion(version, describe(readVersion()));
    this.permissions = new Permissions(parsePermissions(permissions, describe(readPermissions())));
  }

  /** Reads everything again. Parts that the account may not read keep what they had. */
  async refresh(signal: AbortSignal): Promise<void> {
    const [status, ha, fingerprints, pools, permissions, version] = await Promise.all([
      this.#allowed(readClusterStatus(), parseClusterStatus, signal),
      this.#allowed(readHaStatus(), parseHaStatus, signal),
      this.#allowed(readNodes(), parseNodeFingerprints, signal),
      this.#allowed(readPools(), parsePools, signal),
      this.#allowed(readPermissions(), parsePermissions, signal),
      this.#allowed(readVersion(), parseVersion, signal),
    ]);
    this.clusterStatus = status;
    this.haStates = ha?.services ?? new Map<string, string>();
    this.poolComments = pools ?? this.poolComments;
    if (permissions !== undefined) this.permissions = new Permissions(permissions);
    this.version = version ?? this.version;
    if (status === undefined || fingerprints === undefined) return;
    this.#options.onNodes(
      status.nodes.map((node) => ({ address: node.address, fingerprint: fingerprints.get(node.name) })),
    );
  }

  /** Fills in the versions of nodes that are not known, behind the listing: it does not wait for them. */
  learnVersions(rows: readonly PveResource[]): void {
    if (this.#versionReading !== undefined) return;
    const now = this.#options.clock.now();
    const isDue = (node: string): boolean => now - (this.#versionReadAtMs.get(node) ?? -Infinity) > versionFreshMs;
    const nodes = rows.filter((row) => row.type === 'node' && row.status === 'online').map((row) => row.node ?? '');
    const due = nodes.filter(isDue).slice(0, versionsAtOnce);
    if (due.length === 0) return;
    this.#versionReading = this.#readVersions(due, now).finally(() => (this.#versionReading = undefined));
  }

  /** Resolves when nothing is read behind anybody's back. */
  async settled(): Promise<void> {
    await this.#versionReading;
  }

  async #readVersions(nodes: readonly string[], now: number): Promise<void> {
    const { signal } = this.#options;
    await Promise.all(
      nodes.map(async (node) => {
        this.#versionReadAtMs.set(node, now);
        const version = await this.#allowed(readNodeVersion(node), parseVersion, signal).catch(() => undefined);
        if (version !== undefined) this.nodeVersions.set(node, version);
      }),
    );
  }

  async #allowed<T>(
    command: PveCommand,
    parse: (data: unknown, command: string) => T,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    try {
      return parse(await this.#options.api.call(command, signal), describe(command));
    } catch (error) {
      if (!isAnyAppError(error) || !tolerable.has(error.code)) throw error;
      const isOdd = error.code === 'remote.unintelligible';
      const { code, data } = error;
      this.#options.log(isOdd ? 'warning' : 'debug', 'pve-part-not-readable', {
        command: describe(command),
        code,
        ...(isOdd && { data }),
      });
      return undefined;
    }
  }
}

/**
 * What one part may fail with while the rest of the inventory is fine. A form that nobody has seen yet (a newer PVE) is
 * said in the log; the guests are worth more than the comment of a pool.
 */
const tolerable: ReadonlySet<string> = new Set([
  'access.denied',
  'remote.refused',
  'remote.unintelligible',
  'remote.no-quorum',
  'remote.node-unreachable',
]);
