import type { Json } from '../json.ts';
import { nowSeconds } from '../state/cluster-state.ts';
import { nodeFigures } from '../state/load.ts';
import type { SimInterface } from '../state/node.ts';
import { names, version } from './cluster.ts';
import { ApiError } from './errors.ts';
import { holders, signedIn, type Call, type Route } from './route.ts';
import { oneOf, onNode, required } from './rules.ts';

const nodeLevel = [
  'lxc',
  'network',
  'qemu',
  'rrddata',
  'sdn',
  'status',
  'storage',
  'subscription',
  'tasks',
  'time',
  'version',
];

const networkTypes = [
  'bridge',
  'bond',
  'eth',
  'alias',
  'vlan',
  'fabric',
  'OVSBridge',
  'OVSBond',
  'OVSPort',
  'OVSIntPort',
  'vnet',
  'any_bridge',
  'any_local_bridge',
  'include_sdn',
];

/** One host: its health, time, version and network. */
export const nodeRoutes: readonly Route[] = [
  { method: 'GET', path: '/nodes/{node}', parameters: onNode, access: signedIn, run: () => names(nodeLevel) },
  {
    method: 'GET',
    path: '/nodes/{node}/status',
    parameters: onNode,
    access: holders('/nodes/{node}', 'Sys.Audit'),
    run: (call) => nodeStatus(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/version',
    parameters: onNode,
    access: signedIn,
    run: (call) => version(call, false),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/time',
    parameters: onNode,
    access: holders('/nodes/{node}', 'Sys.Audit'),
    run: (call) => nodeTime(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/network',
    parameters: { ...onNode, type: oneOf(...networkTypes) },
    access: signedIn,
    run: (call) => networks(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/network/{iface}',
    parameters: { ...onNode, iface: required({ type: 'string', maxLength: 20 }) },
    access: holders('/nodes/{node}', 'Sys.Audit'),
    run: (call) => network(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/subscription',
    parameters: onNode,
    access: signedIn,
    run: () => ({
      status: 'notfound',
      message: 'There is no subscription key',
      serverid: '2E987085CB67B431733AE6E67BCBD4AC',
      url: 'https://www.proxmox.com/en/proxmox-virtual-environment/pricing',
    }),
  },
];

function nodeStatus(call: Call): Json {
  const { node, state } = call;
  const { release, clock } = state;
  const guests = [...state.guests.values()].filter((guest) => guest.node === node.name);
  const figures = nodeFigures(node, guests, clock.now());
  const free = node.rootDiskBytes - figures.rootDiskUsedBytes;
  const load = (factor: number): string => (figures.loadAverage * factor).toFixed(2);
  return {
    cpu: figures.cpu,
    wait: figures.ioWait,
    idle: 0,
    uptime: Math.max(1, Math.floor((clock.now() - node.bootedAtMs) / 1000)),
    loadavg: [load(1), load(0.94), load(0.9)],
    kversion: `Linux ${release.kernel} #1 SMP PREEMPT_DYNAMIC PMX ${release.kernel}`,
    pveversion: `pve-manager/${release.version}/${release.repositoryId}`,
    'current-kernel': {
      sysname: 'Linux',
      release: release.kernel,
      version: `#1 SMP PREEMPT_DYNAMIC PMX ${release.kernel}`,
      machine: 'x86_64',
    },
    'boot-info': { mode: 'efi', secureboot: 0 },
    cpuinfo: cpuInformation(call),
    memory: {
      total: node.memoryBytes,
      used: figures.memoryBytes,
      free: Math.floor((node.memoryBytes - figures.memoryBytes) * 0.7),
      available: release.isNine ? node.memoryBytes - figures.memoryBytes : undefined,
    },
    swap: { total: 8_589_930_496, used: 1_310_720, free: 8_588_619_776 },
    ksm: { shared: 0 },
    rootfs: { total: node.rootDiskBytes, used: figures.rootDiskUsedBytes, free, avail: Math.floor(free * 0.95) },
  };
}

function cpuInformation(call: Call): Json {
  const { node, state } = call;
  return {
    cpus: node.cpus,
    cores: node.cpus / 2,
    sockets: 1,
    model: node.cpuModel,
    mhz: '2250.000',
    hvm: '1',
    user_hz: 100,
    flags:
      'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht svm aes avx2',
    ...(state.release.isNine ? { vendor: 'AuthenticAMD', family: '25' } : {}),
  };
}

function nodeTime(call: Call): Json {
  const time = nowSeconds(call.state);
  return { time, localtime: time + 3600, timezone: 'Europe/Vienna' };
}

/** Recorded filter words: `any_bridge` is every bridge; without a type everything is listed. */
function networks(call: Call): Json {
  const type = call.parameters.optionalText('type');
  const wanted = call.node.bridges.filter((entry) => {
    if (type === undefined || type === 'include_sdn') return true;
    return type === 'any_bridge' || type === 'any_local_bridge' ? entry.type === 'bridge' : entry.type === type;
  });
  const rows = wanted.map((entry) => describeInterface(call, entry));
  if (type === 'any_bridge' || type === 'include_sdn') rows.push(...vnets(call));
  return rows;
}

function vnets(call: Call): Record<string, Json>[] {
  return call.state.zones.flatMap(({ vnets: all }) =>
    all.map(({ vnet, alias }) => ({ iface: vnet, type: 'vnet', active: 1, comments: alias })),
  );
}

function describeInterface(call: Call, entry: SimInterface): Record<string, Json> {
  const row: Record<string, Json> = {
    iface: entry.iface,
    type: entry.type,
    active: 1,
    families: ['inet'],
    method: entry.address === undefined ? 'manual' : 'static',
    method6: 'manual',
    priority: 3 + call.node.bridges.indexOf(entry),
  };
  if (entry.type === 'eth') return { ...row, exists: call.state.release.isNine ? undefined : 1 };
  const bridge = { autostart: 1, bridge_ports: entry.bridgePorts ?? '', bridge_stp: 'off', bridge_fd: '0' };
  Object.assign(row, entry.type === 'bridge' ? bridge : { autostart: 1 });
  if (entry.vlanAware) row['bridge_vlan_aware'] = 1;
  if (entry.comment !== undefined) row['comments'] = `${entry.comment}\n`;
  if (entry.address === undefined) return row;
  const [address = '', netmask = ''] = entry.address.split('/');
  return { ...row, address, netmask, cidr: entry.address, gateway: entry.gateway };
}

/** Recorded: one interface alone does not repeat its name. */
function network(call: Call): Json {
  const entry = call.node.bridges.find((known) => known.iface === call.parameters.text('iface'));
  if (!entry)
    throw new ApiError(400, 'Parameter verification failed.', { errors: { iface: 'interface does not exist' } });
  const { iface: _name, ...row } = describeInterface(call, entry);
  return row;
}
