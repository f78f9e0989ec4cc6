import type { HardwareItem } from '../../../../contract/records/index.ts';
import { attributeOf, childrenOf, findElement, parseXml, textAt, type XmlElement } from './xml-tree.ts';

/** What a details page shows of a domain's definition. */
export interface DomainDefinition {
  readonly title: string;
  readonly description: string;
  readonly machine: string;
  readonly hardware: readonly HardwareItem[];
  readonly hasAgentChannel: boolean;
}

const firstWords = (...words: readonly string[]) => words.filter((word) => word !== '').join(', ');

/** Reads `virsh dumpxml`. Throws `remote.unintelligible` for anything else than a domain. */
export function parseDomainXml(text: string): DomainDefinition {
  const domain = parseXml(text, 'virsh dumpxml');
  const devices = findElement(domain, 'devices');
  const channels = childrenOf(devices, 'channel');
  return {
    title: textAt(domain, 'title'),
    description: textAt(domain, 'description'),
    machine: attributeOf(findElement(domain, 'os', 'type'), 'machine'),
    hardware: [...boardOf(domain), ...(devices?.children ?? []).flatMap((device) => deviceItem(device) ?? [])],
    hasAgentChannel: channels.some(
      (channel) => attributeOf(findElement(channel, 'target'), 'name') === 'org.qemu.guest_agent.0',
    ),
  };
}

function boardOf(domain: XmlElement): readonly HardwareItem[] {
  const vcpu = findElement(domain, 'vcpu');
  const current = attributeOf(vcpu, 'current');
  const cpu = findElement(domain, 'cpu');
  const memory = findElement(domain, 'memory');
  const type = findElement(domain, 'os', 'type');
  const loader = findElement(domain, 'os', 'loader');
  const isUefi =
    attributeOf(findElement(domain, 'os'), 'firmware') === 'efi' || attributeOf(loader, 'type') === 'pflash';
  const kernel = textAt(domain, 'os', 'kernel');
  return [
    {
      slot: 'cpu',
      hardwareType: 'cpu',
      summary: firstWords(
        current === '' ? (vcpu?.text ?? '') : `${current} of ${vcpu?.text ?? ''}`,
        textAt(cpu, 'model') || attributeOf(cpu, 'mode'),
      ),
    },
    {
      slot: 'memory',
      hardwareType: 'memory',
      summary: `${memory?.text ?? '?'} ${attributeOf(memory, 'unit') || 'KiB'}`,
    },
    {
      slot: 'machine',
      hardwareType: 'machine',
      summary: firstWords(attributeOf(type, 'machine'), attributeOf(type, 'arch'), attributeOf(domain, 'type')),
    },
    {
      slot: 'firmware',
      hardwareType: 'firmware',
      summary: firstWords(isUefi ? 'UEFI' : 'BIOS', loader?.text ?? '', kernel === '' ? '' : `kernel ${kernel}`),
    },
  ];
}

/** Devices that say something to an admin; controllers, memory balloons and input devices do not. */
function deviceItem(device: XmlElement): HardwareItem | undefined {
  const type = attributeOf(device, 'type');
  const target = findElement(device, 'target');
  switch (device.name) {
    case 'disk':
      return diskItem(device);
    case 'interface':
      return nicItem(device);
    case 'graphics':
      return {
        slot: type,
        hardwareType: 'display',
        summary: firstWords(type, attributeOf(device, 'listen') || attributeOf(device, 'socket'), portOf(device)),
      };
    case 'video':
      return { slot: 'video', hardwareType: 'display', summary: attributeOf(findElement(device, 'model'), 'type') };
    case 'serial':
      return {
        slot: `serial${attributeOf(target, 'port')}`,
        hardwareType: 'serial',
        summary: firstWords(type, attributeOf(findElement(device, 'source'), 'path')),
      };
    case 'hostdev':
      return { slot: 'hostdev', hardwareType: 'passthrough', summary: firstWords(type, addressOf(device)) };
    case 'channel': {
      const name = attributeOf(target, 'name');
      if (!name.startsWith('org.qemu.guest_agent')) return undefined;
      return { slot: 'agent', hardwareType: 'agent', summary: firstWords(name, attributeOf(target, 'state')) };
    }
    case 'tpm':
    case 'rng':
    case 'watchdog':
    case 'sound':
    case 'filesystem':
      return {
        slot: device.name,
        hardwareType: 'other',
        summary: firstWords(attributeOf(device, 'model'), sourceOf(device)),
      };
    default:
      return undefined;
  }
}

function diskItem(device: XmlElement): HardwareItem {
  const target = findElement(device, 'target');
  const kind = attributeOf(device, 'device');
  return {
    slot: attributeOf(target, 'dev') || 'disk',
    hardwareType: kind === 'cdrom' || kind === 'floppy' ? 'cdrom' : 'disk',
    summary: firstWords(
      sourceOf(device) || (kind === 'cdrom' ? 'empty' : ''),
      attributeOf(findElement(device, 'driver'), 'type'),
      attributeOf(target, 'bus'),
      findElement(device, 'readonly') === undefined ? '' : 'read-only',
    ),
  };
}

function nicItem(device: XmlElement): HardwareItem {
  const mac = attributeOf(findElement(device, 'mac'), 'address');
  return {
    slot:
      attributeOf(findElement(device, 'alias'), 'name') || attributeOf(findElement(device, 'target'), 'dev') || 'nic',
    hardwareType: 'nic',
    summary: firstWords(
      `${attributeOf(device, 'type')} ${sourceOf(device)}`.trim(),
      attributeOf(findElement(device, 'model'), 'type'),
      mac,
      attributeOf(findElement(device, 'link'), 'state') === 'down' ? 'link down' : '',
    ),
  };
}

/** Whatever names the other end: a file, a device, a pool's volume, a network, a bridge, a directory. */
function sourceOf(device: XmlElement): string {
  const source = findElement(device, 'source');
  const pool = attributeOf(source, 'pool');
  if (pool !== '') return `${pool}/${attributeOf(source, 'volume')}`;
  const names = ['file', 'dev', 'network', 'bridge', 'dir', 'name', 'socket'];
  return names.map((name) => attributeOf(source, name)).find((value) => value !== '') ?? '';
}

function portOf(device: XmlElement): string {
  const port = attributeOf(device, 'port');
  return port === '' || port === '-1' ? '' : `port ${port}`;
}

function addressOf(device: XmlElement): string {
  const address = findElement(device, 'source', 'address');
  const vendor = attributeOf(findElement(device, 'source', 'vendor'), 'id');
  if (vendor !== '') return `${vendor}:${attributeOf(findElement(device, 'source', 'product'), 'id')}`;
  const hex = (name: string) => attributeOf(address, name).replace(/^0x/, '');
  return address === undefined ? '' : `${hex('domain')}:${hex('bus')}:${hex('slot')}.${hex('function')}`;
}

/**
 * Masks what must not be shown: passwords of displays, secrets in command lines and host specifications. libvirt leaves
 * display passwords out by itself (no --security-info), this holds for what users write elsewhere.
 */
export function maskXmlSecrets(xml: string): string {
  return xml
    .replace(/(\b(?:passwd|password|secret|key)\s*=\s*)(?:"[^"]*"|'[^']*')/gi, "$1'***'")
    .replace(/(\b(?:password|passwd|secret|token)=)[^\s'"<,]+/gi, '$1***');
}
