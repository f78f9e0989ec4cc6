import { describe, expect, it } from 'vitest';
import type { Folder } from '../../../electron/contract/preferences.ts';
import {
  addFolder,
  childFolders,
  folderWithDescendants,
  moveFolder,
  moveToFolder,
  removeFolder,
  renameFolder,
} from './folders.ts';

const folders: readonly Folder[] = [
  { id: 'oncall', name: 'On call', members: ['a/guest/1'] },
  { id: 'customer', name: 'Customer', parentId: 'oncall', members: ['a/guest/2'] },
  { id: 'deep', name: 'Deep', parentId: 'customer', members: ['a/guest/3'] },
  { id: 'retire', name: 'Retire', members: [] },
];
const membersOf = (list: readonly Folder[]): Record<string, readonly string[]> =>
  Object.fromEntries(list.map((folder) => [folder.id, folder.members]));

describe('personal folders', () => {
  it('hold an entity in one place at most', () => {
    const next = moveToFolder(folders, ['a/guest/1', 'a/guest/3'], 'retire');
    expect(membersOf(next)).toEqual({
      oncall: [],
      customer: ['a/guest/2'],
      deep: [],
      retire: ['a/guest/1', 'a/guest/3'],
    });
    expect(membersOf(moveToFolder(next, ['a/guest/1'], undefined))['retire']).toEqual(['a/guest/3']);
  });

  it('hand what was in a removed folder to the one above it', () => {
    const next = removeFolder(folders, 'customer');
    expect(membersOf(next)).toEqual({ oncall: ['a/guest/1', 'a/guest/2'], deep: ['a/guest/3'], retire: [] });
    expect(childFolders(next, 'oncall').map((folder) => folder.id)).toEqual(['deep']);
  });

  it('are never put into themselves or below themselves', () => {
    expect(moveFolder(folders, 'oncall', 'deep')).toBe(folders);
    expect(moveFolder(folders, 'oncall', 'oncall')).toBe(folders);
    const moved = moveFolder(folders, 'deep', undefined);
    expect(childFolders(moved, undefined).map((folder) => folder.id)).toEqual(['deep', 'oncall', 'retire']);
  });

  it('can be added inside one another and renamed', () => {
    const next = renameFolder(addFolder(folders, { id: 'new', name: 'New', parentId: 'retire' }), 'new', 'Newer');
    expect(folderWithDescendants(next, 'retire').map((folder) => folder.name)).toEqual(['Retire', 'Newer']);
  });

  it('whose parent is gone are shown at the top', () => {
    const orphan: Folder = { id: 'o', name: 'Orphan', parentId: 'nowhere', members: [] };
    expect(childFolders([orphan], undefined)).toEqual([orphan]);
  });
});
