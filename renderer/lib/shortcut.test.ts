import { describe, expect, it } from 'vitest';
import { formatShortcut, matchesShortcut, worksWhileTyping, type KeyPress } from './shortcut.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...change,
});

describe('a shortcut', () => {
  it('is Ctrl on Linux and Windows and Cmd on a Mac', () => {
    expect(matchesShortcut('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
    expect(matchesShortcut('Mod+K', press('k', { metaKey: true }), false)).toBe(false);
    expect(matchesShortcut('Mod+K', press('k', { metaKey: true }), true)).toBe(true);
    expect(matchesShortcut('Mod+K', press('k', { ctrlKey: true }), true)).toBe(false);
    expect([formatShortcut('Mod+Shift+F', false), formatShortcut('Mod+Shift+F', true)]).toEqual([
      'Ctrl+Shift+F',
      '⌘⇧F',
    ]);
  });

  it('does not fire with a modifier that it does not name', () => {
    expect(matchesShortcut('Mod+K', press('K', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
    expect(matchesShortcut('F5', press('F5', { altKey: true }), false)).toBe(false);
  });

  it('of a sign works with and without Shift, because keyboards differ', () => {
    expect(matchesShortcut('?', press('?', { shiftKey: true }), false)).toBe(true);
    expect(matchesShortcut('/', press('/'), false)).toBe(true);
  });

  it('without a modifier leaves text fields alone', () => {
    expect(['?', '/', 'Mod+K', 'Alt+W', 'F5'].map(worksWhileTyping)).toEqual([false, false, true, true, true]);
  });
});
