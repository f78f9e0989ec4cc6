import { z } from 'zod';
import type { EntityId } from '../ids.ts';
import { entityIdSchema, recordBase, type RecordBase } from './base.ts';

export const guestPowers = ['running', 'paused', 'stopped', 'suspended', 'unknown'] as const;
/** `paused`: in memory, not executing. `suspended`: memory saved to disk (hibernated, managed save), not running. */
export type GuestPower = (typeof guestPowers)[number];

export const guestLocks = [
  'backup',
  'clone',
  'create',
  'disk',
  'migrate',
  'mounted',
  'rollback',
  'snapshot',
  'snapshot-delete',
  'suspending',
  'suspended',
  'other',
] as const;
/** Set while the host refuses changes. Not a power state. The names are PVE's. */
export type GuestLock = (typeof guestLocks)[number];

/** A virtual machine or a container. Figures that move all the time are in its {@link EntityLoad}. */
export interface GuestRecord extends RecordBase<'guest'> {
  readonly virtualization: 'vm' | 'container';
  /** PVE: the VMID. libvirt: the UUID. LXC: the container's name. */
  readonly nativeId: string;
  readonly nodeId: EntityId;
  readonly power: GuestPower;
  readonly lock?: GuestLock;
  readonly isTemplate: boolean;
  /** 0 where the host does not say (an LXC container without a limit). */
  readonly cpuCount: number;
  /** Configured maximum; 0 where there is no limit. */
  readonly memoryBytes: number;
  /** Size of the root disk as the host reports it; 0 where it does not. */
  readonly diskBytes: number;
  /** When the running guest was started; moves only when it is started again. */
  readonly startedAtMs?: number;
  readonly tags: readonly string[];
  readonly poolId?: EntityId;
  /** PVE's HA manager state, e.g. `started`, `error`; absent when HA does not manage the guest. */
  readonly haState?: string;
}

export const guestRecordSchema: z.ZodType<GuestRecord> = z.object({
  ...recordBase('guest'),
  virtualization: z.enum(['vm', 'container']),
  nativeId: z.string(),
  nodeId: entityIdSchema,
  power: z.enum(guestPowers),
  lock: z.enum(guestLocks).exactOptional(),
  isTemplate: z.boolean(),
  cpuCount: z.number(),
  memoryBytes: z.number(),
  diskBytes: z.number(),
  startedAtMs: z.number().exactOptional(),
  tags: z.array(z.string()),
  poolId: entityIdSchema.exactOptional(),
  haState: z.string().exactOptional(),
});
