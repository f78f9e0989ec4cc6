import { z } from 'zod';
import type { EntityId } from '../ids.ts';
import { entityIdSchema, recordBase, type RecordBase } from './base.ts';

/** Something about a node that its admin should know, e.g. a tool that is not installed. */
export interface NodeNotice {
  /** Kebab-case; texts are looked up by it. */
  readonly code:
    | 'libvirt-missing'
    | 'lxc-missing'
    | 'libvirt-not-permitted'
    | 'lxc-not-permitted'
    | 'version-unsupported'
    | 'guests-unreadable'
    | 'rights-reduced';
  /** The command that helps, the right that is missing, or the host's own words; empty where there is nothing to add. */
  readonly detail: string;
}

export const nodeNoticeSchema: z.ZodType<NodeNotice> = z.object({
  code: z.enum([
    'libvirt-missing',
    'lxc-missing',
    'libvirt-not-permitted',
    'lxc-not-permitted',
    'version-unsupported',
    'guests-unreadable',
    'rights-reduced',
  ]),
  detail: z.string(),
});

/** A machine that runs guests. */
export interface NodeRecord extends RecordBase<'node'> {
  /** The cluster it belongs to; absent for a Debian host. */
  readonly clusterId?: EntityId;
  readonly availability: 'online' | 'offline' | 'unknown';
  readonly cpuCount: number;
  readonly memoryBytes: number;
  readonly startedAtMs?: number;
  /** The system in one line, e.g. `pve-manager 9.2.3` or `Debian 13.2`. Empty when not known. */
  readonly systemVersion: string;
  readonly notices: readonly NodeNotice[];
}

export const nodeRecordSchema: z.ZodType<NodeRecord> = z.object({
  ...recordBase('node'),
  clusterId: entityIdSchema.exactOptional(),
  availability: z.enum(['online', 'offline', 'unknown']),
  cpuCount: z.number(),
  memoryBytes: z.number(),
  startedAtMs: z.number().exactOptional(),
  systemVersion: z.string(),
  notices: z.array(nodeNoticeSchema),
});
