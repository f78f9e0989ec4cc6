import { z } from 'zod';
import { errorShapeSchema, type ErrorShape } from '../errors.ts';
import type { ConnectionId } from '../ids.ts';
import { connectionIdSchema, recordBase, type RecordBase } from './base.ts';

export const connectionKinds = ['pve', 'debian', 'local'] as const;
/** `pve`: REST API of a cluster or node. `debian`: one host over SSH. `local`: this machine. */
export type ConnectionKind = (typeof connectionKinds)[number];

export const freshnessStates = ['connecting', 'live', 'stale', 'offline', 'blocked', 'disabled'] as const;
/**
 * How far the records of a connection can be believed.
 * - `connecting`: first contact of this run is under way; records, if any, are from the store.
 * - `live`: the last read is recent.
 * - `stale`: the last read failed or is late, the connection is still being used.
 * - `offline`: not reachable; tried again by itself with back-off.
 * - `blocked`: needs the user (identity changed, sign-in refused, passphrase needed); not tried again by itself.
 * - `disabled`: switched off by the user.
 */
export type FreshnessState = (typeof freshnessStates)[number];

/** One configured way in, as the inventory shows it. Holds no address secrets and no credentials. */
export interface ConnectionRecord extends RecordBase<'connection'> {
  readonly connectionKind: ConnectionKind;
  /** The user's own grouping, `''` for none. Nested with `/`. */
  readonly group: string;
  /** The address in use, or the first configured one: `host:port`. For `local`: `''`. */
  readonly endpoint: string;
  readonly state: FreshnessState;
  /** When this state began. */
  readonly sinceMs: number;
  /** When the inventory was last read without error; absent if never. */
  readonly lastGoodAtMs?: number;
  /** When the next try by itself is due, while offline. */
  readonly nextTryAtMs?: number;
  /** Why it is not live. */
  readonly error?: ErrorShape;
  /** e.g. `Proxmox VE 9.2.3`, `Debian 12`; empty before the first contact. */
  readonly systemVersion: string;
  /** The account in use, e.g. `root@pam!desk`. */
  readonly account: string;
  /** True for the demonstration clusters that the app itself runs. */
  readonly isDemonstration: boolean;
  /** Rights that are missing for a complete inventory, in words of the system, e.g. `Sys.Audit on /nodes`. */
  readonly missingRights: readonly string[];
  /** Other connections that lead to the same host or cluster: what it holds is listed more than once. Absent for none. */
  readonly sameHostAs?: readonly ConnectionId[];
  /** The host's clock minus ours, when it was seen; absent if not known. */
  readonly clockSkewMs?: number;
}

export const connectionRecordSchema: z.ZodType<ConnectionRecord> = z.object({
  ...recordBase('connection'),
  connectionKind: z.enum(connectionKinds),
  group: z.string(),
  endpoint: z.string(),
  state: z.enum(freshnessStates),
  sinceMs: z.number(),
  lastGoodAtMs: z.number().exactOptional(),
  nextTryAtMs: z.number().exactOptional(),
  error: errorShapeSchema.exactOptional(),
  systemVersion: z.string(),
  account: z.string(),
  isDemonstration: z.boolean(),
  missingRights: z.array(z.string()),
  sameHostAs: z.array(connectionIdSchema).exactOptional(),
  clockSkewMs: z.number().exactOptional(),
});
