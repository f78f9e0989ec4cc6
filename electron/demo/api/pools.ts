import type { Json } from '../json.ts';
import { storageIsOn } from '../state/storage.ts';
import type { SimPool } from '../state/cluster-state.ts';
import { ApiError } from './errors.ts';
import { guestResource } from './guest-row.ts';
import { holders, signedIn, type Call, type Route } from './route.ts';
import { anyText, oneOf, required } from './rules.ts';
import { storageUsage } from './storage-usage.ts';

const kinds = oneOf('qemu', 'lxc', 'storage');

/** Pools. A nested one is asked for by query, as its name does not fit into a path. */
export const poolRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/pools',
    parameters: { poolid: anyText, type: kinds },
    access: signedIn,
    run: (call) => pools(call),
  },
  {
    method: 'GET',
    path: '/pools/{poolid}',
    parameters: { poolid: required(anyText), type: kinds },
    access: holders('/pool/{poolid}', 'Pool.Audit'),
    run: (call) => describe(call, knownPool(call, call.parameters.text('poolid'))),
  },
];

function pools(call: Call): Json {
  const wanted = call.parameters.optionalText('poolid');
  if (wanted !== undefined) return [describe(call, knownPool(call, wanted))];
  return [...call.state.pools.values()]
    .filter((pool) => call.rights.has(`/pool/${pool.id}`, 'Pool.Audit'))
    .map((pool) => ({ poolid: pool.id, comment: pool.comment }));
}

function knownPool(call: Call, name: string): SimPool {
  const pool = call.state.pools.get(name);
  if (!pool) throw new ApiError(500, `pool '${name}' does not exist`);
  return pool;
}

function describe(call: Call, pool: SimPool): Json {
  const { state } = call;
  const type = call.parameters.optionalText('type');
  const guests = [...state.guests.values()]
    .filter((guest) => guest.pool === pool.id && (type === undefined || type === guest.kind))
    .map((guest) => {
      const { pool: _own, ...row } = guestResource(state, guest);
      return row;
    });
  const storages = pool.storages.flatMap((id) => {
    const storage = state.storages.get(id);
    if (!storage || (type !== undefined && type !== 'storage')) return [];
    const node = [...state.nodes.values()].find((candidate) => storageIsOn(storage, candidate.name));
    if (!node) return [];
    const usage = storageUsage(state, storage, node);
    return [
      {
        id: `storage/${node.name}/${id}`,
        type: 'storage',
        storage: id,
        node: node.name,
        plugintype: storage.type,
        content: storage.content.join(','),
        shared: storage.shared ? 1 : 0,
        status: 'available',
        disk: usage.used,
        maxdisk: usage.total,
      },
    ];
  });
  return { poolid: pool.id, comment: pool.comment, members: [...guests, ...storages] };
}
