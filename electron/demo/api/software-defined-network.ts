import type { Json } from '../json.ts';
import { identifiers } from './cluster.ts';
import { signedIn, type Call, type Route } from './route.ts';
import { anyFlag, onNode, oneOf } from './rules.ts';

const reading = ['SDN.Audit', 'SDN.Allocate', 'SDN.Use'];
const digest = '838cf9e569a00244cac5c325543955ce37720efc';

/** Software-defined zones and networks. */
export const softwareDefinedNetworkRoutes: readonly Route[] = [
  { method: 'GET', path: '/cluster/sdn', parameters: {}, access: signedIn, run: () => identifiers(['vnets', 'zones']) },
  {
    method: 'GET',
    path: '/cluster/sdn/zones',
    parameters: {
      pending: anyFlag,
      running: anyFlag,
      type: oneOf('evpn', 'faucet', 'qinq', 'simple', 'vlan', 'vxlan'),
    },
    access: signedIn,
    run: (call) => zones(call),
  },
  {
    method: 'GET',
    path: '/cluster/sdn/vnets',
    parameters: { pending: anyFlag, running: anyFlag },
    access: signedIn,
    run: (call) => vnets(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/sdn/zones',
    parameters: onNode,
    access: signedIn,
    run: (call) => visibleZones(call).map(({ zone }) => ({ zone, status: 'available' })),
  },
];

function visibleZones(call: Call): typeof call.state.zones {
  return call.state.zones.filter(({ zone }) => call.rights.hasAny(`/sdn/zones/${zone}`, reading));
}

function zones(call: Call): Json {
  const type = call.parameters.optionalText('type');
  return visibleZones(call)
    .filter((zone) => type === undefined || zone.type === type)
    .map((zone) => ({ zone: zone.zone, type: zone.type, digest }));
}

function vnets(call: Call): Json {
  return visibleZones(call).flatMap(({ zone, vnets: networks }) =>
    networks.map(({ vnet, tag, alias }) => ({ vnet, zone, tag, alias, type: 'vnet', digest })),
  );
}
