import { splitEntityId } from '../ids.ts';
import type { EntityRecord } from '../records/entity.ts';

/** Makes two spellings of a text comparable: no case, one form of accents. */
export function foldText(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

// Records are replaced, never changed, so what is derived from one stays right for as long as it lives.
const searchTexts = new WeakMap<EntityRecord, string>();
const foldedNames = new WeakMap<EntityRecord, string>();

/** What plain words are looked for in: name, id, tags, the address of a connection. One line each, folded. */
export function searchTextOf(record: EntityRecord): string {
  let text = searchTexts.get(record);
  if (text === undefined) {
    text = foldText([record.name, ...extraLines(record)].join('\n'));
    searchTexts.set(record, text);
  }
  return text;
}

/** The record's name, folded. */
export function foldedNameOf(record: EntityRecord): string {
  let name = foldedNames.get(record);
  if (name === undefined) {
    name = foldText(record.name);
    foldedNames.set(record, name);
  }
  return name;
}

/** The id that users know: a guest's VMID, UUID or name; for anything else the host's own name of it. */
export function nativeIdOf(record: EntityRecord): string {
  return record.kind === 'guest' ? record.nativeId : splitEntityId(record.id).nativeId;
}

function extraLines(record: EntityRecord): readonly string[] {
  switch (record.kind) {
    case 'guest':
      return [record.nativeId, ...record.tags];
    case 'connection':
      return [record.connectionId, record.endpoint, record.group];
    case 'pool':
      return [record.comment];
    case 'cluster':
    case 'node':
    case 'storage':
    case 'network':
      return [];
  }
}

/** Whether the parts between `*` follow each other in the text. Linear in the text, unlike a regular expression made of them. */
export function matchesGlob(text: string, parts: readonly string[], isAnchored: boolean): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (isAnchored && (!text.startsWith(first) || !text.endsWith(last))) return false;
  const end = isAnchored ? text.length - last.length : text.length;
  const middle = isAnchored ? parts.slice(1, -1) : parts;
  let at = isAnchored ? first.length : 0;
  for (const part of middle) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}
