import { z } from 'zod';
import type { EntityId } from '../ids.ts';
import { entityIdSchema, recordBase, type RecordBase } from './base.ts';

/** What a NIC can attach to: a bridge, an SDN zone or VNet, a libvirt network. */
export interface NetworkRecord extends RecordBase<'network'> {
  readonly nodeId: EntityId;
  /** `bridge`, `zone`, `vnet`, `fabric`, `libvirt-network`... */
  readonly networkType: string;
  readonly isActive: boolean;
}

export const networkRecordSchema: z.ZodType<NetworkRecord> = z.object({
  ...recordBase('network'),
  nodeId: entityIdSchema,
  networkType: z.string(),
  isActive: z.boolean(),
});
