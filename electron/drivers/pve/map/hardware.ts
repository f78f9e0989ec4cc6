import type { ConfigurationLine, GuestAddress, HardwareItem } from '../../../contract/records/details.ts';
import type { PvePendingLine } from '../parse/details.ts';

const mask = '********';

/** Keys whose value is a secret. PVE masks `cipassword` in some answers and not in others. */
const secretKey = /password|secret|private/i;

/** The configuration as read, secrets masked. */
export function toConfiguration(lines: readonly PvePendingLine[]): readonly ConfigurationLine[] {
  return lines.map((line) => {
    const show = (value: string): string =>
      secretKey.test(line.key) ? mask : line.key === 'sshkeys' ? decodeKeys(value) : value;
    const pending = line.isDeleted ? '' : line.pending;
    return {
      key: line.key,
      value: line.value === undefined ? '' : show(line.value),
      ...(pending !== undefined && { pending: pending === '' ? '' : show(pending) }),
    };
  });
}

/** PVE keeps public keys percent-encoded inside the configuration. */
function decodeKeys(value: string): string {
  try {
    return decodeURIComponent(value).trim();
  } catch {
    return value;
  }
}

const kinds: readonly (readonly [RegExp, HardwareItem['hardwareType']])[] = [
  [/^(scsi|sata|ide|virtio|rootfs|mp|unused)\d*$/, 'disk'],
  [/^net\d+$/, 'nic'],
  [/^(vga|audio0)$/, 'display'],
  [/^(serial|parallel)\d+$/, 'serial'],
  [/^(hostpci|usb|dev|virtiofs)\d+$/, 'passthrough'],
  [/^(bios|efidisk0|tpmstate0)$/, 'firmware'],
  [/^(cores|sockets|vcpus|cpu|cpulimit|cpuunits|numa|affinity)$/, 'cpu'],
  [/^(memory|balloon|swap|shares|hugepages)$/, 'memory'],
  [/^(machine|scsihw|arch|ostype)$/, 'machine'],
  [/^agent$/, 'agent'],
  [/^(rng0|watchdog)$/, 'other'],
];

/** Disks, NICs and the rest, in neutral words; the summary is PVE's own property string. */
export function toHardware(lines: readonly PvePendingLine[]): readonly HardwareItem[] {
  const items: HardwareItem[] = [];
  for (const { key, value } of lines) {
    if (value === undefined) continue;
    const kind = kinds.find(([pattern]) => pattern.test(key))?.[1];
    if (kind === undefined) continue;
    const isCdrom = kind === 'disk' && /(^|,)media=cdrom(,|$)/.test(value);
    items.push({ slot: key, hardwareType: isCdrom ? 'cdrom' : kind, summary: value });
  }
  return items;
}

/** Addresses that the configuration itself fixes: cloud-init's `ipconfigN`, a container's `netN`. */
export function configuredAddresses(lines: readonly PvePendingLine[]): readonly GuestAddress[] {
  const found: GuestAddress[] = [];
  for (const { key, value = '' } of lines) {
    if (!/^(ipconfig|net)\d+$/.test(key)) continue;
    const parts = new Map(value.split(',').map((part) => part.split('=', 2) as [string, string | undefined]));
    for (const family of ['ip', 'ip6']) {
      const address = parts.get(family);
      if (address === undefined || !/[.:]/.test(address)) continue;
      found.push({
        interfaceName: parts.get('name') ?? key.replace('ipconfig', 'net'),
        mac: (parts.get('hwaddr') ?? '').toUpperCase(),
        address,
        source: 'configuration',
      });
    }
  }
  return found;
}
