import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filterFields } from '../contract/filter/index.ts';
import { commandTable } from './command-table.ts';
import { exitCodes } from './exit-codes.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), 'utf8');

test('no command takes an option twice, nor a short one of another', () => {
  const doubtful = commandTable.filter(({ options }) => {
    const shorts = Object.values(options).flatMap(({ short }) => (short === undefined ? [] : [short]));
    return new Set(shorts).size < shorts.length || shorts.includes('h');
  });
  expect(doubtful.map(({ name }) => name)).toEqual([]);
});

test('docs/cli.md names every command, filter field and exit code', () => {
  const words = commandTable.map(({ name }) => name.split(' ').at(-1) ?? '');
  expect(words.filter((word) => !page.includes(word))).toEqual([]);
  expect(filterFields.map(({ field }) => field).filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
  expect(Object.values(exitCodes).filter((code) => !page.includes(`| ${code} | `))).toEqual([]);
});
