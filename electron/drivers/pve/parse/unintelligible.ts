import type { z } from 'zod';
import { AppError } from '../../../contract/errors.ts';

const excerptCharacters = 200;

/** The error for an answer that is not what PVE is known to answer, with the beginning of what came. */
export function unintelligible(command: string, text: string, why = ''): AppError<'remote.unintelligible'> {
  const excerpt = text.length > excerptCharacters ? `${text.slice(0, excerptCharacters)}…` : text;
  return new AppError('remote.unintelligible', `${command}: ${why === '' ? 'not understood' : why}`, {
    command,
    excerpt,
  });
}

/** Parses JSON. Rejects with `remote.unintelligible`. */
export function parseJson(text: string, command: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw unintelligible(command, text, 'not JSON');
  }
}

/** PVE's envelope `{"data": ...}`. An answer without `data` is not PVE's. */
export function parseEnvelope(text: string, command: string): unknown {
  const json = parseJson(text, command);
  if (typeof json !== 'object' || json === null || !('data' in json)) throw unintelligible(command, text, 'no data');
  return json.data;
}

/** Checks data against a schema; the error shows the path and the part that did not fit. */
export function parseWith<T>(schema: z.ZodType<T>, data: unknown, command: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  throw unintelligible(command, show(data, issue?.path ?? []), `${path}: ${issue?.message ?? 'does not fit'}`);
}

/** The entry around a bad value: enough to see what came, without the other ten thousand. */
function show(data: unknown, path: readonly PropertyKey[]): string {
  let part: unknown = data;
  for (const key of path.slice(0, -1)) {
    if (typeof part !== 'object' || part === null) break;
    part = (part as Record<PropertyKey, unknown>)[key];
  }
  return JSON.stringify(part) ?? String(part);
}
