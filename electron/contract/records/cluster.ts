import { z } from 'zod';
import { recordBase, type RecordBase } from './base.ts';

/** A group of nodes with shared configuration and quorum. A single PVE node and a Debian host have none. */
export interface ClusterRecord extends RecordBase<'cluster'> {
  readonly isQuorate: boolean;
  readonly nodeCount: number;
  readonly onlineNodeCount: number;
}

export const clusterRecordSchema: z.ZodType<ClusterRecord> = z.object({
  ...recordBase('cluster'),
  isQuorate: z.boolean(),
  nodeCount: z.number(),
  onlineNodeCount: z.number(),
});
