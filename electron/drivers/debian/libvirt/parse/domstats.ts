import { unintelligible } from '../../host/sections.ts';

/** The fields of one domain, e.g. `state.state` to `1`. */
export type DomainFields = ReadonlyMap<string, string>;

/** What the inventory needs of `virsh domstats --raw`. Counters are sums since the domain was started. */
export interface DomainStats {
  /** virDomainState. */
  readonly state: number;
  readonly reason: number;
  readonly cpuTimeNs: number | null;
  readonly vcpuCount: number;
  readonly memoryBytes: number;
  readonly memoryUsedBytes: number | null;
  /** As the guest sees it: received, sent. */
  readonly netInBytes: number | null;
  readonly netOutBytes: number | null;
  readonly diskReadBytes: number | null;
  readonly diskWriteBytes: number | null;
  /** Of the first disk that has a size. */
  readonly diskBytes: number;
  readonly diskUsedBytes: number | null;
}

/**
 * Splits `virsh domstats --raw` into domains by name: a line `Domain: 'name'`, then `  key=value` lines.
 * The name is not escaped, so quotes within it are part of it.
 */
export function splitDomstats(text: string): ReadonlyMap<string, DomainFields> {
  const domains = new Map<string, Map<string, string>>();
  let fields: Map<string, string> | undefined;
  for (const line of text.split('\n')) {
    const name = /^Domain: '(.*)'$/.exec(line)?.[1];
    if (name !== undefined) {
      fields = new Map();
      domains.set(name, fields);
      continue;
    }
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    if (at < 0 || fields === undefined) throw unintelligible('virsh domstats', line);
    fields.set(line.slice(0, at).trim(), line.slice(at + 1));
  }
  return domains;
}

/** Reads the fields of one domain. A figure that is not told is null, a size that is not told 0. */
export function readDomainStats(fields: DomainFields): DomainStats {
  const figure = (key: string) => figureOf(fields, key);
  const state = figure('state.state');
  if (state === null) throw unintelligible('virsh domstats', [...fields].slice(0, 5).join(' '));
  const memoryBytes = (figure('balloon.maximum') ?? 0) * 1024;
  const disks = numbered(fields, 'block');
  const sized = disks.find((disk) => (figure(`${disk}.capacity`) ?? 0) > 0);
  return {
    state,
    reason: figure('state.reason') ?? 0,
    cpuTimeNs: figure('cpu.time'),
    vcpuCount: figure('vcpu.current') ?? figure('vcpu.maximum') ?? 0,
    memoryBytes,
    memoryUsedBytes: memoryUsed(fields, memoryBytes),
    netInBytes: total(fields, numbered(fields, 'net'), 'rx.bytes'),
    netOutBytes: total(fields, numbered(fields, 'net'), 'tx.bytes'),
    diskReadBytes: total(fields, disks, 'rd.bytes'),
    diskWriteBytes: total(fields, disks, 'wr.bytes'),
    diskBytes: sized === undefined ? 0 : (figure(`${sized}.capacity`) ?? 0),
    diskUsedBytes: sized === undefined ? null : figure(`${sized}.allocation`),
  };
}

function figureOf(fields: DomainFields, key: string): number | null {
  const text = fields.get(key);
  return text !== undefined && /^-?\d{1,20}$/.test(text) ? Number(text) : null;
}

/** More devices than any domain can have; `net.count` comes from outside. */
const maxDevices = 4096;

/** `net.0`, `net.1`... as many as `net.count` says. */
function numbered(fields: DomainFields, group: string): readonly string[] {
  const count = Math.min(maxDevices, Math.max(0, figureOf(fields, `${group}.count`) ?? 0));
  return Array.from({ length: count }, (_, index) => `${group}.${index}`);
}

/** Null when no device tells it, as for domains that are off. */
function total(fields: DomainFields, devices: readonly string[], key: string): number | null {
  const told = devices.map((device) => figureOf(fields, `${device}.${key}`)).filter((value) => value !== null);
  return told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0);
}

/**
 * The guest's own view where its balloon driver tells it (`available` and `usable` since libvirt 4.10), else what the
 * emulator holds on the host, which can be more than the guest has.
 */
function memoryUsed(fields: DomainFields, memoryBytes: number): number | null {
  const kibibytes = (key: string) => figureOf(fields, `balloon.${key}`);
  const free = kibibytes('usable') ?? kibibytes('unused');
  const available = kibibytes('available');
  if (free !== null && available !== null && available >= free) return (available - free) * 1024;
  const rss = kibibytes('rss');
  return rss === null ? null : Math.min(rss * 1024, memoryBytes);
}
