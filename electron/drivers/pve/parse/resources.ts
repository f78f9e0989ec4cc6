import { parseEnvelope, unintelligible } from './unintelligible.ts';

/**
 * One row of `GET /cluster/resources`. Every field but `type` and `id` may be missing: rights take fields away
 * (a node without Sys.Audit has only id, node, status, level), and versions differ. Figures that are not numbers are
 * not known.
 */
export interface PveResource {
  readonly type: string;
  readonly id: string;
  readonly node?: string | undefined;
  readonly status?: string | undefined;
  readonly name?: string | undefined;
  readonly vmid?: number | undefined;
  readonly template?: number | undefined;
  readonly lock?: string | undefined;
  readonly tags?: string | undefined;
  readonly pool?: string | undefined;
  readonly hastate?: string | undefined;
  readonly uptime?: number | undefined;
  readonly cpu?: number | undefined;
  readonly maxcpu?: number | undefined;
  readonly mem?: number | undefined;
  readonly maxmem?: number | undefined;
  readonly disk?: number | undefined;
  readonly maxdisk?: number | undefined;
  readonly netin?: number | undefined;
  readonly netout?: number | undefined;
  readonly diskread?: number | undefined;
  readonly diskwrite?: number | undefined;
  readonly storage?: string | undefined;
  readonly plugintype?: string | undefined;
  readonly content?: string | undefined;
  readonly shared?: number | undefined;
  readonly sdn?: string | undefined;
  readonly network?: string | undefined;
  readonly networkType?: string | undefined;
}

/** Places of the fields in a row that is being read. */
const texts = [
  'type',
  'id',
  'node',
  'status',
  'name',
  'lock',
  'tags',
  'pool',
  'hastate',
  'storage',
  'plugintype',
  'content',
  'sdn',
  'network',
  'network-type',
] as const;
const figures = [
  'vmid',
  'template',
  'uptime',
  'cpu',
  'maxcpu',
  'mem',
  'maxmem',
  'disk',
  'maxdisk',
  'netin',
  'netout',
  'diskread',
  'diskwrite',
  'shared',
] as const;
const textPlaces: ReadonlyMap<string, number> = new Map(texts.map((name, place) => [name, place]));
const figurePlaces: ReadonlyMap<string, number> = new Map(figures.map((name, place) => [name, place]));

/**
 * Rows of known and unknown types; the mapping leaves out what it does not know. Rejects with `remote.unintelligible`.
 *
 * At 10,000 guests this runs every few seconds, so it is written by hand. PVE answers with the keys in random order:
 * every object has a shape of its own, and asking such objects for one property after the other costs four times what
 * walking over them once does. So each is walked once and becomes an object of one common shape.
 */
export function parseResources(body: string, command: string): readonly PveResource[] {
  const data = parseEnvelope(body, command);
  if (!Array.isArray(data)) throw unintelligible(command, body, 'data is not a list');
  const scratch = new Scratch();
  const rows: PveResource[] = [];
  for (const raw of data as readonly unknown[]) rows.push(scratch.read(raw, command));
  return rows;
}

/** Reused for all rows of a listing. */
class Scratch {
  readonly #texts: (string | undefined)[] = texts.map(() => undefined);
  readonly #figures: (number | undefined)[] = figures.map(() => undefined);

  read(raw: unknown, command: string): PveResource {
    if (typeof raw !== 'object' || raw === null) throw badRow(raw, command);
    this.#texts.fill(undefined);
    this.#figures.fill(undefined);
    for (const key in raw) {
      const value = (raw as Readonly<Record<string, unknown>>)[key];
      const place = figurePlaces.get(key);
      if (place !== undefined) this.#figures[place] = figure(value);
      else {
        const textPlace = textPlaces.get(key);
        if (textPlace !== undefined) this.#texts[textPlace] = text(value);
      }
    }
    const row = this.#build();
    if (row === undefined || !hasItsFields(row)) throw badRow(raw, command);
    return row;
  }

  /** The places are those of the tables above. */
  #build(): PveResource | undefined {
    const words = this.#texts;
    const numbers = this.#figures;
    const type = words[0];
    const id = words[1];
    if (type === undefined || id === undefined || id === '') return undefined;
    return {
      type,
      id,
      node: words[2],
      status: words[3],
      name: words[4],
      lock: words[5],
      tags: words[6],
      pool: words[7],
      hastate: words[8],
      storage: words[9],
      plugintype: words[10],
      content: words[11],
      sdn: words[12],
      network: words[13],
      networkType: words[14],
      vmid: numbers[0],
      template: numbers[1],
      uptime: numbers[2],
      cpu: numbers[3],
      maxcpu: numbers[4],
      mem: numbers[5],
      maxmem: numbers[6],
      disk: numbers[7],
      maxdisk: numbers[8],
      netin: numbers[9],
      netout: numbers[10],
      diskread: numbers[11],
      diskwrite: numbers[12],
      shared: numbers[13],
    };
  }
}

function hasItsFields(row: PveResource): boolean {
  switch (row.type) {
    case 'qemu':
    case 'lxc':
      return row.node !== undefined && row.node !== '' && row.vmid !== undefined;
    case 'node':
      return row.node !== undefined && row.node !== '';
    case 'storage':
      return row.node !== undefined && row.storage !== undefined && row.storage !== '';
    case 'pool':
      return row.pool !== undefined && row.pool !== '';
    default:
      return true;
  }
}

function badRow(row: unknown, command: string): Error {
  return unintelligible(command, JSON.stringify(row) ?? String(row), 'a resource is not understood');
}

/** Names may arrive as bare numbers (a VM called `100`). */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** PVE sends numbers, seldom numeric strings or JSON booleans. */
function figure(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}
