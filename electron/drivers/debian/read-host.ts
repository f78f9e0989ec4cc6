import {
  parseHostCounters,
  parseHostDisks,
  parseHostFacts,
  parseHostNet,
  parseProcessStarts,
  type HostCounters,
  type HostFacts,
} from './host/parse-host.ts';
import { splitVirshOutput, unintelligible, type Section, type Sections } from './host/sections.ts';
import { parseDomainList, parseUuidList, type ListedDomain } from './libvirt/parse/domain-list.ts';
import { readDomainStats, splitDomstats, type DomainStats } from './libvirt/parse/domstats.ts';
import { parseNetworkXml, type LibvirtNetwork } from './libvirt/parse/network-xml.ts';
import { parsePoolXml, type LibvirtPool } from './libvirt/parse/pool-xml.ts';
import { readContainerLimits, splitContainerConfigs, type ContainerLimits } from './lxc/parse/container-config.ts';
import { parseContainerCounters, parseContainerNets, type ContainerCounters } from './lxc/parse/container-counters.ts';
import { parseContainerList, type ListedContainer } from './lxc/parse/container-list.ts';
import type { Counters } from './rates.ts';

/** A domain with everything that one pass tells. `stats` is absent when it vanished in between. */
export interface DomainFacts extends ListedDomain {
  readonly hasManagedSave: boolean;
  readonly pid: number | undefined;
  readonly stats: DomainStats | undefined;
}

export interface ContainerFacts extends ListedContainer {
  readonly counters: Omit<Counters, 'atS'> & Pick<ContainerCounters, 'memoryUsedBytes'>;
}

/** What a status pass tells. */
export interface MovingFacts {
  readonly host: HostCounters & { readonly counters: Omit<Counters, 'cpuTimeNs'> };
  readonly domains: readonly DomainFacts[];
  readonly containers: readonly ContainerFacts[];
  readonly processStarts: ReadonlyMap<number, number>;
  /** Why domains or containers could not be read; absent when they could, or when the tools are not installed. */
  readonly domainsProblem?: string;
  readonly containersProblem?: string;
  readonly hasLibvirt: boolean;
  readonly isLxcInstalled: boolean;
  readonly hasLxcAccess: boolean;
}

/** What only a full pass tells. */
export interface SeldomFacts {
  readonly host: HostFacts;
  readonly pools: readonly (LibvirtPool & { readonly isActive: boolean })[];
  readonly networks: readonly (LibvirtNetwork & { readonly isActive: boolean })[];
  readonly bridges: readonly { readonly name: string; readonly isUp: boolean }[];
  readonly containerLimits: ReadonlyMap<string, ContainerLimits>;
  readonly lxcDisk: LxcDisk | undefined;
  readonly libvirtVersion: string;
  readonly qemuVersion: string;
  readonly lxcVersion: string;
}

export interface LxcDisk {
  readonly path: string;
  readonly fileSystem: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
}

const outputOf = (sections: Sections, name: string) => sections.get(name)?.stdout ?? '';

/** Reads the sections of the status script. Throws `remote.unintelligible`. */
export function readMovingFacts(sections: Sections, mark: string): MovingFacts {
  const host = parseHostCounters(outputOf(sections, 'host'));
  const net = parseHostNet(outputOf(sections, 'net'));
  const disks = parseHostDisks(outputOf(sections, 'disks'));
  const domains = readDomains(sections.get('domains'), outputOf(sections, 'pidfiles'), mark);
  const containers = readContainers(sections);
  return {
    host: {
      ...host,
      counters: {
        atS: host.uptimeS,
        netInBytes: net.inBytes,
        netOutBytes: net.outBytes,
        diskReadBytes: disks.readBytes,
        diskWriteBytes: disks.writeBytes,
      },
    },
    domains: domains.found,
    containers: containers.found,
    processStarts: parseProcessStarts(outputOf(sections, 'procs')),
    ...(domains.problem === undefined ? {} : { domainsProblem: domains.problem }),
    ...(containers.problem === undefined ? {} : { containersProblem: containers.problem }),
    hasLibvirt: sections.has('domains'),
    isLxcInstalled: sections.has('lxc'),
    hasLxcAccess: sections.has('containers'),
  };
}

interface Found<T> {
  readonly found: readonly T[];
  readonly problem?: string;
}

function readDomains(section: Section | undefined, pidFiles: string, mark: string): Found<DomainFacts> {
  if (section === undefined) return { found: [] };
  const parts = splitVirshOutput(section.stdout, mark);
  // virsh goes on after a failed command; without a connection it says not even the first mark.
  if (!parts.has('end')) return { found: [], problem: wordsOf(section) };
  const list = parseDomainList(parts.get('list') ?? '');
  const saved = parseUuidList(parts.get('saved') ?? '', 'virsh list --with-managed-save');
  const statsText = parts.get('stats') ?? '';
  if (list.length > 0 && statsText.trim() === '') return { found: [], problem: wordsOf(section) };
  const stats = splitDomstats(statsText);
  const pids = readPidFiles(pidFiles);
  const found = list.map((domain) => {
    const fields = stats.get(domain.name);
    return {
      ...domain,
      hasManagedSave: saved.has(domain.uuid),
      pid: pids.get(domain.name),
      stats: fields === undefined ? undefined : readDomainStats(fields),
    };
  });
  return { found };
}

/** `<pid> /run/libvirt/qemu/<name>.pid` lines. */
function readPidFiles(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(\d+) \/run\/libvirt\/qemu\/(.+)\.pid$/.exec(line);
    if (match?.[2] !== undefined) found.set(match[2], Number(match[1]));
  }
  return found;
}

function readContainers(sections: Sections): Found<ContainerFacts> {
  const section = sections.get('containers');
  if (section === undefined) return { found: [] };
  if (section.code !== 0 && section.stdout.trim() === '') return { found: [], problem: wordsOf(section) };
  const counters = parseContainerCounters(outputOf(sections, 'cgroups'));
  const nets = parseContainerNets(outputOf(sections, 'nets'));
  const found = parseContainerList(section.stdout).map((container) => {
    const own = counters.get(container.name);
    const net = container.pid === undefined ? undefined : nets.get(container.pid);
    return {
      ...container,
      counters: {
        cpuTimeNs: own?.cpuTimeNs ?? null,
        memoryUsedBytes: own?.memoryUsedBytes ?? null,
        diskReadBytes: own?.diskReadBytes ?? null,
        diskWriteBytes: own?.diskWriteBytes ?? null,
        netInBytes: net?.inBytes ?? null,
        netOutBytes: net?.outBytes ?? null,
      },
    };
  });
  return { found };
}

const wordsOf = (section: Section) =>
  section.stderr
    .trim()
    .replace(/^error: /gm, '')
    .slice(0, 300) || `exit code ${section.code}`;

/** Reads the sections that the full script adds. Throws `remote.unintelligible`. */
export function readSeldomFacts(sections: Sections, mark: string): SeldomFacts {
  const lists = splitVirshOutput(outputOf(sections, 'lists'), mark);
  const version = lists.get('version') ?? '';
  const activePools = parseUuidList(lists.get('pools') ?? '', 'virsh pool-list');
  const activeNetworks = parseUuidList(lists.get('networks') ?? '', 'virsh net-list');
  const lxcPath = outputOf(sections, 'lxcpath').trim();
  const configs = splitContainerConfigs(outputOf(sections, 'lxcconfigs'), lxcPath);
  return {
    host: parseHostFacts(outputOf(sections, 'facts'), outputOf(sections, 'release')),
    pools: documentsOf(sections, 'pools', mark).map((text) => {
      const pool = parsePoolXml(text);
      return { ...pool, isActive: activePools.has(pool.uuid) };
    }),
    networks: documentsOf(sections, 'networks', mark).map((text) => {
      const network = parseNetworkXml(text);
      return { ...network, isActive: activeNetworks.has(network.uuid) };
    }),
    bridges: outputOf(sections, 'bridges')
      .split('\n')
      .flatMap((line) => {
        const [state, name] = line.trim().split(' ');
        return name === undefined ? [] : [{ name, isUp: state !== 'down' }];
      }),
    containerLimits: new Map([...configs].map(([name, config]) => [name, readContainerLimits(config)])),
    lxcDisk: lxcPath === '' ? undefined : readDisk(outputOf(sections, 'lxcdisk'), lxcPath),
    libvirtVersion: /Using library: libvirt (\S+)/.exec(version)?.[1] ?? '',
    qemuVersion: /Running hypervisor: QEMU (\S+)/.exec(version)?.[1] ?? '',
    lxcVersion: outputOf(sections, 'lxcversion').trim(),
  };
}

/** One that was undefined between list and dump left nothing behind. */
function documentsOf(sections: Sections, name: string, mark: string): readonly string[] {
  return [...splitVirshOutput(outputOf(sections, name), mark).values()].filter((text) => text.trim() !== '');
}

/** The second line of `df -P -B1 -T`: device, type, size, used, free... */
function readDisk(text: string, path: string): LxcDisk | undefined {
  const line = text.trim().split('\n')[1];
  if (line === undefined) return undefined;
  const match = /^.+?\s+(\S+)\s+(\d+)\s+(\d+)\s+\d+\s+\S+\s+\//.exec(line);
  if (match?.[1] === undefined) throw unintelligible('df', text);
  return { path, fileSystem: match[1], totalBytes: Number(match[2]), usedBytes: Number(match[3]) };
}
