import { z } from 'zod';
import { recordBase, type RecordBase } from './base.ts';

/** A PVE resource pool (nested names contain slashes). Not a libvirt storage pool: that is a storage. */
export interface PoolRecord extends RecordBase<'pool'> {
  readonly comment: string;
}

export const poolRecordSchema: z.ZodType<PoolRecord> = z.object({ ...recordBase('pool'), comment: z.string() });
