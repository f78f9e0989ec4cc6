import type { FilterNode, FilterProblem, FilterProblemCode, NumberField, ParsedFilter, TextField } from './ast.ts';
import { findField, type FieldFacts } from './fields.ts';
import { fieldStart, keywords } from './print.ts';
import { parseQuantity } from './quantity.ts';

const maxLength = 4000;
const maxDepth = 50;

/** Reads a filter. Never throws, whatever the text: what cannot be read is a problem with its place, the rest is a filter. */
export function parseFilter(text: string): ParsedFilter {
  const parser = new FilterParser(text.slice(0, maxLength));
  if (text.length > maxLength) parser.report('too-long', maxLength, text.length, '');
  return parser.parse();
}

class FilterParser {
  readonly #text: string;
  readonly #problems: FilterProblem[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedFilter {
    const found: FilterNode[] = [];
    while (this.#at < this.#text.length) {
      const node = this.#readAlternatives(0);
      if (node !== undefined) found.push(node);
      if (this.#text[this.#at] === ')') {
        this.report('unbalanced', this.#at, this.#at + 1, '');
        this.#at += 1;
      }
    }
    return { node: joined('and', found) ?? { type: 'everything' }, problems: this.#problems };
  }

  report(code: FilterProblemCode, start: number, end: number, expected: string): void {
    this.#problems.push({ code, start, end, text: this.#text.slice(start, end), expected });
  }

  /** Terms up to the end or to a closing parenthesis, which is left for the caller. */
  #readAlternatives(depth: number): FilterNode | undefined {
    const alternatives: FilterNode[] = [];
    let terms: FilterNode[] = [];
    let openOr: number | undefined;
    const closeAlternative = (): void => {
      const node = joined('and', terms);
      if (node !== undefined) alternatives.push(node);
      terms = [];
    };
    for (this.#skipSpace(); this.#at < this.#text.length && this.#text[this.#at] !== ')'; this.#skipSpace()) {
      const start = this.#at;
      const keyword = this.#takeKeyword(['or', '|', 'and']);
      if (keyword === undefined) {
        const term = this.#readTerm(depth);
        if (term !== undefined) terms.push(term);
        openOr = undefined;
      } else if (keyword !== 'and') {
        if (openOr !== undefined || (terms.length === 0 && alternatives.length === 0)) this.#reportKeyword(start);
        closeAlternative();
        openOr = start;
      }
    }
    if (openOr !== undefined) this.#reportKeyword(openOr);
    closeAlternative();
    return joined('or', alternatives);
  }

  #reportKeyword(start: number): void {
    this.report('missing-term', start, start + (this.#text[start] === '|' ? 1 : 2), '');
  }

  #readTerm(depth: number): FilterNode | undefined {
    const start = this.#at;
    if (depth > maxDepth) {
      this.#at = this.#text.length;
      this.report('too-deep', start, this.#at, '');
      return undefined;
    }
    if (this.#text[start] === '(') return this.#readGroup(depth);
    if (this.#text[start] === '-') {
      this.#at += 1;
      return this.#readNegated(start, depth);
    }
    if (this.#takeKeyword(['not']) !== undefined) {
      this.#skipSpace();
      return this.#readNegated(start, depth);
    }
    const fieldMatch = fieldStart.exec(this.#text.slice(start, start + 40));
    const facts = fieldMatch?.[1] === undefined ? undefined : findField(fieldMatch[1]);
    if (fieldMatch !== null && facts === undefined) {
      const word = fieldMatch[1] ?? '';
      this.report('unknown-field', start, start + word.length, '');
    }
    if (fieldMatch?.[2] !== undefined && facts !== undefined) {
      this.#at += fieldMatch[0].length;
      return this.#readField(facts, fieldMatch[2], start);
    }
    return this.#readWord(start);
  }

  #readNegated(start: number, depth: number): FilterNode | undefined {
    const next = this.#text[this.#at];
    if (next === undefined || next === ')' || /\s/.test(next)) {
      this.report('missing-term', start, this.#at, '');
      return undefined;
    }
    const node = this.#readTerm(depth + 1);
    return node === undefined ? undefined : negated(node);
  }

  #readGroup(depth: number): FilterNode | undefined {
    const start = this.#at;
    this.#at += 1;
    const node = this.#readAlternatives(depth + 1);
    if (this.#text[this.#at] === ')') this.#at += 1;
    else this.report('unbalanced', start, start + 1, '');
    if (node === undefined) this.report('missing-term', start, this.#at, '');
    return node;
  }

  #readWord(start: number): FilterNode | undefined {
    const { value, isLiteral } = this.#readValue();
    if (value === '') {
      this.report('missing-value', start, this.#at, '');
      return undefined;
    }
    return { type: 'word', match: !isLiteral && value.includes('*') ? 'glob' : 'like', text: value };
  }

  #readField(facts: FieldFacts, operator: string, start: number): FilterNode | undefined {
    const valueStart = this.#at;
    const { value, isLiteral } = this.#readValue();
    if (value === '') {
      this.report('missing-value', start, this.#at, facts.example);
      return undefined;
    }
    const node =
      value === '*' && !isLiteral && operator !== '<' && operator !== '>' && operator !== '<=' && operator !== '>='
        ? ({ type: 'present', field: facts.field } as const)
        : this.#fieldTerm(facts, operator === '!=' ? '=' : operator, value, isLiteral, valueStart);
    return node !== undefined && operator === '!=' ? negated(node) : node;
  }

  #fieldTerm(
    facts: FieldFacts,
    operator: string,
    value: string,
    isLiteral: boolean,
    valueStart: number,
  ): FilterNode | undefined {
    const isOrdering = operator === '<' || operator === '>' || operator === '<=' || operator === '>=';
    if (facts.shape === 'flag')
      return isOrdering ? this.#wrongOperator(operator, valueStart) : this.#flagTerm(facts, value, valueStart);
    if (facts.shape === 'text' || facts.shape === 'choice' || (facts.shape === 'id' && !isOrdering)) {
      if (isOrdering) return this.#wrongOperator(operator, valueStart);
      this.#checkChoice(facts, value, valueStart);
      const match = operator === '=' ? 'equal' : !isLiteral && value.includes('*') ? 'glob' : 'like';
      return { type: 'text', field: facts.field as TextField, match, value };
    }
    const quantity = parseQuantity(value, facts.shape);
    if (typeof quantity === 'string') {
      this.report(quantity, valueStart, this.#at, facts.example);
      return undefined;
    }
    const compare = isOrdering ? operator : '=';
    return { type: 'number', field: facts.field as NumberField, compare, ...quantity };
  }

  #wrongOperator(operator: string, valueStart: number): undefined {
    this.report('wrong-operator', valueStart - operator.length, valueStart, ': =');
  }

  #flagTerm(facts: FieldFacts, value: string, valueStart: number): FilterNode | undefined {
    const word = value.toLowerCase();
    const isYes = ['yes', 'true', '1'].some((known) => known.startsWith(word));
    const isNo = ['no', 'false', '0'].some((known) => known.startsWith(word));
    if (isYes === isNo) {
      this.report('unknown-value', valueStart, this.#at, facts.values.join(' '));
      return undefined;
    }
    return { type: 'flag', field: 'template', value: isYes };
  }

  #checkChoice(facts: FieldFacts, value: string, valueStart: number): void {
    if (facts.shape !== 'choice' || value.includes('*')) return;
    const word = value.toLowerCase();
    if (!facts.values.some((known) => known.startsWith(word)))
      this.report('unknown-value', valueStart, this.#at, facts.values.join(' '));
  }

  /** A quoted text, or everything up to a space or closing parenthesis. */
  #readValue(): { readonly value: string; readonly isLiteral: boolean } {
    if (this.#text[this.#at] === '"') return { value: this.#readQuoted(), isLiteral: true };
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s)]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return { value: this.#text.slice(start, this.#at), isLiteral: false };
  }

  #readQuoted(): string {
    const start = this.#at;
    let value = '';
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at] ?? '';
      const next = this.#text[this.#at + 1];
      if (char === '"') {
        this.#at += 1;
        return value;
      }
      if (char === '\\' && (next === '"' || next === '\\')) {
        this.#at += 1;
        value += next;
      } else value += char;
    }
    this.report('open-quote', start, this.#text.length, '');
    return value;
  }

  #takeKeyword(wanted: readonly string[]): string | undefined {
    const word = /^[^\s()]{1,3}(?=$|[\s()])/.exec(this.#text.slice(this.#at, this.#at + 4))?.[0].toLowerCase();
    if (word === undefined || !keywords.includes(word) || !wanted.includes(word)) return undefined;
    this.#at += word.length;
    return word;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}

function joined(type: 'and' | 'or', nodes: readonly FilterNode[]): FilterNode | undefined {
  const flat = nodes.flatMap((node) => (node.type === type ? node.of : [node]));
  return flat.length > 1 ? { type, of: flat } : flat[0];
}

function negated(node: FilterNode): FilterNode {
  return node.type === 'not' ? node.of : { type: 'not', of: node };
}
