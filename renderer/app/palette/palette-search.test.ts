import { describe, expect, it } from 'vitest';
import { generateEstate } from '../../../electron/testing/fixture-estate.ts';
import type { Command } from '../../lib/commands.ts';
import { buildPaletteEntries, scoreWord, searchPalette, type PaletteHit } from './palette-search.ts';

const { records } = generateEstate({ guestCount: 80, nowMs: 0 });
const guest = records.find((record) => record.kind === 'guest')!;
const named = (id: string, name: string) => ({
  ...guest,
  id: guest.id.replace(/[^:]+$/, id) as typeof guest.id,
  nativeId: id,
  name,
});
const command = (id: string, title: string, disabledReason?: string): Command => ({
  id,
  group: 'view',
  title,
  disabledReason,
  run: () => undefined,
});

function find(query: string, options: Partial<Parameters<typeof searchPalette>[0]> = {}): readonly string[] {
  const entries = buildPaletteEntries([
    named('9001', 'web'),
    named('9002', 'web-02'),
    named('9003', 'my-web'),
    named('9004', 'cobweb'),
    named('9005', 'db-01'),
  ]);
  const hits = searchPalette({ query, entries, commands: [], recent: [], limit: 50, ...options });
  const nameOf = (hit: PaletteHit): string =>
    hit.type === 'command' ? hit.command.title : (entries.find((entry) => entry.id === hit.id)?.name ?? '');
  return hits.map(nameOf);
}

describe('the palette', () => {
  it('puts the whole name first, then beginnings, beginnings of a part, and the rest', () => {
    expect(find('web')).toEqual(['web', 'web-02', 'my-web', 'cobweb']);
  });

  it('needs every word, in any order and any case', () => {
    expect(find('02 WEB')).toEqual(['web-02']);
    expect(find('web nothing')).toEqual([]);
  });

  it('finds a guest by its number', () => {
    expect(find('9005')).toEqual(['db-01']);
  });

  it('prefers what was used lately among equals', () => {
    const entries = buildPaletteEntries([named('1', 'web-01'), named('2', 'web-02')]);
    const recent = [entries[1]!.id];
    const [first] = searchPalette({ query: 'web', entries, commands: [], recent, limit: 5 });
    expect(first).toMatchObject({ id: entries[1]!.id });
  });

  it('searches actions beside entities, and actions alone after >', () => {
    const commands = [command('a', 'Web colours'), command('b', 'Stop web', 'it is stopped')];
    expect(find('web', { commands })).toContain('Stop web');
    expect(find('>web', { commands })).toEqual(['Web colours', 'Stop web']);
  });

  it('shows what was used last, then all actions, before anything is typed', () => {
    expect(find('', { commands: [command('a', 'Back')] })).toEqual(['Back']);
  });

  it('scores by where the word begins', () => {
    expect(['abc', 'abcd', 'x-abc', 'xabc', 'x'].map((text) => scoreWord(text, 'abc'))).toEqual([100, 80, 60, 40, 0]);
  });
});
