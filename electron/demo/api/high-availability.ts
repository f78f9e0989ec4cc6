import type { Json } from '../json.ts';
import { isQuorate, nowSeconds, type ClusterState } from '../state/cluster-state.ts';
import { identifiers } from './cluster.ts';
import { holders, signedIn, type Call, type Route } from './route.ts';
import { oneOf } from './rules.ts';

/** What high availability looks after, and how it is. */
export const highAvailabilityRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/cluster/ha',
    parameters: {},
    access: signedIn,
    run: () => identifiers(['resources', 'status']),
  },
  {
    method: 'GET',
    path: '/cluster/ha/status/current',
    parameters: {},
    access: holders('/', 'Sys.Audit'),
    run: (call) => current(call),
  },
  {
    method: 'GET',
    path: '/cluster/ha/resources',
    parameters: { type: oneOf('ct', 'vm') },
    access: holders('/', 'Sys.Audit'),
    run: (call) => resources(call),
  },
];

/** The name high availability uses: `vm:100` or `ct:101`. */
function serviceId(state: ClusterState, vmid: number): string {
  return `${state.guests.get(vmid)?.kind === 'lxc' ? 'ct' : 'vm'}:${vmid}`;
}

/** As recorded on PVE 9.1.9: quorum, master, fencing (9.x), one entry per host's resource manager, one per service. */
function current(call: Call): Json {
  const { state, local } = call;
  const quorate = isQuorate(state);
  const quorum = {
    id: 'quorum',
    type: 'quorum',
    node: local.name,
    quorate: quorate ? 1 : 0,
    status: quorate ? 'OK' : `No quorum on node '${local.name}'!`,
  };
  const fencing = fencingState(state, local.name);
  if (state.highAvailability.size === 0) return state.release.isNine ? [quorum, fencing] : [quorum];
  const timestamp = nowSeconds(state) - 2;
  const date = new Date(timestamp * 1000)
    .toUTCString()
    .replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+).*$/, '$1 $3 $2 $5 $4');
  const master = [...state.nodes.values()].find((node) => node.online)?.name ?? local.name;
  const managers = [...state.nodes.values()].map((node) => {
    const mode = node.online ? 'active, watchdog active' : 'old timestamp - dead?, watchdog active';
    return {
      id: `lrm:${node.name}`,
      type: 'lrm',
      node: node.name,
      timestamp,
      status: `${node.name} (${mode}, ${date})`,
    };
  });
  const services = [...state.highAvailability].map(([vmid]) => service(state, vmid));
  const head = { id: 'master', type: 'master', node: master, timestamp, status: `${master} (active, ${date})` };
  return [quorum, head, ...(state.release.isNine ? [fencing] : []), ...managers, ...services];
}

function fencingState(state: ClusterState, node: string): Record<string, Json> {
  const isArmed = state.highAvailability.size > 0;
  const armed = isArmed ? 'armed' : 'standby';
  const watchdog = isArmed ? 'active' : 'standby';
  return { id: 'fencing', type: 'fencing', node, 'armed-state': armed, status: `${armed} (CRM watchdog ${watchdog})` };
}

function service(state: ClusterState, vmid: number): Record<string, Json> {
  const managed = state.highAvailability.get(vmid);
  const guest = state.guests.get(vmid);
  const sid = serviceId(state, vmid);
  const request = managed?.request ?? 'ignored';
  const node = guest?.node ?? '';
  return {
    id: `service:${sid}`,
    type: 'service',
    sid,
    node,
    status: `${sid} (${node}, ${request})`,
    state: request,
    request_state: request,
    crm_state: request,
    max_restart: managed?.maxRestart ?? 1,
    max_relocate: managed?.maxRelocate ?? 1,
    comment: managed?.comment,
    failback: state.release.isNine ? 1 : undefined,
  };
}

function resources(call: Call): Json {
  const { state } = call;
  const type = call.parameters.optionalText('type');
  return [...state.highAvailability]
    .map(([vmid, managed]) => {
      const sid = serviceId(state, vmid);
      const kind = sid.split(':')[0];
      const digest = '975c54f993880fc8c3df292500d6b0f57ecf171b';
      return { sid, type: kind, state: managed.request, comment: managed.comment, digest };
    })
    .filter((row) => type === undefined || row.type === type);
}
