import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A schema in the official API tree: close to JSON Schema, with PVE's own formats. */
export interface OfficialSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly items?: OfficialSchema;
  readonly properties?: Readonly<Record<string, OfficialSchema>>;
  readonly required?: readonly string[];
}

/** One method of the official tree. */
export interface OfficialMethod {
  readonly parameters?: Readonly<Record<string, OfficialSchema>>;
  readonly required?: readonly string[];
  readonly returns?: OfficialSchema;
}

/** `/nodes/{node}` → `GET` → method. */
export type OfficialTree = Readonly<Record<string, Readonly<Record<string, OfficialMethod>>>>;

/** Where schemas and recordings lie: beside the repository, or where WHEELHOUSE_PVE_API says. They are not part of it. */
export const pveApiFolder =
  process.env['WHEELHOUSE_PVE_API'] ?? join(import.meta.dirname, '../../../../shared/pve-api');

/** Whether that folder is there; says so when it is not. */
export function havePveApi(): boolean {
  const have = existsSync(join(pveApiFolder, 'schema-9.2.3.json'));
  if (!have) process.stdout.write(`skipped: no PVE API schemas in ${pveApiFolder} (set WHEELHOUSE_PVE_API)\n`);
  return have;
}

/** The official tree of a release. */
export function officialTree(version: string): OfficialTree {
  const file: unknown = JSON.parse(readFileSync(join(pveApiFolder, `schema-${version}.json`), 'utf8'));
  return (file as { paths: OfficialTree }).paths;
}

/** How a value breaks a schema, with the place; PVE's looseness (booleans as 0 and 1, extra members) is allowed. */
export function breaches(schema: OfficialSchema | undefined, value: unknown, place = ''): string[] {
  if (!schema?.type || value === null || value === undefined) return [];
  if (!fitsType(schema.type, value)) return [`${place}: ${JSON.stringify(value)} is no ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value))
    return [`${place}: ${JSON.stringify(value)} is not in the enumeration`];
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return [`${place}: ${value} is below ${schema.minimum}`];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => breaches(schema.items, item, `${place}[${index}]`));
  return typeof value === 'object' ? memberBreaches(schema, value as Record<string, unknown>, place) : [];
}

function memberBreaches(schema: OfficialSchema, value: Record<string, unknown>, place: string): string[] {
  const missing = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${place}: lacks ${key}`);
  const wrong = Object.entries(value).flatMap(([key, member]) =>
    breaches(schema.properties?.[key], member, `${place}.${key}`),
  );
  return [...missing, ...wrong];
}

function fitsType(type: string, value: unknown): boolean {
  switch (type) {
    case 'boolean':
      return value === 0 || value === 1 || typeof value === 'boolean';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    default:
      return true;
  }
}
