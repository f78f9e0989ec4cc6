import type { EntityId } from '../contract/ids.ts';
import type { EntityDetails, EntityHistory, EntityRecord, HistoryWindow } from '../contract/records/index.ts';

/** Details of the kind that a PVE guest has; for other kinds a few facts. */
export function fixtureDetails(record: EntityRecord): EntityDetails {
  const isGuest = record.kind === 'guest';
  return {
    id: record.id,
    readAtMs: Date.now(),
    facts: [{ key: 'id', value: isGuest ? record.nativeId : record.name, copyable: true }],
    hardware: isGuest
      ? [
          { slot: 'cpu', hardwareType: 'cpu', summary: `${record.cpuCount} cores, x86-64-v2-AES` },
          { slot: 'scsi0', hardwareType: 'disk', summary: `local-lvm:vm-${record.nativeId}-disk-0, 32 GiB, discard` },
          { slot: 'net0', hardwareType: 'nic', summary: 'virtio BC:24:11:4E:22:9A, vmbr0, firewall' },
        ]
      : [],
    addresses: isGuest
      ? [{ interfaceName: 'eth0', mac: 'BC:24:11:4E:22:9A', address: '10.20.30.41', source: 'agent' }]
      : [],
    configuration: isGuest
      ? [
          { key: 'boot', value: 'order=scsi0;net0' },
          { key: 'memory', value: String(record.memoryBytes / 1024 ** 2), pending: '8192' },
          { key: 'ostype', value: 'l26' },
        ]
      : [],
    configurationText: '',
    description: '',
  };
}

const windowMs: { readonly [Window in HistoryWindow]: number } = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
};

/** Sixty points with a gap in the middle. */
export function fixtureHistory(id: EntityId, window: HistoryWindow, random: () => number): EntityHistory {
  const count = 60;
  const stepMs = windowMs[window] / count;
  const end = Date.now();
  const timesMs = Array.from({ length: count }, (_, index) => end - (count - 1 - index) * stepMs);
  const wave = (scale: number): (number | null)[] =>
    timesMs.map((_, index) =>
      index > 30 && index < 35 ? null : scale * (0.5 + 0.3 * Math.sin(index / 6) + 0.2 * random()),
    );
  return {
    id,
    window,
    timesMs,
    cpuRatio: wave(0.5),
    memoryUsedBytes: wave(6e9),
    memoryTotalBytes: timesMs.map(() => 8e9),
    netInBytesPerS: wave(2e6),
    netOutBytesPerS: wave(1e6),
    diskReadBytesPerS: wave(4e6),
    diskWriteBytesPerS: wave(3e6),
    diskUsedBytes: wave(1e10),
  };
}
