import type { EntityDetails } from '../../../contract/records/details.ts';
import type { PveGuestStatus, PveNodeStatus, PvePendingLine, PveStorageStatus } from '../parse/details.ts';

type Facts = EntityDetails['facts'];

/** Every fact this driver tells, as `fact.<key>` in the catalogue. */
export type PveFactKey =
  | 'vmid'
  | 'uuid'
  | 'os-type'
  | 'qemu-version'
  | 'machine-type'
  | 'process-id'
  | 'snapshot-count'
  | 'ha-state'
  | 'cpu-model'
  | 'sockets'
  | 'cores'
  | 'threads'
  | 'kernel'
  | 'system-version'
  | 'subscription'
  | 'load-average'
  | 'boot-mode'
  | 'swap'
  | 'root-disk'
  | 'memory-shared'
  | 'storage-type'
  | 'content'
  | 'capacity'
  | 'free';

const fact = (key: PveFactKey, value: string | number | undefined, copyable = false): Facts =>
  value === undefined || value === '' ? [] : [{ key, value: String(value), copyable }];

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.5 GiB`: figures of facts are read by people and compared by nobody. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toFixed(1))} ${binaryUnits[unit]}`;
}

export interface GuestFactSources {
  readonly vmid: string;
  readonly status: PveGuestStatus | undefined;
  readonly lines: readonly PvePendingLine[];
  readonly snapshotCount: number | undefined;
}

export function guestFacts({ vmid, status, lines, snapshotCount }: GuestFactSources): Facts {
  const config = new Map(lines.map((line) => [line.key, line.value ?? '']));
  const uuid = /(?:^|,)uuid=([^,]+)/.exec(config.get('smbios1') ?? '')?.[1];
  return [
    ...fact('vmid', vmid, true),
    ...fact('os-type', config.get('ostype')),
    ...fact('uuid', uuid, true),
    ...fact('machine-type', status?.['running-machine'] ?? config.get('machine')),
    ...fact('qemu-version', status?.['running-qemu']),
    ...fact('process-id', status?.pid),
    ...fact('snapshot-count', snapshotCount),
    ...fact('ha-state', status?.ha?.state),
  ];
}

export function nodeFacts(status: PveNodeStatus, subscription: string | undefined): Facts {
  const { cpuinfo, swap, rootfs } = status;
  const used = (usage: { used?: number | undefined; total?: number | undefined } | undefined): string | undefined =>
    usage?.total === undefined || usage.total === 0
      ? undefined
      : `${sizeText(usage.used ?? 0)} / ${sizeText(usage.total)}`;
  return [
    ...fact('system-version', status.pveversion, true),
    ...fact('kernel', status['current-kernel']?.release ?? status.kversion, true),
    ...fact('cpu-model', cpuinfo?.model),
    ...fact('sockets', cpuinfo?.sockets),
    ...fact('cores', cpuinfo?.cores),
    ...fact('threads', cpuinfo?.cpus),
    ...fact('load-average', status.loadavg?.join(' ')),
    ...fact('root-disk', used(rootfs)),
    ...fact('swap', used(swap)),
    ...fact('memory-shared', status.ksm && status.ksm.shared > 0 ? sizeText(status.ksm.shared) : undefined),
    ...fact('boot-mode', status['boot-info']?.mode),
    ...fact('subscription', subscription),
  ];
}

export function storageFacts(status: PveStorageStatus): Facts {
  return [
    ...fact('storage-type', status.type),
    ...fact('content', (status.content ?? '').split(',').toSorted().join(', ')),
    ...fact('capacity', status.total === undefined ? undefined : sizeText(status.total)),
    ...fact('free', status.avail === undefined ? undefined : sizeText(status.avail)),
  ];
}
