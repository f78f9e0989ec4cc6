import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterFields, type FilterNode, parseFilter, printFilter } from './index.ts';

const nodeOf = (text: string): FilterNode => {
  const { node, problems } = parseFilter(text);
  expect(problems).toEqual([]);
  return node;
};
const word = (text: string): FilterNode => ({ type: 'word', match: 'like', text });

describe('a filter that can be read', () => {
  test('joins terms next to each other', () => {
    expect(nodeOf('tag:web node:pve2 status:running mem>8G')).toEqual({
      type: 'and',
      of: [
        { type: 'text', field: 'tag', match: 'like', value: 'web' },
        { type: 'text', field: 'node', match: 'like', value: 'pve2' },
        { type: 'text', field: 'status', match: 'like', value: 'running' },
        { type: 'number', field: 'mem', compare: '>', value: 8 * 1024 ** 3, unit: 'bytes' },
      ],
    });
  });

  test('is everything when empty', () => {
    expect(nodeOf('  \t ')).toEqual({ type: 'everything' });
  });

  test('binds "or" weaker than neighbours, and parentheses strongest', () => {
    expect(nodeOf('a b or c | d')).toEqual({
      type: 'or',
      of: [{ type: 'and', of: [word('a'), word('b')] }, word('c'), word('d')],
    });
    expect(nodeOf('a (b OR c)')).toEqual({
      type: 'and',
      of: [word('a'), { type: 'or', of: [word('b'), word('c')] }],
    });
  });

  test('negates with a minus sign, "not" and "!="', () => {
    const notWeb: FilterNode = { type: 'not', of: { type: 'text', field: 'tag', match: 'equal', value: 'web' } };
    expect(nodeOf('-tag=web')).toEqual(notWeb);
    expect(nodeOf('not tag=web')).toEqual(notWeb);
    expect(nodeOf('tag!=web')).toEqual(notWeb);
    expect(nodeOf('--tag=web')).toEqual(notWeb.type === 'not' ? notWeb.of : notWeb);
  });

  test('takes quoted texts literally', () => {
    expect(nodeOf(String.raw`"two words" name:"say \"hi\" \\ *"`)).toEqual({
      type: 'and',
      of: [word('two words'), { type: 'text', field: 'name', match: 'like', value: String.raw`say "hi" \ *` }],
    });
    expect(nodeOf('"or" "-x" "tag:web"')).toEqual({ type: 'and', of: [word('or'), word('-x'), word('tag:web')] });
  });

  test('knows wildcards and presence', () => {
    expect(nodeOf('web*01')).toEqual({ type: 'word', match: 'glob', text: 'web*01' });
    expect(nodeOf('name:web*')).toEqual({ type: 'text', field: 'name', match: 'glob', value: 'web*' });
    expect(nodeOf('-tag:*')).toEqual({ type: 'not', of: { type: 'present', field: 'tag' } });
  });

  test('reads numbers with units', () => {
    const valueOf = (text: string) => {
      const node = nodeOf(text);
      return node.type === 'number' ? [node.compare, node.value, node.unit] : node;
    };
    expect(valueOf('mem>=1.5GiB')).toEqual(['>=', 1.5 * 1024 ** 3, 'bytes']);
    expect(valueOf('mem:512m')).toEqual(['=', 512 * 1024 ** 2, 'bytes']);
    expect(valueOf('memused>80%')).toEqual(['>', 80, 'percent']);
    expect(valueOf('cpu<0.5')).toEqual(['<', 0.5, 'percent']);
    expect(valueOf('uptime>2w')).toEqual(['>', 1_209_600, 'seconds']);
    expect(valueOf('vmid>9000')).toEqual(['>', 9000, 'count']);
    expect(valueOf('disk=0')).toEqual(['=', 0, 'bytes']);
  });

  test('has an example for every field that is read as that field', () => {
    for (const { example, field } of filterFields) expect(nodeOf(example)).toMatchObject({ field });
  });
});

describe('a filter with problems', () => {
  test.each([
    ['stat:x', 'unknown-field', 'stat'],
    ['tag: web', 'missing-value', 'tag:'],
    ['mem>', 'missing-value', 'mem>'],
    ['mem>8', 'missing-unit', '8'],
    ['mem>8X', 'bad-value', '8X'],
    ['mem>90%', 'bad-value', '90%'],
    ['uptime>1y', 'bad-value', '1y'],
    ['status:rnning', 'unknown-value', 'rnning'],
    ['template:maybe', 'unknown-value', 'maybe'],
    ['tag>=web', 'wrong-operator', '>='],
    ['web or', 'missing-term', 'or'],
    ['| web', 'missing-term', '|'],
    ['web -', 'missing-term', '-'],
    ['not', 'missing-term', 'not'],
    ['()', 'missing-term', '()'],
    ['"web', 'open-quote', '"web'],
    ['(web', 'unbalanced', '('],
    ['web)', 'unbalanced', ')'],
    ['""', 'missing-value', '""'],
  ])('%s is %s at %s', (text, code, excerpt) => {
    const [problem, ...others] = parseFilter(text).problems;
    expect(others).toEqual([]);
    expect({ code: problem?.code, text: problem?.text }).toEqual({ code, text: excerpt });
    expect(text.slice(problem?.start, problem?.end)).toBe(excerpt);
  });

  test('still filters by what can be read', () => {
    expect(parseFilter('web mem>8').node).toEqual(word('web'));
    expect(parseFilter('web or').node).toEqual(word('web'));
    expect(parseFilter('a) b').node).toEqual({ type: 'and', of: [word('a'), word('b')] });
    expect(parseFilter('fe80::1').node).toEqual(word('fe80::1'));
  });

  test('ends at a sane depth and length', () => {
    expect(parseFilter('('.repeat(3000)).problems.map(({ code }) => code)).toContain('too-deep');
    expect(parseFilter('-'.repeat(3000) + 'x').problems.map(({ code }) => code)).toContain('too-deep');
    expect(parseFilter('x'.repeat(100_000)).problems.map(({ code }) => code)).toEqual(['too-long']);
  });
});

describe('properties', () => {
  const piece = fc.oneof(
    fc.constantFrom('(', ')', '-', ' ', '"', '\\', '*', 'or', '|', 'and', 'not ', 'mem>', 'tag:', '8G', '50%', 'id=7'),
    fc.constantFrom(...filterFields.map(({ example }) => ` ${example} `), 'lock!=*', 'ha:yes', 'uptime<1e3h'),
    fc.string({ maxLength: 6, unit: 'binary' }),
  );
  const filterText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );

  test('no text makes it throw, and every problem lies inside the text', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        for (const { start, end, text: excerpt } of parseFilter(text).problems) {
          expect(start).toBeLessThanOrEqual(end);
          expect(text.slice(start, end)).toBe(excerpt);
        }
      }),
      { seed: 2026, numRuns: 3000 },
    );
  });

  test('what was read is written so that it is read again, without a new kind of problem', () => {
    fc.assert(
      fc.property(filterText, (text) => {
        const { node, problems } = parseFilter(text);
        const again = parseFilter(printFilter(node));
        expect(again.node).toEqual(node);
        const codes = new Set(problems.map(({ code }) => code));
        expect(again.problems.filter(({ code }) => !codes.has(code))).toEqual([]);
      }),
      { seed: 2027, numRuns: 3000 },
    );
  });
});
