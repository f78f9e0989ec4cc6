import { z } from 'zod';
import { availabilitySchema, capabilityNames, type Availability, type CapabilityName } from '../capabilities.ts';
import type { EntityId } from '../ids.ts';
import { entityIdSchema } from './base.ts';

/** One line of a configuration as read. `value` is the host's text; secrets are masked by the driver. */
export interface ConfigurationLine {
  readonly key: string;
  readonly value: string;
  /** PVE: the value that takes effect at the next start. */
  readonly pending?: string;
}

/** An address of a guest and who says so. */
export interface GuestAddress {
  readonly interfaceName: string;
  readonly mac: string;
  readonly address: string;
  readonly source: 'agent' | 'lease' | 'host' | 'configuration';
}

/** A disk, mount point or NIC in neutral words, taken from the configuration. */
export interface HardwareItem {
  readonly slot: string;
  readonly hardwareType:
    | 'disk'
    | 'cdrom'
    | 'nic'
    | 'display'
    | 'serial'
    | 'passthrough'
    | 'firmware'
    | 'cpu'
    | 'memory'
    | 'machine'
    | 'agent'
    | 'other';
  readonly summary: string;
}

export const addressesNoteCodes = [
  /** It is not running. */
  'not-running',
  /** The guest agent is switched off in the guest's configuration, and nobody else knows. */
  'agent-not-configured',
  /** The agent is being asked; what it says comes with the next read. */
  'asking',
  /** The agent does not answer or says no; `detail` holds the host's words. */
  'agent-failed',
  /** It runs and has none (yet). */
  'no-address',
  /** The host does not tell; `detail` holds its words. */
  'not-readable',
] as const;

/** Why addresses are not known. Texts are looked up by code; `detail` is the host's own words or empty. */
export interface AddressesNote {
  readonly code: (typeof addressesNoteCodes)[number];
  readonly detail: string;
}

/** What the details page of one entity shows beyond its record. Read only while somebody looks. */
export interface EntityDetails {
  readonly id: EntityId;
  readonly readAtMs: number;
  /** Facts in neutral words, in the order to show. `key` is a message key of the catalogue (`fact.<key>`), value is ready to show, `copyable` for ids and addresses. */
  readonly facts: readonly { readonly key: string; readonly value: string; readonly copyable: boolean }[];
  readonly hardware: readonly HardwareItem[];
  readonly addresses: readonly GuestAddress[];
  /** Why addresses are not known; absent when they are. */
  readonly addressesNote?: AddressesNote;
  readonly configuration: readonly ConfigurationLine[];
  /** The configuration as the host's own text, e.g. libvirt's XML; empty where there is none. */
  readonly configurationText: string;
  readonly description: string;
}

export const entityDetailsSchema: z.ZodType<EntityDetails> = z.object({
  id: entityIdSchema,
  readAtMs: z.number(),
  facts: z.array(z.object({ key: z.string(), value: z.string(), copyable: z.boolean() })),
  hardware: z.array(
    z.object({
      slot: z.string(),
      hardwareType: z.enum([
        'disk',
        'cdrom',
        'nic',
        'display',
        'serial',
        'passthrough',
        'firmware',
        'cpu',
        'memory',
        'machine',
        'agent',
        'other',
      ]),
      summary: z.string(),
    }),
  ),
  addresses: z.array(
    z.object({
      interfaceName: z.string(),
      mac: z.string(),
      address: z.string(),
      source: z.enum(['agent', 'lease', 'host', 'configuration']),
    }),
  ),
  addressesNote: z.object({ code: z.enum(addressesNoteCodes), detail: z.string() }).exactOptional(),
  configuration: z.array(z.object({ key: z.string(), value: z.string(), pending: z.string().exactOptional() })),
  configurationText: z.string(),
  description: z.string(),
});

export const historyWindows = ['hour', 'day', 'week', 'month', 'year'] as const;
/** The stretch of time that a chart shows, ending now. */
export type HistoryWindow = (typeof historyWindows)[number];

/** Series on one time axis. A gap is `null`, never zero. */
export interface EntityHistory {
  readonly id: EntityId;
  readonly window: HistoryWindow;
  /** Epoch milliseconds, ascending. */
  readonly timesMs: readonly number[];
  readonly cpuRatio: readonly (number | null)[];
  readonly memoryUsedBytes: readonly (number | null)[];
  readonly memoryTotalBytes: readonly (number | null)[];
  readonly netInBytesPerS: readonly (number | null)[];
  readonly netOutBytesPerS: readonly (number | null)[];
  readonly diskReadBytesPerS: readonly (number | null)[];
  readonly diskWriteBytesPerS: readonly (number | null)[];
  readonly diskUsedBytes: readonly (number | null)[];
}

const series = z.array(z.number().nullable());
export const entityHistorySchema: z.ZodType<EntityHistory> = z.object({
  id: entityIdSchema,
  window: z.enum(historyWindows),
  timesMs: z.array(z.number()),
  cpuRatio: series,
  memoryUsedBytes: series,
  memoryTotalBytes: series,
  netInBytesPerS: series,
  netOutBytesPerS: series,
  diskReadBytesPerS: series,
  diskWriteBytesPerS: series,
  diskUsedBytes: series,
});

/** What can be done with one entity now. A capability that makes no sense for its kind is absent. */
export interface EntityCapabilities {
  readonly id: EntityId;
  readonly capabilities: { readonly [Name in CapabilityName]?: Availability };
}

export const entityCapabilitiesSchema: z.ZodType<EntityCapabilities> = z.object({
  id: entityIdSchema,
  capabilities: z.partialRecord(z.enum(capabilityNames), availabilitySchema),
});
