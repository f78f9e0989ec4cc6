import { z } from 'zod';
import { clusterRecordSchema, type ClusterRecord } from './cluster.ts';
import { connectionRecordSchema, type ConnectionRecord } from './connection.ts';
import { guestRecordSchema, type GuestRecord } from './guest.ts';
import { networkRecordSchema, type NetworkRecord } from './network.ts';
import { nodeRecordSchema, type NodeRecord } from './node.ts';
import { poolRecordSchema, type PoolRecord } from './pool.ts';
import { storageRecordSchema, type StorageRecord } from './storage.ts';

/** Everything that has a place in the inventory. Tasks live in their own list. */
export type EntityRecord =
  ConnectionRecord | ClusterRecord | NodeRecord | GuestRecord | StorageRecord | NetworkRecord | PoolRecord;

export type EntityRecordOf<Kind extends EntityRecord['kind']> = Extract<EntityRecord, { kind: Kind }>;

export const entityRecordSchema: z.ZodType<EntityRecord> = z.union([
  guestRecordSchema,
  nodeRecordSchema,
  storageRecordSchema,
  networkRecordSchema,
  poolRecordSchema,
  clusterRecordSchema,
  connectionRecordSchema,
]);
