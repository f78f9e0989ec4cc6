import type { ConnectionId } from '../../contract/ids.ts';
import {
  clusterRecordSchema,
  connectionRecordSchema,
  guestRecordSchema,
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

/** An id and its figures. */
const loadRowLength: LoadRow['length'] = 8;

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
    rows.connections.map(([id, lastGoodAtMs]) => [
      id,
      { connectionId: id as ConnectionId, lastGoodAtMs, records: [] as EntityRecord[], loads: [] as LoadRow[] },
    ]),
  );
  let leftOut = 0;
  for (const [connectionId, json] of rows.records) {
    const record = parseRecord(json);
    if (record?.connectionId === connectionId) byConnection.get(connectionId)?.records.push(record);
    else leftOut += 1;
  }
  for (const [connectionId, json] of rows.loads) {
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
    const value: unknown = JSON.parse(json);
    return isLoadRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** By hand, not by schema: there are as many loads as records, and this is a tenth of the time. */
function isLoadRow(value: unknown): value is LoadRow {
  if (!Array.isArray(value) || value.length !== loadRowLength) return false;
  const [id, ...figures] = value as readonly unknown[];
  return typeof id === 'string' && figures.every((figure) => figure === null || typeof figure === 'number');
}
