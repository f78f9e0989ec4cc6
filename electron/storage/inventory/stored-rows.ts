import type { ConnectionId } from '../../contract/ids.ts';
import {
  clusterRecordSchema,
  connectionRecordSchema,
  guestRecordSchema,
  loadRowSchema,
  networkRecordSchema,
  nodeRecordSchema,
  poolRecordSchema,
  storageRecordSchema,
  type EntityRecord,
  type LoadRow,
} from '../../contract/records/index.ts';
import type { KnownInventory } from '../../core/ports/store.ts';
import type { StoredRows } from './database.ts';

const schemas = {
  connection: connectionRecordSchema,
  cluster: clusterRecordSchema,
  node: nodeRecordSchema,
  guest: guestRecordSchema,
  storage: storageRecordSchema,
  network: networkRecordSchema,
  pool: poolRecordSchema,
} as const;

/** What could be read, and how many rows could not. */
export interface ReadInventory {
  readonly known: readonly KnownInventory[];
  readonly leftOut: number;
}

/**
 * Rows back into records. A row that this version does not understand (written by another one) is left out: it comes back
 * with the next listing.
 */
export function readStoredRows(rows: StoredRows): ReadInventory {
  const byConnection = new Map(
    rows.connections.map(({ id, lastGoodAtMs }) => [
      id,
      { connectionId: id as ConnectionId, lastGoodAtMs, records: [] as EntityRecord[], loads: [] as LoadRow[] },
    ]),
  );
  let leftOut = 0;
  for (const { connectionId, json } of rows.records) {
    const record = parseRecord(json);
    if (record?.connectionId === connectionId) byConnection.get(connectionId)?.records.push(record);
    else leftOut += 1;
  }
  for (const { connectionId, json } of rows.loads) {
    const load = parseLoad(json);
    if (load === undefined) leftOut += 1;
    else byConnection.get(connectionId)?.loads.push(load);
  }
  return { known: [...byConnection.values()], leftOut };
}

function parseRecord(json: string): EntityRecord | undefined {
  try {
    const value = JSON.parse(json) as { readonly kind?: unknown };
    const schema = schemas[value.kind as keyof typeof schemas] as (typeof schemas)[keyof typeof schemas] | undefined;
    return schema?.safeParse(value).data;
  } catch {
    return undefined;
  }
}

function parseLoad(json: string): LoadRow | undefined {
  try {
    return loadRowSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
