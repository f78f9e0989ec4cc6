import type { HistoryWindow } from '../../../contract/records/details.ts';
import { pathOf, type PveCommand } from './request.ts';

/** 10,000 guests are about 5 MB; this leaves room for ten times that. */
const inventoryMaxBytes = 64_000_000;

const get = (path: string, more: Partial<PveCommand> = {}): PveCommand => ({ method: 'GET', path, ...more });

/** The first question to a node: one that does not answer this in time is passed over for another. */
export const readDomains = (): PveCommand => get('/access/domains', { timeoutMs: 10_000 });
export const readVersion = (): PveCommand => get('/version');
export const readPermissions = (): PveCommand => get('/access/permissions');
/** Answered from memory, within a second even for large clusters: a node that is silent for longer hangs. */
export const readResources = (): PveCommand =>
  get('/cluster/resources', { maxBytes: inventoryMaxBytes, timeoutMs: 12_000 });
export const readGuestResources = (): PveCommand => get('/cluster/resources?type=vm', { maxBytes: inventoryMaxBytes });
export const readClusterStatus = (): PveCommand => get('/cluster/status');
export const readHaStatus = (): PveCommand => get('/cluster/ha/status/current');
export const readNodes = (): PveCommand => get('/nodes');
export const readPools = (): PveCommand => get('/pools');
export const readClusterTasks = (): PveCommand => get('/cluster/tasks');

export const readNodeVersion = (node: string): PveCommand => get(`${pathOf('nodes', node)}/version`);
export const readNodeStatus = (node: string): PveCommand => get(`${pathOf('nodes', node)}/status`);
export const readNodeSubscription = (node: string): PveCommand => get(`${pathOf('nodes', node)}/subscription`);
export const readStorageStatus = (node: string, storage: string): PveCommand =>
  get(`${pathOf('nodes', node, 'storage', storage)}/status`);

/** `qemu` or `lxc`, where it runs, and its VMID: what every guest path needs. */
export interface GuestPlace {
  readonly node: string;
  readonly type: 'qemu' | 'lxc';
  readonly vmid: string;
}

export const guestPath = (guest: GuestPlace): string => pathOf('nodes', guest.node, guest.type, guest.vmid);

export const readGuestStatus = (guest: GuestPlace): PveCommand => get(`${guestPath(guest)}/status/current`);
/** `current=1` leaves out what takes effect only at the next start. */
export const readGuestConfig = (guest: GuestPlace): PveCommand => get(`${guestPath(guest)}/config?current=1`);
export const readGuestPending = (guest: GuestPlace): PveCommand => get(`${guestPath(guest)}/pending`);
export const readGuestSnapshots = (guest: GuestPlace): PveCommand => get(`${guestPath(guest)}/snapshot`);
/** Takes 3 s to fail when the agent does not run (recorded on 9.1.9). */
export const readAgentInterfaces = (guest: GuestPlace): PveCommand =>
  get(`${guestPath(guest)}/agent/network-get-interfaces`, { timeoutMs: 10_000 });
export const readContainerInterfaces = (guest: GuestPlace): PveCommand => get(`${guestPath(guest)}/interfaces`);

/** What has a round-robin database: a guest, a node, or a storage of a node. */
export const readHistory = (path: string, window: HistoryWindow): PveCommand =>
  get(`${path}/rrddata?timeframe=${window}&cf=AVERAGE`);

const taskPath = (node: string, upid: string): string => pathOf('nodes', node, 'tasks', upid);
export const readTaskStatus = (node: string, upid: string): PveCommand => get(`${taskPath(node, upid)}/status`);
/** `limit=0` would be all of it; a log can have a hundred thousand lines, so it is read in slices. */
export const readTaskLog = (node: string, upid: string, start: number, limit: number): PveCommand =>
  get(`${taskPath(node, upid)}/log?start=${start}&limit=${limit}`);
/** Sends TERM, then KILL after 5 s; the answer waits for it. */
export const stopTask = (node: string, upid: string): PveCommand => ({
  method: 'DELETE',
  path: taskPath(node, upid),
});
