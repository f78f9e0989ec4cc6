import { z } from 'zod';
import type { ConnectionId, EntityId } from '../ids.ts';
import { isEntityId } from '../ids.ts';

export const entityIdSchema = z.custom<EntityId>(
  (value) => typeof value === 'string' && isEntityId(value),
  'not an entity id',
);
export const connectionIdSchema = z.custom<ConnectionId>(
  (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,31}$/.test(value),
  'not a connection id',
);

/** What every record of the inventory has. */
export interface RecordBase<Kind extends string> {
  readonly kind: Kind;
  readonly id: EntityId;
  readonly connectionId: ConnectionId;
  /** As the host says it; untrusted text, may hold quotes, markup, emoji and be 250 characters long. */
  readonly name: string;
}

/** The schema fields of {@link RecordBase} for one kind. */
export const recordBase = <Kind extends string>(kind: Kind) => ({
  kind: z.literal(kind),
  id: entityIdSchema,
  connectionId: connectionIdSchema,
  name: z.string(),
});
