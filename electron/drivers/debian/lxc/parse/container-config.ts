/** One line of a container's configuration. Keys repeat. */
export interface ContainerConfigLine {
  readonly key: string;
  readonly value: string;
}

/** Reads lxc.container.conf(5): `key = value`, comments, blank lines. */
export function parseContainerConfig(text: string): readonly ContainerConfigLine[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(lxc\.[^\s=]+)\s*=\s*(.*?)\s*$/.exec(line);
    return match?.[1] === undefined ? [] : [{ key: match[1], value: unquote(match[2] ?? '') }];
  });
}

/** Splits `grep -H` over all configurations into containers: `<lxcpath>/<name>/config:<line>`. */
export function splitContainerConfigs(
  text: string,
  lxcPath: string,
): ReadonlyMap<string, readonly ContainerConfigLine[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${lxcPath}/`)) continue;
    const end = line.indexOf('/config:', lxcPath.length);
    const name = line.slice(lxcPath.length + 1, end);
    if (end < 0 || name === '') continue;
    const lines = found.get(name) ?? [];
    lines.push(line.slice(end + '/config:'.length));
    found.set(name, lines);
  }
  return new Map([...found].map(([name, lines]) => [name, parseContainerConfig(lines.join('\n'))]));
}

/** Limits that a configuration sets; 0 where there is none. */
export interface ContainerLimits {
  readonly memoryBytes: number;
  readonly cpuCount: number;
}

/** The last setting of a key counts. Both cgroup versions are read, because old configurations live on. */
export function readContainerLimits(config: readonly ContainerConfigLine[]): ContainerLimits {
  const last = (...keys: readonly string[]) => config.findLast((line) => keys.includes(line.key))?.value ?? '';
  const quota = /^(\d+)\s+(\d+)$/.exec(last('lxc.cgroup2.cpu.max'));
  const cpus = last('lxc.cgroup2.cpuset.cpus', 'lxc.cgroup.cpuset.cpus');
  const byQuota = quota === null ? 0 : Number(quota[1]) / Math.max(1, Number(quota[2]));
  return {
    memoryBytes: readSize(last('lxc.cgroup2.memory.max', 'lxc.cgroup.memory.limit_in_bytes')),
    cpuCount: cpus === '' ? byQuota : countCpus(cpus),
  };
}

const factors: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

function readSize(text: string): number {
  const match = /^(\d{1,15})\s*([kmgt]?)b?$/i.exec(text);
  return match === null ? 0 : Number(match[1]) * (factors[match[2]?.toLowerCase() ?? ''] ?? 1);
}

/** `0-3,8` is five. */
function countCpus(text: string): number {
  let count = 0;
  for (const part of text.split(',')) {
    const [, from, to] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
    if (from !== undefined) count += Math.max(0, Number(to ?? from) - Number(from)) + 1;
  }
  return count;
}

function unquote(value: string): string {
  return /^"(.*)"$/.exec(value)?.[1] ?? value;
}
