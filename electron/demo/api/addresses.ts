import type { Json, JsonObject } from '../json.ts';
import type { SimGuest } from '../state/guest.ts';
import { ApiError } from './errors.ts';
import { guestOf } from './guest-lookup.ts';
import { presentFigures } from './guest-row.ts';
import { holders, type Call, type Route } from './route.ts';
import { onGuest } from './rules.ts';
import { permissionError } from './errors.ts';

/** How long PVE waits for an agent that does not answer. */
const silentAgentMs = 3000;

/** Where addresses of guests are known: the agent inside a machine, the host's view of a container. */
export const addressRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces',
    parameters: onGuest,
    access: { kind: 'all' },
    run: (call) => agentInterfaces(call),
  },
  {
    method: 'GET',
    path: '/nodes/{node}/lxc/{vmid}/interfaces',
    parameters: onGuest,
    access: holders('/vms/{vmid}', 'VM.Audit'),
    run: (call) => containerInterfaces(guestOf(call, 'lxc')),
  },
];

/** The right to ask the agent has another name on 8.4. */
function checkAgentRight(call: Call, vmid: number): void {
  const needed = call.state.release.isNine ? ['VM.GuestAgent.Audit', 'VM.GuestAgent.Unrestricted'] : ['VM.Monitor'];
  if (!call.rights.hasAny(`/vms/${vmid}`, needed)) throw permissionError(`/vms/${vmid}`, needed);
}

/** Recorded: an agent that does not run is a 500 after three seconds. */
function agentInterfaces(call: Call): Json {
  checkAgentRight(call, call.parameters.integer('vmid'));
  const guest = guestOf(call, 'qemu');
  if (!guest.running) throw new ApiError(500, `VM ${guest.vmid} is not running`);
  if (guest.agent === 'absent') throw new ApiError(500, 'No QEMU guest agent configured');
  if (guest.agent === 'silent') throw new ApiError(500, 'QEMU guest agent is not running', { delayMs: silentAgentMs });
  const figures = presentFigures(call.state, guest);
  const hardware = guest.hardwareAddress.toLowerCase();
  return {
    result: [
      agentInterface('lo', '00:00:00:00:00:00', ['127.0.0.1', 8], ['::1', 128], [0, 0]),
      agentInterface('eth0', hardware, [guest.address, 24], [linkLocal(hardware), 64], [figures.netIn, figures.netOut]),
    ],
  };
}

type Address = readonly [address: string, prefix: number];

function agentInterface(
  name: string,
  hardware: string,
  four: Address,
  six: Address,
  [received, sent]: readonly [number, number],
): JsonObject {
  return {
    name,
    'hardware-address': hardware,
    'ip-addresses': [
      { 'ip-address': four[0], 'ip-address-type': 'ipv4', prefix: four[1] },
      { 'ip-address': six[0], 'ip-address-type': 'ipv6', prefix: six[1] },
    ],
    statistics: {
      'rx-bytes': received,
      'rx-packets': Math.floor(received / 800),
      'rx-errs': 0,
      'rx-dropped': 0,
      'tx-bytes': sent,
      'tx-packets': Math.floor(sent / 800),
      'tx-errs': 0,
      'tx-dropped': 0,
    },
  };
}

/** Recorded: a container that is off has no list but nothing; prefixes are text here. */
function containerInterfaces(guest: SimGuest): Json {
  if (!guest.running) return null;
  const hardware = guest.hardwareAddress.toLowerCase();
  return [
    containerInterface('lo', '00:00:00:00:00:00', ['127.0.0.1', 8], ['::1', 128]),
    containerInterface('eth0', hardware, [guest.address, 24], [linkLocal(hardware), 64]),
  ];
}

function containerInterface(name: string, hardware: string, four: Address, six: Address): JsonObject {
  return {
    name,
    hwaddr: hardware,
    'hardware-address': hardware,
    inet: four.join('/'),
    inet6: six.join('/'),
    'ip-addresses': [
      { 'ip-address': four[0], 'ip-address-type': 'inet', prefix: String(four[1]) },
      { 'ip-address': six[0], 'ip-address-type': 'inet6', prefix: String(six[1]) },
    ],
  };
}

function linkLocal(hardware: string): string {
  const [a = '0', b = '0', c = '0', d = '0', e = '0', f = '0'] = hardware.split(':');
  const first = (Number.parseInt(a, 16) ^ 2).toString(16);
  return `fe80::${first}${b}:${c}ff:fe${d}:${e}${f}`;
}
