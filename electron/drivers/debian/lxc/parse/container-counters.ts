import { parseNetDevLine, type NetCounters } from '../../host/parse-host.ts';

/** What the cgroup of a container tells. Absent controllers leave null (memory and io need them, CPU time does not). */
export interface ContainerCounters {
  readonly cpuTimeNs: number | null;
  readonly memoryUsedBytes: number | null;
  readonly diskReadBytes: number | null;
  readonly diskWriteBytes: number | null;
}

const none: ContainerCounters = { cpuTimeNs: null, memoryUsedBytes: null, diskReadBytes: null, diskWriteBytes: null };

/** Reads `grep -H` over cpu.stat, memory.current and io.stat of all `lxc.payload.<name>` groups (cgroup v2). */
export function parseContainerCounters(text: string): ReadonlyMap<string, ContainerCounters> {
  const found = new Map<string, ContainerCounters>();
  for (const line of text.split('\n')) {
    const match = /\/lxc\.payload\.(.+?)\/(cpu\.stat|memory\.current|io\.stat):(.*)$/.exec(line);
    if (match?.[1] === undefined || match[3] === undefined) continue;
    const before = found.get(match[1]) ?? none;
    found.set(match[1], { ...before, ...readLine(match[2] ?? '', match[3], before) });
  }
  return found;
}

function readLine(file: string, line: string, before: ContainerCounters): Partial<ContainerCounters> {
  if (file === 'memory.current') return /^\d+$/.test(line) ? { memoryUsedBytes: Number(line) } : {};
  if (file === 'cpu.stat') {
    const microseconds = /^usage_usec (\d+)$/.exec(line)?.[1];
    return microseconds === undefined ? {} : { cpuTimeNs: Number(microseconds) * 1000 };
  }
  // One line a device; stacked devices (dm on sd) would count twice, so the largest counts.
  const read = Number(/\brbytes=(\d+)/.exec(line)?.[1] ?? 0);
  const written = Number(/\bwbytes=(\d+)/.exec(line)?.[1] ?? 0);
  return {
    diskReadBytes: Math.max(before.diskReadBytes ?? 0, read),
    diskWriteBytes: Math.max(before.diskWriteBytes ?? 0, written),
  };
}

/** Traffic inside the network namespaces of containers by process id, from `grep -H` over /proc/PID/net/dev. */
export function parseContainerNets(text: string): ReadonlyMap<number, NetCounters> {
  const found = new Map<number, NetCounters>();
  for (const line of text.split('\n')) {
    const match = /^\/proc\/(\d+)\/net\/dev:(.*)$/.exec(line);
    const entry = match?.[2] === undefined ? undefined : parseNetDevLine(match[2]);
    if (match === null || entry === undefined || entry.name === 'lo') continue;
    const pid = Number(match[1]);
    const before = found.get(pid) ?? { inBytes: 0, outBytes: 0 };
    found.set(pid, { inBytes: before.inBytes + entry.inBytes, outBytes: before.outBytes + entry.outBytes });
  }
  return found;
}
