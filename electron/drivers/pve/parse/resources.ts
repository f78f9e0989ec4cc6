import { parseEnvelope, unintelligible } from './unintelligible.ts';

/**
 * One row of `GET /cluster/resources`. Every field but `type` and `id` may be missing: rights take fields away
 * (a node without Sys.Audit has only id, node, status, level), and versions differ.
 * Checked by hand and not by a schema: at 10,000 guests this runs every few seconds.
 */
export interface PveResource {
  readonly type: string;
  readonly id: string;
  readonly node?: string;
  readonly status?: string;
  readonly name?: string;
  readonly vmid?: number;
  readonly template?: number;
  readonly lock?: string;
  readonly tags?: string;
  readonly pool?: string;
  readonly hastate?: string;
  readonly uptime?: number;
  readonly cpu?: number;
  readonly maxcpu?: number;
  readonly mem?: number;
  readonly maxmem?: number;
  readonly disk?: number;
  readonly maxdisk?: number;
  readonly netin?: number;
  readonly netout?: number;
  readonly diskread?: number;
  readonly diskwrite?: number;
  readonly storage?: string;
  readonly plugintype?: string;
  readonly content?: string;
  readonly shared?: number;
  readonly sdn?: string;
  readonly network?: string;
  readonly 'network-type'?: string;
}

const needed: Readonly<Record<string, readonly (keyof PveResource)[]>> = {
  qemu: ['node', 'vmid'],
  lxc: ['node', 'vmid'],
  openvz: ['node', 'vmid'],
  node: ['node'],
  storage: ['node', 'storage'],
  pool: ['pool'],
};

/** Rows of known and unknown types; the mapping leaves out what it does not know. Rejects with `remote.unintelligible`. */
export function parseResources(body: string, command: string): readonly PveResource[] {
  const data = parseEnvelope(body, command);
  if (!Array.isArray(data)) throw unintelligible(command, body, 'data is not a list');
  const rows = data as readonly unknown[];
  for (const row of rows) checkRow(row, command);
  return rows as readonly PveResource[];
}

function checkRow(row: unknown, command: string): void {
  if (typeof row !== 'object' || row === null) throw badRow(row, command);
  const { type, id } = row as PveResource;
  if (typeof type !== 'string' || typeof id !== 'string' || id === '') throw badRow(row, command);
  const fields = needed[type];
  if (fields === undefined) return;
  for (const field of fields) {
    const value = (row as PveResource)[field];
    if (value === undefined || value === null || value === '' || typeof value === 'object') throw badRow(row, command);
  }
}

function badRow(row: unknown, command: string): Error {
  return unintelligible(command, JSON.stringify(row) ?? String(row), 'a resource is not understood');
}

/** A figure of a row: PVE sends numbers, seldom numeric strings; anything else is not known. */
export function figure(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}
