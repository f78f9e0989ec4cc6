import { unintelligible } from './sections.ts';

/** Counters of the host at one moment. Times in the units of the name; sums since the start. */
export interface HostCounters {
  /** The host's clock, epoch milliseconds. */
  readonly clockMs: number;
  /** Seconds since the start; the time axis of all rates, because it never jumps. */
  readonly uptimeS: number;
  readonly bootedAtS: number;
  /** Jiffies over all CPUs. */
  readonly cpuBusy: number;
  readonly cpuTotal: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
}

const wholeNumber = /^\d+$/;

/** Reads `date +%s%3N`, /proc/uptime and the picked lines of /proc/stat and /proc/meminfo. */
export function parseHostCounters(text: string): HostCounters {
  const lines = text.split('\n');
  const [clock = '', uptime = ''] = lines;
  const cpu = words(lines, 'cpu')
    .filter((word) => wholeNumber.test(word))
    .map(Number);
  const kibibytes = (name: string) => Number(words(lines, name)[0] ?? Number.NaN) * 1024;
  const available = kibibytes('MemAvailable:');
  const counters: HostCounters = {
    clockMs: wholeNumber.test(clock) ? Number(clock) : Number.NaN,
    uptimeS: Number.parseFloat(uptime),
    bootedAtS: Number(words(lines, 'btime')[0] ?? Number.NaN),
    // user nice system idle iowait irq softirq steal; guest times are contained in user and nice (proc(5)).
    cpuTotal: sum(cpu.slice(0, 8)),
    cpuBusy: sum(cpu.slice(0, 8)) - (cpu[3] ?? 0) - (cpu[4] ?? 0),
    memoryTotalBytes: kibibytes('MemTotal:'),
    memoryAvailableBytes: Number.isNaN(available) ? kibibytes('MemFree:') : available,
  };
  if (cpu.length < 4 || !Object.values(counters).every(Number.isFinite)) throw unintelligible('/proc', text);
  return counters;
}

function words(lines: readonly string[], first: string): readonly string[] {
  const line = lines.find((candidate) => candidate.startsWith(`${first} `) || candidate.startsWith(`${first}\t`));
  return line === undefined ? [] : line.slice(first.length).trim().split(/\s+/);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Bytes received and sent over a set of interfaces. */
export interface NetCounters {
  readonly inBytes: number;
  readonly outBytes: number;
}

/** One line of /proc/net/dev; undefined for its headings. */
export function parseNetDevLine(line: string): (NetCounters & { readonly name: string }) | undefined {
  const match = /^\s*([^\s:|]+):\s*(\d+(?:\s+\d+){8,})/.exec(line);
  const numbers = match?.[2]?.split(/\s+/).map(Number);
  if (match?.[1] === undefined || numbers === undefined) return undefined;
  return { name: match[1], inBytes: numbers[0] ?? 0, outBytes: numbers[8] ?? 0 };
}

/** Interfaces that carry the host's own traffic; bridges, taps and veths would count the same bytes again. */
const physicalInterface = /^(en|eth|wl|ib|usb|bond\d)/;

/** The host's traffic. A bond's members are left out where a bond exists. */
export function parseHostNet(text: string): NetCounters {
  const all = text.split('\n').flatMap((line) => parseNetDevLine(line) ?? []);
  const physical = all.filter((entry) => physicalInterface.test(entry.name));
  const bonds = physical.filter((entry) => entry.name.startsWith('bond'));
  const counted = bonds.length > 0 ? bonds : physical;
  return { inBytes: sum(counted.map((entry) => entry.inBytes)), outBytes: sum(counted.map((entry) => entry.outBytes)) };
}

/** Bytes read and written. */
export interface DiskCounters {
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** Whole disks; partitions, device-mapper and md devices would count the same bytes again. */
const wholeDisk = /^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|hd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;

/** The host's disk traffic from /proc/diskstats. Sectors there are 512 bytes whatever the disk has. */
export function parseHostDisks(text: string): DiskCounters {
  let readBytes = 0;
  let writeBytes = 0;
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/);
    if (!wholeDisk.test(fields[2] ?? '')) continue;
    readBytes += (Number(fields[5]) || 0) * 512;
    writeBytes += (Number(fields[9]) || 0) * 512;
  }
  return { readBytes, writeBytes };
}

/** `key=value` lines, quotes of os-release removed. */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0)
      found.set(
        line.slice(0, at),
        line
          .slice(at + 1)
          .replace(/^"(.*)"$/, '$1')
          .replace(/^'(.*)'$/, '$1'),
      );
  }
  return found;
}

/** Facts of a host that change with an upgrade or a reboot at most. */
export interface HostFacts {
  readonly hostname: string;
  readonly machineId: string;
  readonly kernel: string;
  readonly machine: string;
  readonly user: string;
  readonly cpuCount: number;
  readonly cpuModel: string;
  /** `Debian 12.15`, or the system's own words when it is not Debian. */
  readonly system: string;
  /** Why the system is not one that this driver was made for; empty when it is. */
  readonly unsupported: string;
}

/** The oldest release with which the driver was tried. */
const oldestDebian = 12;

/** Reads the facts section and /etc/os-release. */
export function parseHostFacts(facts: string, release: string): HostFacts {
  const fact = parseAssignments(facts);
  const os = parseAssignments(release);
  const hostname = fact.get('hostname') ?? '';
  if (hostname === '') throw unintelligible('hostname', facts);
  const isDebian = os.get('ID') === 'debian';
  const pretty = os.get('PRETTY_NAME') ?? 'Linux';
  const version = fact.get('debian') ?? '';
  const system = isDebian
    ? `Debian ${/^\d/.test(version) ? version : (os.get('VERSION_ID') ?? version)}`.trim()
    : pretty;
  const isOld = isDebian && os.has('VERSION_ID') && Number.parseInt(os.get('VERSION_ID') ?? '', 10) < oldestDebian;
  return {
    hostname,
    machineId: fact.get('machine-id') ?? '',
    kernel: fact.get('kernel') ?? '',
    machine: fact.get('machine') ?? '',
    user: fact.get('user') ?? '',
    cpuCount: Number(fact.get('cpus')) || 0,
    cpuModel: (fact.get('model') ?? '').replace(/^[^:]*:\s*/, ''),
    system,
    unsupported: isDebian && !isOld ? '' : system,
  };
}

/** When a process was started, in seconds since the start of the host, by process id. From /proc/PID/stat lines. */
export function parseProcessStarts(text: string): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const line of text.split('\n')) {
    // The name in parentheses may hold spaces and parentheses; the last one ends it (proc(5)).
    const pid = Number.parseInt(line, 10);
    const ticks = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[19]);
    // User space sees 100 ticks a second on every architecture of Debian.
    if (Number.isFinite(pid) && Number.isFinite(ticks)) starts.set(pid, ticks / 100);
  }
  return starts;
}
