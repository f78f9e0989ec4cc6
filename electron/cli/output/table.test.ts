import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutToWidth, displayText, displayWidth } from './display-text.ts';
import { bytesText, durationText, percentText } from './figures.ts';
import { tableLines } from './table.ts';

describe('the width of a text', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['日本語', 6],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    ['🚀', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['Ä ß', 3],
    ['a\u200bb', 2],
  ])('%s is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('holds when it is cut', () => {
    expect(cutToWidth('日本語', 6)).toBe('日本語');
    expect(cutToWidth('日本語', 5)).toBe('日本…');
    expect(cutToWidth('日本語', 4)).toBe('日…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        expect(displayWidth(cutToWidth(text, width))).toBeLessThanOrEqual(width);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

test('nothing from outside can make the terminal do something', () => {
  expect(displayText('a\u001b[31mred\nline\u0007\u202egnp.exe\u009b2J')).toBe('a�[31mred�line��gnp.exe�2J');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // Whatever is left is one line without a control character.
      expect(displayText(text)).not.toMatch(/\p{Cc}/u);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('columns stand below each other whatever the alphabet', () => {
  const lines = tableLines(
    [{ title: 'NAME', maxWidth: 10 }, { title: 'SIZE', align: 'right' }, { title: 'X' }],
    [
      ['日本', '1G', 'a'],
      ['plain', '100G', ''],
      ['a name that is long', '', 'b'],
    ],
    { cuts: true },
  );
  expect(lines).toEqual(['NAME        SIZE  X', '日本          1G  a', 'plain       100G', 'a name th…        b']);
});

test('in a pipe nothing is cut', () => {
  const text = 'x'.repeat(250);
  expect(tableLines([{ title: 'NAME', maxWidth: 10 }], [[text]], { cuts: false })[1]).toBe(text);
});

test('figures are short and say when they are not known', () => {
  expect([0, 1023, 1024, 1536, 10 * 1024 ** 3, 1.5 * 1024 ** 4, null].map(bytesText)).toEqual([
    '0B',
    '1023B',
    '1K',
    '1.5K',
    '10G',
    '1.5T',
    '-',
  ]);
  expect([0, 0.125, 1, null].map(percentText)).toEqual(['0%', '13%', '100%', '-']);
  expect([0, 59_000, 60_000, 3_725_000, 90_000_000, -5].map(durationText)).toEqual([
    '0s',
    '59s',
    '1m',
    '1h 2m',
    '1d 1h',
    '0s',
  ]);
});
