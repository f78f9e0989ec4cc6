import { createHash } from 'node:crypto';
import type { ClusterState } from './cluster-state.ts';
import type { SimGuest } from './guest.ts';

const gib = 1024 ** 3;

/** Options of a guest's configuration: strings, or numbers where PVE sends numbers. */
export type GuestOptions = Record<string, string | number>;

/**
 * The configuration of a guest. It follows from what the guest is, so ten thousand of them need no memory; what was
 * written over the API lies on top. Types as recorded: `memory` of a machine is a string, of a container a number.
 */
export function guestConfig(state: ClusterState, guest: SimGuest, withPending: boolean): GuestOptions {
  const base = guest.kind === 'qemu' ? machineConfig(state, guest) : containerConfig(guest);
  const options = overlaid(overlaid(base, guest.options), withPending ? guest.pending : new Map<string, null>());
  return { ...options, digest: digestOf(options) };
}

/** Fingerprint of a configuration, which writers may demand to be unchanged. */
export function configDigest(state: ClusterState, guest: SimGuest): string {
  return String(guestConfig(state, guest, false)['digest']);
}

function overlaid(base: GuestOptions, over: ReadonlyMap<string, string | number | null>): GuestOptions {
  const options = { ...base };
  for (const [key, value] of over) {
    if (value === null) delete options[key];
    else options[key] = value;
  }
  return options;
}

function digestOf(options: GuestOptions): string {
  return createHash('sha1').update(JSON.stringify(options)).digest('hex');
}

function identifier(guest: SimGuest, purpose: string): string {
  const digest = createHash('md5').update(`${guest.hardwareAddress}/${guest.vmid}/${purpose}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function machineConfig(state: ClusterState, guest: SimGuest): GuestOptions {
  const isWindows = guest.operatingSystem.startsWith('win');
  const snapshot = guest.snapshots.at(-1);
  return {
    name: guest.name,
    ostype: guest.operatingSystem,
    cores: guest.cpus,
    sockets: 1,
    cpu: 'x86-64-v2-AES',
    memory: String(Math.round(guest.memoryBytes / 1024 ** 2)),
    scsihw: 'virtio-scsi-single',
    scsi0: `${volumeOf(guest)},iothread=1,size=${Math.round(guest.diskBytes / gib)}G`,
    net0: `${isWindows ? 'e1000' : 'virtio'}=${guest.hardwareAddress},bridge=${guest.bridge},firewall=1`,
    boot: 'order=scsi0;net0',
    numa: 0,
    smbios1: `uuid=${identifier(guest, 'smbios')}`,
    vmgenid: identifier(guest, 'generation'),
    meta: `creation-qemu=${state.release.qemu},ctime=${1_700_000_000 + guest.vmid * 997}`,
    ...(guest.agent === 'absent' ? {} : { agent: '1' }),
    ...common(guest),
    ...(snapshot ? { parent: snapshot.name } : {}),
  };
}

function containerConfig(guest: SimGuest): GuestOptions {
  return {
    hostname: guest.name,
    ostype: guest.operatingSystem,
    arch: 'amd64',
    cores: guest.cpus,
    memory: Math.round(guest.memoryBytes / 1024 ** 2),
    swap: 512,
    rootfs: `${volumeOf(guest)},size=${Math.round(guest.diskBytes / gib)}G`,
    net0: `name=eth0,bridge=${guest.bridge},firewall=1,hwaddr=${guest.hardwareAddress},ip=dhcp,type=veth`,
    unprivileged: 1,
    features: 'nesting=1',
    ...common(guest),
  };
}

function common(guest: SimGuest): GuestOptions {
  return {
    onboot: 1,
    ...(guest.tags.length > 0 ? { tags: guest.tags.join(';') } : {}),
    ...(guest.template ? { template: 1 } : {}),
    ...(guest.lock === undefined ? {} : { lock: guest.lock }),
  };
}

/** What a process says that cannot write a guest's configuration because the cluster has no majority. */
export function readOnlyConfiguration(guest: SimGuest, pid: number): string {
  const directory = guest.kind === 'qemu' ? 'qemu-server' : 'lxc';
  return `unable to open file '/etc/pve/nodes/${guest.node}/${directory}/${guest.vmid}.conf.tmp.${pid}' - Permission denied`;
}

/** Name of a guest's first volume on its storage. */
export function volumeOf(guest: SimGuest): string {
  const prefix = guest.template ? 'base' : guest.kind === 'lxc' && guest.storage === 'local-zfs' ? 'subvol' : 'vm';
  return `${guest.storage}:${prefix}-${guest.vmid}-disk-0`;
}
