import { AppError } from '../../../contract/errors.ts';
import type { EntityId } from '../../../contract/ids.ts';
import type { ContractHandlers } from '../../../contract/rpc/table.ts';
import { withDeadline } from '../../connections/deadline.ts';
import type { Core } from '../../core.ts';
import { capabilitiesOf } from '../../entities/entity-capabilities.ts';

/** A year of RRD data of one guest, read from a busy node. */
const HISTORY_TIMEOUT_MS = 20_000;

type EntityHandlers = Pick<ContractHandlers, Extract<keyof ContractHandlers, `entity.${string}`>>;

/** What is known of one entity beyond its record. */
export function entityHandlers(core: Core): EntityHandlers {
  const { connections, details, inventory, ports } = core;
  const require = (id: EntityId): void => {
    if (inventory.get(id) === undefined) throw new AppError('entity.not-found', `no ${id}`, { entityId: id });
  };
  return {
    // An entity that vanished meanwhile is left out: one of thousands must not fail the others.
    'entity.capabilities': async ({ ids }) => ({
      entities: ids.flatMap((id) => {
        const record = inventory.get(id);
        return record === undefined ? [] : [capabilitiesOf(record, connections.find(record.connectionId))];
      }),
    }),
    'entity.watchDetails': ({ id }, send) => details.watch(id, send),
    'entity.history': async ({ id, window }, { signal }) => {
      require(id);
      const session = connections.sessionOf(id);
      const error = (): Error =>
        new AppError('operation.timed-out', 'history', { operation: 'history', afterMs: HISTORY_TIMEOUT_MS });
      return withDeadline({ clock: ports.clock, timeoutMs: HISTORY_TIMEOUT_MS, signal, error }, (inner) =>
        session.details.history(id, window, inner),
      );
    },
  };
}
