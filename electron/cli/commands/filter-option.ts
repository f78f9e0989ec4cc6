import { compileFilter, parseFilter, type FilterPredicate, type FilterProblem } from '../../contract/filter/index.ts';
import type { Estate } from '../estate.ts';
import { UsageError } from '../usage-error.ts';

const texts: { readonly [Code in FilterProblem['code']]: string } = {
  'unknown-field': 'there is no such field',
  'missing-value': 'a value is missing',
  'missing-term': 'something must follow',
  'bad-value': 'this is no value for it',
  'missing-unit': 'a unit is missing',
  'unknown-value': 'it never has this value',
  'wrong-operator': 'it cannot be compared like this',
  'open-quote': 'the quote is not closed',
  unbalanced: 'the parenthesis has no partner',
  'too-deep': 'it is nested too deep',
  'too-long': 'it is too long',
};

/** Checks a filter before anything is opened. Throws {@link UsageError} with the place marked. */
export function checkedFilter(text: string): (estate: Estate) => FilterPredicate {
  const { node, problems } = parseFilter(text);
  const [problem] = problems;
  if (problem !== undefined) {
    const { code, start, end, expected } = problem;
    const marks = `${' '.repeat(start)}${'^'.repeat(Math.max(1, end - start))}`;
    const hint = expected === '' ? '' : ` (for example ${expected})`;
    throw new UsageError(`The filter cannot be read: ${texts[code]}${hint}\n  ${text}\n  ${marks}`);
  }
  return (estate) => compileFilter(node, estate.lookups);
}
