import type { EntityId } from '../../../electron/contract/ids.ts';
import type { EntityRecord } from '../../../electron/contract/records/index.ts';
import { foldText } from '../../../electron/contract/filter/index.ts';
import type { Command } from '../../lib/commands.ts';

/** What the palette searches in: made once when it opens, not at each key. */
export interface PaletteEntry {
  readonly id: EntityId;
  readonly name: string;
  readonly foldedName: string;
  /** The host's own id and other words, searched with less weight. */
  readonly extra: string;
  /** Earlier for what is looked for more often. */
  readonly weight: number;
}

export type PaletteHit =
  | { readonly type: 'entity'; readonly id: EntityId; readonly score: number }
  | { readonly type: 'command'; readonly command: Command; readonly score: number };

const weights: { readonly [Kind in EntityRecord['kind']]?: number } = {
  guest: 6,
  node: 8,
  connection: 5,
  storage: 3,
  pool: 3,
  network: 1,
};

/** What can be found by name. Clusters are reached through their connection. */
export function buildPaletteEntries(records: Iterable<EntityRecord>): readonly PaletteEntry[] {
  const entries: PaletteEntry[] = [];
  for (const record of records) {
    const weight = weights[record.kind];
    if (weight === undefined) continue;
    const extra = record.kind === 'guest' ? foldText([record.nativeId, ...record.tags].join(' ')) : '';
    entries.push({ id: record.id, name: record.name, foldedName: foldText(record.name), extra, weight });
  }
  return entries;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[\s._/:-]/.test(text.charAt(at - 1));
}

/** How well one word fits a text: whole, beginning, beginning of a part, anywhere; 0 for not at all. */
export function scoreWord(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at < 0) return 0;
  if (text.length === word.length) return 100;
  if (at === 0) return 80;
  for (let next = at; next >= 0; next = text.indexOf(word, next + 1)) if (isWordStart(text, next)) return 60;
  return 40;
}

function scoreEntry(entry: PaletteEntry, words: readonly string[]): number {
  let score = 0;
  for (const word of words) {
    const inName = scoreWord(entry.foldedName, word);
    const best = inName > 0 ? inName : entry.extra === '' ? 0 : extraScore(entry.extra, word);
    if (best === 0) return 0;
    score += best;
  }
  return score / words.length + entry.weight - Math.min(5, entry.foldedName.length / 20);
}

function extraScore(extra: string, word: string): number {
  if (!extra.includes(word)) return 0;
  return extra.split(' ').some((part) => part === word) ? 70 : 20;
}

function scoreCommand(command: Command, words: readonly string[]): number {
  const text = foldText(`${command.title} ${command.keywords ?? ''}`);
  let score = 0;
  for (const word of words) {
    const found = scoreWord(text, word);
    if (found === 0) return 0;
    score += found;
  }
  return score / words.length + (command.disabledReason === undefined ? 4 : -20);
}

/** The best hits for a query. `>` at its beginning leaves only actions; an empty query shows what was used last, then actions. */
export function searchPalette(options: {
  readonly query: string;
  readonly entries: readonly PaletteEntry[];
  readonly commands: readonly Command[];
  /** Latest first. */
  readonly recent: readonly EntityId[];
  readonly limit: number;
}): readonly PaletteHit[] {
  const { entries, commands, recent, limit } = options;
  const onlyCommands = options.query.trimStart().startsWith('>');
  const text = foldText(options.query.trimStart().replace(/^>/, '')).trim();
  if (text === '') {
    const known = new Map(entries.map((entry) => [entry.id, entry]));
    const used = onlyCommands ? [] : recent.filter((id) => known.has(id)).slice(0, 8);
    return [
      ...used.map((id): PaletteHit => ({ type: 'entity', id, score: 0 })),
      ...commands.map((command): PaletteHit => ({ type: 'command', command, score: 0 })),
    ];
  }
  const words = text.split(/\s+/);
  const hits: (PaletteHit & { readonly name: string })[] = [];
  for (const command of commands) {
    const score = scoreCommand(command, words);
    if (score > 0) hits.push({ type: 'command', command, score, name: command.title });
  }
  if (!onlyCommands) {
    const bonus = new Map(recent.map((id, index) => [id, Math.max(0, 10 - index)]));
    for (const entry of entries) {
      const score = scoreEntry(entry, words);
      if (score > 0)
        hits.push({ type: 'entity', id: entry.id, score: score + (bonus.get(entry.id) ?? 0), name: entry.foldedName });
    }
  }
  return hits.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1)).slice(0, limit);
}
