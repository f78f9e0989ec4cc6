import { describe, expect, it } from 'vitest';
import { Visibility } from './visibility.ts';

describe('Visibility', () => {
  it('is given by any window that watches and has not said that it is hidden', () => {
    const visibility = new Visibility();
    const changes: boolean[] = [];
    visibility.onDidChange(() => changes.push(visibility.isVisible));
    const first = visibility.enter('one');
    const second = visibility.enter('two');
    visibility.setVisible('one', false);
    expect(visibility.isVisible).toBe(true);
    visibility.setVisible('two', false);
    visibility.setVisible('one', true);
    first.dispose();
    first.dispose();
    second.dispose();
    expect(changes).toEqual([true, false, true, false]);
  });

  it('survives a window that reconnects: the new watch begins before the old one ends', () => {
    const visibility = new Visibility();
    const before = visibility.enter('one');
    const after = visibility.enter('one');
    before.dispose();
    expect(visibility.isVisible).toBe(true);
    after.dispose();
    expect(visibility.isVisible).toBe(false);
  });
});
