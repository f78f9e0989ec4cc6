import type { ConnectionId } from '../../contract/ids.ts';
import type { EntityRecord, LoadRow } from '../../contract/records/index.ts';
import type { KnownInventory } from '../../core/ports/store.ts';
import type { StoredRows } from './database.ts';
import { isStoredRecord } from './record-shape.ts';

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
  const values = parseAll(rows.records);
  for (const [index, [connectionId]] of rows.records.entries()) {
    const record = values[index];
    if (isStoredRecord(record) && record.connectionId === connectionId)
      byConnection.get(connectionId)?.records.push(record);
    else leftOut += 1;
  }
  const loads = parseAll(rows.loads);
  for (const [index, [connectionId]] of rows.loads.entries()) {
    const load = loads[index];
    if (isLoadRow(load)) byConnection.get(connectionId)?.loads.push(load);
    else leftOut += 1;
  }
  return { known: [...byConnection.values()], leftOut };
}

/** So many rows are parsed as one text: a call for each costs more than the parsing. */
const rowsPerText = 500;

/** The value of each row; undefined where it is no JSON. */
function parseAll(rows: StoredRows['records']): readonly unknown[] {
  const values: unknown[] = [];
  for (let from = 0; from < rows.length; from += rowsPerText) {
    const part = rows.slice(from, from + rowsPerText);
    const together = parse(`[${part.map(([, json]) => json).join(',')}]`);
    // A damaged row spoils the text of its part, or shifts the others in it; then each stands for itself.
    if (Array.isArray(together) && together.length === part.length) values.push(...(together as readonly unknown[]));
    else values.push(...part.map(([, json]) => parse(json)));
  }
  return values;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** By hand, not by schema: there are as many loads as records, and this is a tenth of the time. */
function isLoadRow(value: unknown): value is LoadRow {
  if (!Array.isArray(value) || value.length !== loadRowLength) return false;
  const cells = value as readonly unknown[];
  for (let place = 1; place < loadRowLength; place += 1)
    if (cells[place] !== null && typeof cells[place] !== 'number') return false;
  return typeof cells[0] === 'string';
}
