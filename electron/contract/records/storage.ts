import { z } from 'zod';
import type { EntityId } from '../ids.ts';
import { entityIdSchema, recordBase, type RecordBase } from './base.ts';

/** A place that holds volumes, backups or ISOs. A shared storage has one record for each node that sees it. */
export interface StorageRecord extends RecordBase<'storage'> {
  readonly nodeId: EntityId;
  /** The host's word for the kind: `dir`, `lvmthin`, `zfspool`, `nfs`, `logical`... */
  readonly storageType: string;
  readonly isShared: boolean;
  /** PVE's content words: images, rootdir, iso, vztmpl, backup, snippets, import. Empty where the host has no such notion. */
  readonly contentKinds: readonly string[];
  readonly availability: 'available' | 'unavailable' | 'unknown';
  readonly totalBytes: number;
}

export const storageRecordSchema: z.ZodType<StorageRecord> = z.object({
  ...recordBase('storage'),
  nodeId: entityIdSchema,
  storageType: z.string(),
  isShared: z.boolean(),
  contentKinds: z.array(z.string()),
  availability: z.enum(['available', 'unavailable', 'unknown']),
  totalBytes: z.number(),
});
