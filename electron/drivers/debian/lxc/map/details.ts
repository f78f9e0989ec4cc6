import type { EntityId } from '../../../../contract/ids.ts';
import type { EntityDetails, HardwareItem } from '../../../../contract/records/index.ts';
import { fact } from '../../host-facts.ts';
import type { Sections } from '../../host/sections.ts';
import { parseContainerConfig, type ContainerConfigLine } from '../parse/container-config.ts';

/** The details page of a container, from `lxc-info`, its addresses and its configuration file. */
export function toContainerDetails(id: EntityId, readAtMs: number, sections: Sections): EntityDetails {
  const output = (name: string) => sections.get(name)?.stdout ?? '';
  const info = infoOf(output('info'));
  const text = output('config').trim();
  const config = parseContainerConfig(text);
  const addresses = output('addresses')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[0-9a-f.:]+$/i.test(line) && !line.startsWith('fe80:'))
    .map((address) => ({ interfaceName: '', mac: '', address, source: 'host' as const }));
  const isOn = info.get('State') !== 'STOPPED';
  return {
    id,
    readAtMs,
    facts: [
      ...fact('state', (info.get('State') ?? '').toLowerCase()),
      ...fact('process-id', info.get('PID') ?? ''),
      ...fact('unprivileged', config.some((line) => line.key === 'lxc.idmap') ? 'yes' : 'no'),
      ...fact('path', config.findLast((line) => line.key === 'lxc.rootfs.path')?.value ?? '', true),
    ],
    hardware: hardwareOf(config),
    addresses,
    ...(addresses.length > 0
      ? {}
      : { addressesNote: { code: isOn ? 'no-address' : 'not-running', detail: '' } as const }),
    configuration: config.map((line) => ({ key: line.key, value: maskValue(line) })),
    configurationText: text
      .split('\n')
      .map((line) => maskLine(line))
      .join('\n'),
    description: '',
  };
}

function infoOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line): readonly [string, string][] => {
      const match = /^([^:]+):\s+(.*?)\s*$/.exec(line);
      return match?.[1] === undefined ? [] : [[match[1], match[2] ?? '']];
    }),
  );
}

function hardwareOf(config: readonly ContainerConfigLine[]): readonly HardwareItem[] {
  const nics = new Map<string, string[]>();
  const items: HardwareItem[] = [];
  for (const { key, value } of config) {
    const nic = /^lxc\.net\.(\d+)\.(type|link|hwaddr|ipv4\.address|ipv6\.address)$/.exec(key);
    if (nic?.[1] !== undefined) nics.set(nic[1], [...(nics.get(nic[1]) ?? []), value]);
    if (key === 'lxc.rootfs.path') items.push({ slot: 'rootfs', hardwareType: 'disk', summary: value });
    if (key === 'lxc.mount.entry') items.push({ slot: 'mount', hardwareType: 'disk', summary: value });
    if (/^lxc\.cgroup2?\.(memory\.(max|limit_in_bytes))$/.test(key)) {
      items.push({ slot: 'memory', hardwareType: 'memory', summary: value });
    }
    if (/^lxc\.cgroup2?\.(cpuset\.cpus|cpu\.max)$/.test(key)) {
      items.push({ slot: 'cpu', hardwareType: 'cpu', summary: value });
    }
  }
  const cards = [...nics].map(([slot, words]): HardwareItem => {
    return { slot: `net${slot}`, hardwareType: 'nic', summary: words.join(', ') };
  });
  return [...items, ...cards];
}

const secretName = /^\s*\w*(?:pass|secret|token|key|credential)\w*=/i;

/** Environment variables are the place where secrets stand in a container's configuration. */
function maskValue({ key, value }: ContainerConfigLine): string {
  const isSecret = key.startsWith('lxc.environment') && secretName.test(value);
  return isSecret ? value.replace(/=.*$/, '=***') : value;
}

function maskLine(line: string): string {
  const [parsed] = parseContainerConfig(line);
  if (parsed === undefined) return line;
  const masked = maskValue(parsed);
  return masked === parsed.value ? line : `${parsed.key} = ${masked}`;
}
