import type { Random } from '../random.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { SimGuest } from '../state/guest.ts';
import { guestRoles, templateNames, type GuestRole } from './roles.ts';

const gib = 1024 ** 3;
const dayMs = 86_400_000;
/** Roles share out sixty guests; larger numbers repeat them. */
const rolesCover = 60;
/** In large estates only some guests belong to a pool, so that lists of rights stay of a size one meets. */
const pooledOfMany = 0.2;
const manyGuests = 500;

/** Fills a cluster with guests, spread over its nodes; the first numbers are 100, 101 and so on. */
export function addGuests(state: ClusterState, count: number, random: Random): void {
  const nodes = [...state.nodes.keys()];
  const plan = planRoles(count - templatesFor(count));
  const perRole = new Map<string, number>();
  for (const [index, role] of plan.entries()) {
    const number = (perRole.get(role.name) ?? 0) + 1;
    perRole.set(role.name, number);
    const isAlone = count <= rolesCover && role.share === 1;
    const name = isAlone ? role.name : `${role.name}-${String(number).padStart(count > manyGuests ? 4 : 2, '0')}`;
    const node = nodes[index % nodes.length] ?? '';
    const guest = createGuest(state, 100 + index, node, name, role, random);
    if (count > manyGuests && random.next() > pooledOfMany) guest.pool = undefined;
    state.guests.set(guest.vmid, guest);
  }
  addTemplates(state, count, random);
}

function templatesFor(count: number): number {
  return count >= 20 ? templateNames.length : 0;
}

function planRoles(count: number): GuestRole[] {
  const round = guestRoles.flatMap((role) => Array.from({ length: role.share }, () => role));
  const plan: GuestRole[] = [];
  const stride = count < round.length ? round.length / count : 1;
  for (let index = 0; index < count; index += 1) {
    const role = round[Math.floor(index * stride) % round.length];
    if (role) plan.push(role);
  }
  return plan;
}

function addTemplates(state: ClusterState, count: number, random: Random): void {
  if (templatesFor(count) === 0) return;
  const nodes = [...state.nodes.keys()];
  for (const [index, [name, kind, operatingSystem]] of templateNames.entries()) {
    const role: GuestRole = { ...plainRole, name, kind, operatingSystem };
    const guest = createGuest(state, 9000 + index + (count > 8000 ? 100_000 : 0), nodes[0] ?? '', name, role, random);
    Object.assign(guest, { template: true, running: false, agent: 'absent' });
    guest.published = { running: false, startedAtMs: guest.startedAtMs };
    state.guests.set(guest.vmid, guest);
  }
}

const plainRole: GuestRole = {
  name: 'template',
  kind: 'qemu',
  share: 1,
  cpus: 2,
  memoryGib: 2,
  diskGib: 20,
  operatingSystem: 'l26',
  tags: ['template'],
  busy: 0.01,
  memoryShare: 0.2,
  network: 0,
};

/** One guest of a role. */
function createGuest(
  state: ClusterState,
  vmid: number,
  node: string,
  name: string,
  role: GuestRole,
  random: Random,
): SimGuest {
  const now = state.clock.now();
  const running = random.next() > (role.rests ? 0.7 : 0.04);
  const startedAtMs = now - Math.floor(random.between(1, 90) * dayMs * random.next()) - 600_000;
  const isWindows = role.operatingSystem.startsWith('win');
  return {
    vmid,
    kind: role.kind,
    name,
    node,
    running,
    paused: false,
    template: false,
    tags: [...role.tags],
    pool: role.pool,
    cpus: role.cpus,
    memoryBytes: role.memoryGib * gib,
    diskBytes: role.diskGib * gib,
    startedAtMs,
    stoppedAtMs: now - random.between(1, 200) * 3_600_000,
    createdAtMs: now - random.between(100, 380) * dayMs,
    pid: random.between(2000, 900_000),
    obeysShutdown: role.name !== 'test-vm',
    agent:
      role.kind === 'lxc' || role.name === 'test-vm'
        ? 'absent'
        : random.next() < 0.1 && !isWindows
          ? 'silent'
          : 'running',
    address: `10.${(state.seed % 200) + 20}.${Math.floor(vmid / 250) % 250}.${(vmid % 250) + 2}`,
    hardwareAddress: `BC:24:11:${random.hex(2)}:${random.hex(2)}:${random.hex(2)}`,
    bridge: role.tags.includes('edge') ? 'vmbr1' : 'vmbr0',
    storage: storageFor(state, role, random),
    operatingSystem: role.operatingSystem,
    load: {
      cpuShare: Math.min(0.95, role.busy * (0.5 + random.next())),
      swing: 0.2 + 0.6 * random.next(),
      periodMs: random.between(180, 3600) * 1000,
      phase: random.next() * 2 * Math.PI,
      memoryShare: Math.min(0.95, role.memoryShare * (0.8 + 0.4 * random.next())),
      netInBytesPerSecond: role.network * (0.2 + random.next()),
      netOutBytesPerSecond: role.network * (0.2 + random.next()),
      diskReadBytesPerSecond: role.busy * 900_000 * random.next(),
      diskWriteBytesPerSecond: role.busy * 1_600_000 * random.next(),
    },
    snapshots: [],
    options: new Map(role.name === 'sandbox' ? [['features', null]] : []),
    pending: new Map(),
    published: { running, startedAtMs },
  };
}

/** Production lives on shared storage where there is some, the rest where there is room. */
function storageFor(state: ClusterState, role: GuestRole, random: Random): string {
  const fitting = [...state.storages.values()].filter((storage) => storage.content.includes('images'));
  const shared = fitting.find((storage) => storage.shared);
  const local = fitting.find((storage) => !storage.shared);
  const wantsShared = role.tags.includes('production') || random.next() < 0.4;
  return (wantsShared ? (shared ?? local) : (local ?? shared))?.id ?? 'local';
}
