import { z } from 'zod';
import { flag, number, text } from './scalars.ts';
import { parseWith } from './unintelligible.ts';

const scalar = z
  .union([z.string(), z.number(), z.boolean()])
  .transform((value) => (value === true ? '1' : String(value)));

/** One line of `GET .../pending`: what is, and what will be after the next start. */
export interface PvePendingLine {
  readonly key: string;
  readonly value?: string;
  readonly pending?: string;
  /** Will be removed at the next start. */
  readonly isDeleted: boolean;
}

const pendingLines = z.array(
  z.object({ key: z.string(), value: scalar.optional(), pending: scalar.optional(), delete: number.optional() }),
);

export function parsePending(data: unknown, command: string): readonly PvePendingLine[] {
  return parseWith(pendingLines, data, command)
    .filter((line) => line.key !== 'digest')
    .map((line) => ({
      key: line.key,
      isDeleted: (line.delete ?? 0) > 0,
      ...(line.value !== undefined && { value: line.value }),
      ...(line.pending !== undefined && { pending: line.pending }),
    }))
    .toSorted((a, b) => a.key.localeCompare(b.key, 'en', { numeric: true }));
}

const guestStatus = z.object({
  status: z.string(),
  qmpstatus: z.string().optional(),
  lock: z.string().optional(),
  uptime: number.optional(),
  name: text.optional(),
  template: flag.optional(),
  pid: number.optional(),
  agent: flag.optional(),
  'running-qemu': z.string().optional(),
  'running-machine': z.string().optional(),
  ha: z.object({ managed: flag.optional(), state: z.string().optional() }).optional(),
});
export type PveGuestStatus = z.infer<typeof guestStatus>;

/** `GET .../status/current`, VM or container. */
export function parseGuestStatus(data: unknown, command: string): PveGuestStatus {
  return parseWith(guestStatus, data, command);
}

/** The number of snapshots; the list holds a pseudo entry `current`. */
export function countSnapshots(data: unknown, command: string): number {
  return parseWith(z.array(z.object({ name: text })), data, command).filter((entry) => entry.name !== 'current').length;
}

const address = z.object({ 'ip-address': z.string().optional(), prefix: number.optional() });
const nics = z.array(
  z.object({
    name: z.string(),
    'hardware-address': z.string().optional(),
    'ip-addresses': z.array(address).nullish(),
    // 8.x containers
    hwaddr: z.string().optional(),
    inet: z.string().optional(),
    inet6: z.string().optional(),
  }),
);

export interface PveInterfaceAddress {
  readonly interfaceName: string;
  readonly mac: string;
  readonly address: string;
}

/** The agent's answer (`{result: [...]}`) or a container's list; null when a container does not run. Loopback is left out. */
export function parseInterfaces(data: unknown, command: string): readonly PveInterfaceAddress[] {
  if (data === null) return [];
  const list = typeof data === 'object' && 'result' in data ? data.result : data;
  const found: PveInterfaceAddress[] = [];
  for (const nic of parseWith(nics, list, command)) {
    if (nic.name === 'lo') continue;
    const mac = (nic['hardware-address'] ?? nic.hwaddr ?? '').toUpperCase();
    const listed = (nic['ip-addresses'] ?? []).map((entry) =>
      entry['ip-address'] === undefined
        ? ''
        : `${entry['ip-address']}${entry.prefix === undefined ? '' : `/${entry.prefix}`}`,
    );
    const addresses = listed.length > 0 ? listed : [nic.inet ?? '', nic.inet6 ?? ''];
    for (const one of addresses) {
      if (one !== '') found.push({ interfaceName: nic.name, mac, address: one });
    }
  }
  return found;
}

const usage = z.object({ used: number.optional(), total: number.optional() });
const nodeStatus = z.object({
  pveversion: z.string().optional(),
  kversion: z.string().optional(),
  'current-kernel': z.object({ release: z.string() }).optional(),
  'boot-info': z.object({ mode: z.string(), secureboot: flag.optional() }).optional(),
  loadavg: z.array(text).optional(),
  cpuinfo: z
    .object({
      model: z.string().optional(),
      sockets: number.optional(),
      cores: number.optional(),
      cpus: number.optional(),
    })
    .optional(),
  memory: usage.optional(),
  swap: usage.optional(),
  rootfs: usage.optional(),
  ksm: z.object({ shared: number }).optional(),
});
export type PveNodeStatus = z.infer<typeof nodeStatus>;

/** `GET /nodes/{n}/status`. */
export function parseNodeStatus(data: unknown, command: string): PveNodeStatus {
  return parseWith(nodeStatus, data, command);
}

/** `GET /nodes/{n}/subscription`: `active`, `notfound`... */
export function parseSubscription(data: unknown, command: string): string {
  return parseWith(z.object({ status: z.string() }), data, command).status;
}

const storageStatus = z.object({
  type: z.string(),
  content: z.string().optional(),
  active: flag.optional(),
  enabled: flag.optional(),
  shared: flag.optional(),
  total: number.optional(),
  used: number.optional(),
  avail: number.optional(),
});
export type PveStorageStatus = z.infer<typeof storageStatus>;

/** `GET /nodes/{n}/storage/{s}/status`. */
export function parseStorageStatus(data: unknown, command: string): PveStorageStatus {
  return parseWith(storageStatus, data, command);
}

const rrdRows = z.array(z.record(z.string(), z.union([number, z.null()])));

/** `GET .../rrddata`: rows in order of time; a gap is a row with nothing but `time` (recorded on 8.4.1 to 9.2.11). */
export function parseHistoryRows(data: unknown, command: string): readonly Readonly<Record<string, number | null>>[] {
  return parseWith(rrdRows, data, command)
    .filter((row) => typeof row['time'] === 'number')
    .toSorted((a, b) => (a['time'] ?? 0) - (b['time'] ?? 0));
}
