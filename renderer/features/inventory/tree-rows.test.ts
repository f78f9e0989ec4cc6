import { describe, expect, it } from 'vitest';
import type { Folder } from '../../../electron/contract/preferences.ts';
import { generateEstate } from '../../../electron/testing/fixture-estate.ts';
import { InventoryReplica } from '../../stores/inventory-replica.ts';
import { siteKey, treeBranches, type TreeViewName } from './tree-branches.ts';
import { openWay, wayToRoute } from './tree-row-places.ts';
import { flattenBranches, type FlattenOptions, type InventoryRow } from './tree-rows.ts';

function estate(guestCount: number) {
  const replica = new InventoryReplica();
  const { records, loads } = generateEstate({ guestCount, withTroubles: true, nowMs: 0 });
  replica.apply({ type: 'snapshot', revision: 1, records, loads });
  const rows = (
    view: TreeViewName,
    options: Partial<FlattenOptions> = {},
    folders: readonly Folder[] = [],
  ): readonly InventoryRow[] =>
    flattenBranches(treeBranches(view, replica, folders), {
      toggled: new Set(),
      getRecord: (id) => replica.records.get(id),
      ...options,
    });
  const guests = records.filter((record) => record.kind === 'guest');
  return { replica, rows, guests };
}
const guestIdsIn = (rows: readonly InventoryRow[]): readonly string[] =>
  rows.flatMap(({ content }) => (content.type === 'record' && content.kind === 'guest' ? [content.id] : []));

describe('the rows of the tree', () => {
  it('show every guest of a small estate once in the site view', () => {
    const { rows, guests } = estate(40);
    expect([...guestIdsIn(rows('site'))].sort()).toEqual(guests.map((guest) => guest.id).sort());
  });

  it('leave the nodes of a large estate closed', () => {
    const { rows } = estate(1000);
    expect(guestIdsIn(rows('site'))).toEqual([]);
    expect(rows('site').some((row) => row.content.type === 'record' && row.content.kind === 'node')).toBe(true);
  });

  it('have one line for a plain host, with its guests directly below', () => {
    const { rows } = estate(40);
    const keys = rows('site').map((row) => row.key);
    expect(keys).toContain(siteKey.connection('dorm' as never));
    expect(keys.some((key) => key.startsWith('node:dorm'))).toBe(false);
  });

  it.each(['site', 'pool', 'tag', 'folder'] as const)(
    'have unique keys and right positions in the view by %s',
    (view) => {
      const { rows } = estate(60);
      const all = rows(view);
      expect(new Set(all.map((row) => row.key)).size).toBe(all.length);
      expect(all.every((row) => row.positionInSet >= 1 && row.positionInSet <= row.setSize)).toBe(true);
      expect(all.every((row, index) => index === 0 || row.level <= all[index - 1]!.level + 1)).toBe(true);
    },
  );

  it('show what a filter lets through with the way to it open, whatever is closed', () => {
    const { rows, guests } = estate(1000);
    const wanted = guests[123]!;
    const found = rows('site', { filter: (record) => record.id === wanted.id });
    expect(guestIdsIn(found)).toEqual([wanted.id]);
    expect(found.map((row) => row.level)).toEqual(found.map((_row, index) => index + 1));
  });

  it('list a guest under each of its tags, and the rest under none', () => {
    const { rows, guests } = estate(40);
    const shown = guestIdsIn(rows('tag', { toggled: new Set(['untagged']) }));
    const expected = guests.reduce((sum, guest) => sum + Math.max(1, guest.tags.length), 0);
    expect(shown.length).toBe(expected);
  });

  it('show folders with their members and everything else beside them', () => {
    const { rows, guests } = estate(40);
    const folders: readonly Folder[] = [
      { id: 'f', name: 'Mine', members: [guests[0]!.id, 'gone/guest/qemu:1'] },
      { id: 'g', name: 'Inner', parentId: 'f', members: [guests[1]!.id] },
    ];
    const all = rows('folder', {}, folders);
    expect(all.slice(0, 4).map((row) => [row.level, row.content.type])).toEqual([
      [1, 'folder'],
      [2, 'folder'],
      [3, 'record'],
      [2, 'record'],
    ]);
    expect(guestIdsIn(all).length).toBe(guests.length);
  });

  it('can be opened down to a guest whose page is opened from elsewhere', () => {
    const { replica, rows, guests } = estate(1000);
    const wanted = guests.find((guest) => guest.connectionId === 'north')!;
    const way = wayToRoute({ page: 'entity', id: wanted.id, tab: undefined }, replica);
    const toggled = openWay(way, new Set([siteKey.group('Production')]), replica);
    expect(guestIdsIn(rows('site', { toggled }))).toContain(wanted.id);
    expect(openWay(way, toggled, replica)).toBe(toggled);
  });
});
