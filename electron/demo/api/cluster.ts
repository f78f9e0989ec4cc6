import { isQuorate, nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import { guestsByNode, nodeSummary } from './node-row.ts';
import { holders, signedIn, type Call, type Route } from './route.ts';
import type { Json } from '../json.ts';
import { parameterError } from './errors.ts';
import { naturalNumber } from './rules.ts';

/** What a signed-in caller learns about the cluster as a whole. */
export const clusterRoutes: readonly Route[] = [
  { method: 'GET', path: '/', parameters: {}, access: signedIn, run: () => subdirectories(topLevel) },
  { method: 'GET', path: '/version', parameters: {}, access: signedIn, run: (call) => version(call, true) },
  { method: 'GET', path: '/cluster', parameters: {}, access: signedIn, run: () => names(clusterLevel) },
  {
    method: 'GET',
    path: '/cluster/status',
    parameters: {},
    access: holders('/', 'Sys.Audit'),
    run: (call) => clusterStatus(call),
  },
  {
    method: 'GET',
    path: '/cluster/options',
    parameters: {},
    access: signedIn,
    run: (call) => options(call),
  },
  {
    method: 'GET',
    path: '/cluster/nextid',
    parameters: { vmid: { type: 'integer', minimum: 100 } },
    access: signedIn,
    run: (call) => nextId(call),
  },
  {
    method: 'GET',
    path: '/cluster/log',
    parameters: { max: { ...naturalNumber, minimum: 1 } },
    access: signedIn,
    run: (call) => clusterLog(call),
  },
  {
    method: 'GET',
    path: '/cluster/config/join',
    parameters: { node: { type: 'string' } },
    access: holders('/', 'Sys.Audit'),
    run: (call) => joinInformation(call.state),
  },
  { method: 'GET', path: '/nodes', parameters: {}, access: signedIn, run: (call) => nodeList(call) },
];

const topLevel = ['version', 'cluster', 'nodes', 'storage', 'access', 'pools'];
const clusterLevel = ['config', 'ha', 'log', 'nextid', 'options', 'resources', 'sdn', 'status', 'tasks'];

/** An index whose entries are called `subdir`. */
export function subdirectories(entries: readonly string[]): Json {
  return entries.map((subdir) => ({ subdir }));
}

/** An index whose entries are called `name`. */
export function names(entries: readonly string[]): Json {
  return entries.map((name) => ({ name }));
}

/** An index whose entries are called `id`. */
export function identifiers(entries: readonly string[]): Json {
  return entries.map((id) => ({ id }));
}

/** The version of a node; the cluster-wide form also names the preferred console where one is set. */
export function version(call: Call, isClusterWide: boolean): Json {
  const { release, options: set } = call.state;
  const console = isClusterWide ? set.get('console') : undefined;
  return { version: release.version, release: release.release, repoid: release.repositoryId, console };
}

function clusterStatus(call: Call): Json {
  const { state } = call;
  const nodes = [...state.nodes.values()].map((node) => ({
    id: `node/${node.name}`,
    name: node.name,
    type: 'node',
    ip: node.host,
    level: '',
    local: node === call.local ? 1 : 0,
    nodeid: node.nodeId,
    online: node.online ? 1 : 0,
  }));
  const cluster = {
    id: 'cluster',
    name: state.name,
    type: 'cluster',
    version: state.nodes.size,
    nodes: state.nodes.size,
    quorate: isQuorate(state) ? 1 : 0,
  };
  return [cluster, ...nodes];
}

function options(call: Call): Json {
  const { state, rights } = call;
  const tags = (state.options.get('registered-tags') ?? '').split(';').filter((tag) => tag !== '');
  const own = new Set([...state.guests.values()].flatMap((guest) => guest.tags));
  const allowed = [...new Set([...tags, ...own])].sort();
  if (!rights.has('/', 'Sys.Audit')) return { 'allowed-tags': allowed, console: state.options.get('console') };
  const colors = state.options.get('tag-colors');
  return {
    description: state.options.get('description') ?? '',
    'allowed-tags': allowed,
    mac_prefix: 'BC:24:11',
    console: state.options.get('console'),
    'tag-style': colors === undefined ? undefined : { shape: 'full', 'color-map': colors },
    'registered-tags': tags.length > 0 ? tags : undefined,
  };
}

/** Recorded: the free number is a string, and asking for a taken one is a parameter error. */
function nextId(call: Call): Json {
  const { guests } = call.state;
  const wanted = call.parameters.optionalInteger('vmid');
  if (wanted !== undefined) {
    if (guests.has(wanted)) throw parameterError({ vmid: `VM ${wanted} already exists` });
    return String(wanted);
  }
  let free = 100;
  while (guests.has(free)) free += 1;
  return String(free);
}

function clusterLog(call: Call): Json {
  const { state, rights, caller } = call;
  const seesAll = rights.has('/', 'Sys.Syslog');
  const limit = call.parameters.optionalInteger('max') ?? 50;
  const entries: Json[] = [];
  let uid = 1;
  for (const task of [...state.tasks.values()].toReversed()) {
    if (entries.length >= limit) break;
    if (!seesAll && task.user !== caller.user) continue;
    const ending = task.exitStatus === undefined ? 'starting task' : 'end task';
    const outcome = task.exitStatus === undefined ? '' : ` ${task.exitStatus}`;
    entries.push({
      uid: String(uid),
      id: `${uid}:${task.node}`,
      node: task.node,
      pid: 1200 + (task.pid % 3),
      pri: 6,
      tag: 'pvedaemon',
      time: task.endedAt ?? task.startedAt,
      user: task.user,
      msg: `${ending} ${task.upid}${outcome}`,
    });
    uid += 1;
  }
  return entries;
}

function joinInformation(state: ClusterState): Json {
  const nodes = [...state.nodes.values()];
  return {
    config_digest: nowSeconds(state).toString(16).padStart(40, '0'),
    preferred_node: nodes[0]?.name,
    totem: { cluster_name: state.name, config_version: String(nodes.length), version: '2', secauth: 'on' },
    nodelist: nodes.map((node) => ({
      name: node.name,
      nodeid: String(node.nodeId),
      pve_addr: node.host,
      pve_fp: node.fingerprint,
      quorum_votes: '1',
      ring0_addr: node.host,
    })),
  };
}

function nodeList(call: Call): Json {
  const { state, rights } = call;
  const guests = guestsByNode(state);
  return [...state.nodes.values()].map((node) => ({
    ...nodeSummary(state, node, guests.get(node.name) ?? [], rights.has(`/nodes/${node.name}`, 'Sys.Audit')),
    ssl_fingerprint: node.fingerprint,
  }));
}
