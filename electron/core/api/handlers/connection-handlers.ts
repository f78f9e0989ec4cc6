import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import { recognised } from '../../connections/twins.ts';
import type { Core } from '../../core.ts';

type ConnectionHandlers = Pick<ContractHandlers, Extract<keyof ContractHandlers, `connection.${string}`>>;

/** Configured ways in. */
export function connectionHandlers({ connections, ports }: Core): ConnectionHandlers {
  return {
    'connection.probe': async (input, { signal }) =>
      recognised(await ports.surroundings.probe(input, signal), connections.places()),
    'connection.get': async ({ id }) => connections.get(id).saved,
    'connection.save': async ({ id, settings }) => ({ id: await connections.save(id, settings) }),
    'connection.test': async ({ settings }, { signal }) => ({
      stages: [...(await connections.test(settings, signal))],
    }),
    'connection.duplicate': async ({ id }) => ({ id: await connections.duplicate(id) }),
    'connection.remove': async ({ id }) => {
      await connections.remove(id);
      return {};
    },
    'connection.reconnect': async ({ id }) => {
      await connections.get(id).reconnect();
      return {};
    },
    'connection.export': async ({ ids }) => connections.export(ids),
    'connection.import': async ({ text }) => ({ ids: [...(await connections.import(text))] }),
  };
}
