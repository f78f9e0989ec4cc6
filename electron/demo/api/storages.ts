import { noise } from '../random.ts';
import type { Json } from '../json.ts';
import { nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import { volumeOf } from '../state/guest-config.ts';
import type { SimNode } from '../state/node.ts';
import { storageIsOn, type SimStorage } from '../state/storage.ts';
import { subdirectories } from './cluster.ts';
import { ApiError } from './errors.ts';
import { holdersOfAny, signedIn, type Call, type Route } from './route.ts';
import { anyFlag, anyText, oneOf, onNode, required } from './rules.ts';
import { storageUsage } from './storage-usage.ts';

const seeing = ['Datastore.Audit', 'Datastore.AllocateSpace'] as const;
const onStorage = { ...onNode, storage: required(anyText) };
const storageTypes = 'btrfs cephfs cifs dir esxi iscsi iscsidirect lvm lvmthin nfs pbs rbd zfs zfspool'.split(' ');
const below = ['content', 'rrddata', 'status'];

/** Storages of the cluster and of one host. */
export const storageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/storage',
    parameters: {
      type: oneOf(...storageTypes),
    },
    access: signedIn,
    run: (call) => configured(call),
  },
  {
    method: 'GET',
    path: '/storage/{storage}',
    parameters: { storage: required(anyText) },
    access: signedIn,
    run: (call) => definition(knownStorage(call)),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage',
    parameters: { ...onNode, content: anyText, enabled: anyFlag, format: anyFlag, storage: anyText, target: anyText },
    access: signedIn,
    run: (call) => onThisNode(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}',
    parameters: onStorage,
    access: holdersOfAny('/storage/{storage}', ...seeing),
    run: () => subdirectories(below),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/status',
    parameters: onStorage,
    access: holdersOfAny('/storage/{storage}', ...seeing),
    run: (call) => status(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/storage/{storage}/content',
    parameters: { ...onStorage, content: anyText, vmid: { type: 'integer', minimum: 100 } },
    access: holdersOfAny('/storage/{storage}', ...seeing),
    run: (call) => content(call),
  },
];

function knownStorage(call: Call): SimStorage {
  const name = call.parameters.text('storage');
  const storage = call.state.storages.get(name);
  if (!storage) throw new ApiError(500, `storage '${name}' does not exist`);
  return storage;
}

function definition(storage: SimStorage): Record<string, Json> {
  return {
    storage: storage.id,
    type: storage.type,
    content: storage.content.join(','),
    shared: storage.shared ? 1 : undefined,
    nodes: storage.nodes?.join(','),
    disable: storage.enabled ? undefined : 1,
    path: storage.path,
    digest: 'c233a79dd5b0a0471acf4d16db11429bfc01fad2',
    'prune-backups': storage.content.includes('backup') ? 'keep-all=1' : undefined,
  };
}

function configured(call: Call): Json {
  const type = call.parameters.optionalText('type');
  return [...call.state.storages.values()]
    .filter((storage) => type === undefined || storage.type === type)
    .filter((storage) => call.rights.hasAny(`/storage/${storage.id}`, seeing))
    .map((storage) => definition(storage));
}

function onThisNode(call: Call): Json {
  const { state, parameters, rights, node } = call;
  const content = parameters.optionalText('content');
  const name = parameters.optionalText('storage');
  return [...state.storages.values()]
    .filter((storage) => storageIsOn(storage, node.name) && rights.hasAny(`/storage/${storage.id}`, seeing))
    .filter((storage) => name === undefined || storage.id === name)
    .filter((storage) => content === undefined || storage.content.some((kind) => content.split(',').includes(kind)))
    .filter((storage) => !parameters.flag('enabled') || storage.enabled)
    .map((storage) => ({ storage: storage.id, ...usageOf(state, storage, node, true) }));
}

/** A storage that cannot be reached has no bytes and is not active. */
function usageOf(state: ClusterState, storage: SimStorage, node: SimNode, withFraction: boolean): Record<string, Json> {
  const isActive = storage.enabled && !storage.brokenOn.has(node.name);
  const { total, used, avail, fraction } = storageUsage(state, storage, node, state.clock.now());
  return {
    type: storage.type,
    content: storage.content.join(','),
    shared: storage.shared ? 1 : 0,
    enabled: storage.enabled ? 1 : 0,
    active: isActive ? 1 : 0,
    total: isActive ? total : 0,
    used: isActive ? used : 0,
    avail: isActive ? avail : 0,
    used_fraction: withFraction && isActive ? fraction : undefined,
  };
}

function status(call: Call): Json {
  return usageOf(call.state, reachable(call), call.node, false);
}

function reachable(call: Call): SimStorage {
  const storage = knownStorage(call);
  if (!storageIsOn(storage, call.node.name)) {
    throw new ApiError(500, `storage '${storage.id}' is not available on node '${call.node.name}'`);
  }
  return storage;
}

function content(call: Call): Json {
  const storage = reachable(call);
  if (storage.brokenOn.has(call.node.name)) throw new ApiError(500, `storage '${storage.id}' is not online`);
  const kind = call.parameters.optionalText('content');
  const vmid = call.parameters.optionalInteger('vmid');
  return [...guestVolumes(call, storage), ...backups(call, storage), ...images(storage)]
    .filter((volume) => kind === undefined || volume['content'] === kind)
    .filter((volume) => vmid === undefined || volume['vmid'] === vmid);
}

function guestVolumes(call: Call, storage: SimStorage): Record<string, Json>[] {
  return [...call.state.guests.values()]
    .filter((guest) => guest.storage === storage.id && (storage.shared || guest.node === call.node.name))
    .filter((guest) => call.rights.has(`/vms/${guest.vmid}`, 'VM.Audit'))
    .map((guest) => ({
      volid: volumeOf(guest),
      content: guest.kind === 'qemu' ? 'images' : 'rootdir',
      format: guest.kind === 'lxc' && storage.type === 'zfspool' ? 'subvol' : 'raw',
      size: guest.diskBytes,
      used: Math.floor(guest.diskBytes * (0.2 + 0.6 * noise(guest.vmid, 3))),
      ctime: 1_700_000_000 + guest.vmid * 997,
      vmid: guest.vmid,
      parent: null,
    }));
}

const daySeconds = 86_400;

/** Every fourth guest was saved during each of the last three nights. */
function backups(call: Call, storage: SimStorage): Record<string, Json>[] {
  if (!storage.content.includes('backup')) return [];
  const tonight = Math.floor(nowSeconds(call.state) / daySeconds) * daySeconds + 3600;
  const saved = [...call.state.guests.values()].filter((guest) => guest.vmid % 4 === 0 && !guest.template);
  return saved.flatMap((guest) =>
    [1, 2, 3].map((nights) => {
      const ctime = tonight - nights * daySeconds + guest.vmid;
      const stamp = new Date(ctime * 1000).toISOString().replace(/[-:]/g, '_').replace('T', '-').slice(0, 19);
      const suffix = guest.kind === 'qemu' ? 'vma.zst' : 'tar.zst';
      return {
        volid: `${storage.id}:backup/vzdump-${guest.kind}-${guest.vmid}-${stamp}.${suffix}`,
        content: 'backup',
        subtype: guest.kind,
        format: suffix,
        size: Math.floor(guest.diskBytes * 0.18),
        ctime,
        vmid: guest.vmid,
        notes: guest.name,
      };
    }),
  );
}

function images(storage: SimStorage): Record<string, Json>[] {
  const iso = ['debian-13.2.0-amd64-netinst.iso', 'virtio-win-0.1.285.iso'].map((file, index) => ({
    volid: `${storage.id}:iso/${file}`,
    content: 'iso',
    format: 'iso',
    size: 790_626_304 + index * 61_000_000,
    ctime: 1_763_000_000,
  }));
  const template = {
    volid: `${storage.id}:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst`,
    content: 'vztmpl',
    format: 'tzst',
    size: 129_710_398,
    ctime: 1_762_000_000,
  };
  return [...(storage.content.includes('iso') ? iso : []), ...(storage.content.includes('vztmpl') ? [template] : [])];
}
