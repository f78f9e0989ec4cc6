import { z } from 'zod';
import { flag, number, text } from './scalars.ts';
import { parseWith } from './unintelligible.ts';

const clusterEntry = z.object({ type: z.literal('cluster'), name: text, quorate: flag, nodes: number });
const nodeEntry = z.object({
  type: z.literal('node'),
  name: text,
  ip: z.string().optional(),
  online: flag.optional(),
  local: flag.optional(),
});

export interface PveClusterStatus {
  /** Absent on a single node. */
  readonly cluster?: { readonly name: string; readonly isQuorate: boolean; readonly nodeCount: number };
  readonly nodes: readonly {
    readonly name: string;
    readonly address: string;
    readonly isOnline: boolean;
    /** The node that answered. */
    readonly isLocal: boolean;
  }[];
}

/** `GET /cluster/status`. */
export function parseClusterStatus(data: unknown, command: string): PveClusterStatus {
  const entries = parseWith(z.array(z.union([clusterEntry, nodeEntry, z.object({ type: z.string() })])), data, command);
  let cluster: PveClusterStatus['cluster'];
  const nodes: PveClusterStatus['nodes'][number][] = [];
  for (const entry of entries) {
    if ('quorate' in entry) cluster = { name: entry.name, isQuorate: entry.quorate, nodeCount: entry.nodes };
    else if ('name' in entry) {
      nodes.push({
        name: entry.name,
        address: entry.ip ?? '',
        isOnline: entry.online ?? false,
        isLocal: entry.local ?? false,
      });
    }
  }
  return { ...(cluster && { cluster }), nodes };
}

/** `GET /cluster/ha/status/current`: what the manager says of quorum and of each service (`vm:100`, `ct:200`). */
export interface PveHaStatus {
  readonly isQuorate?: boolean;
  readonly services: ReadonlyMap<string, string>;
}

const haEntries = z.array(
  z.object({
    type: z.string(),
    sid: z.string().optional(),
    state: z.string().optional(),
    crm_state: z.string().optional(),
    quorate: flag.optional(),
  }),
);

export function parseHaStatus(data: unknown, command: string): PveHaStatus {
  const services = new Map<string, string>();
  let isQuorate: boolean | undefined;
  for (const entry of parseWith(haEntries, data, command)) {
    if (entry.type === 'quorum') isQuorate = entry.quorate;
    const state = entry.crm_state ?? entry.state;
    if (entry.type === 'service' && entry.sid !== undefined && state !== undefined) services.set(entry.sid, state);
  }
  return { services, ...(isQuorate !== undefined && { isQuorate }) };
}

const nodeList = z.array(z.object({ node: text, ssl_fingerprint: z.string().optional() }));

/** `GET /nodes`: the certificate fingerprint of every node, as the cluster itself knows them. */
export function parseNodeFingerprints(data: unknown, command: string): ReadonlyMap<string, string> {
  const fingerprints = new Map<string, string>();
  for (const entry of parseWith(nodeList, data, command)) {
    if (entry.ssl_fingerprint !== undefined) fingerprints.set(entry.node, entry.ssl_fingerprint.toUpperCase());
  }
  return fingerprints;
}

const poolList = z.array(z.object({ poolid: text, comment: z.string().optional() }));

/** `GET /pools`: comments by pool id. */
export function parsePools(data: unknown, command: string): ReadonlyMap<string, string> {
  return new Map(parseWith(poolList, data, command).map((pool) => [pool.poolid, pool.comment ?? '']));
}

/** `GET /version`. */
export function parseVersion(data: unknown, command: string): string {
  return parseWith(z.object({ version: z.string() }), data, command).version;
}

const permissionMap = z.record(z.string(), z.record(z.string(), number));

/** `GET /access/permissions`: path, privilege, 1 when it also holds below the path. */
export function parsePermissions(
  data: unknown,
  command: string,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return parseWith(permissionMap, data, command);
}
