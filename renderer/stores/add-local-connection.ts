import type { ConnectionId } from '../../electron/contract/ids.ts';
import type { ContractClient } from '../../electron/contract/rpc/table.ts';

/** Adds this machine as a connection; nothing needs to be asked. */
export async function addLocalConnection(client: Pick<ContractClient, 'request'>): Promise<ConnectionId> {
  const facts = await client.request('app.facts', {});
  const name = facts.localMachine.name === '' ? 'localhost' : facts.localMachine.name;
  const settings = { name, group: '', isEnabled: true, access: { kind: 'local', privilege: 'automatic' } } as const;
  return (await client.request('connection.save', { settings })).id;
}
