import type { FilterNode } from './ast.ts';
import { printQuantity } from './quantity.ts';

/** Looks like `field:`, so a plain word of this form must be quoted. */
export const fieldStart = /^([a-z]+)(:|<=|>=|!=|=|<|>)/i;
/** Words with a meaning of their own. */
export const keywords: readonly string[] = ['or', '|', 'and', 'not'];

/** Writes a filter so that parsing it gives the same node again. */
export function printFilter(node: FilterNode): string {
  switch (node.type) {
    case 'everything':
      return '';
    case 'and':
      return node.of.map((child) => (child.type === 'or' ? grouped(child) : printFilter(child))).join(' ');
    case 'or':
      return node.of.map(printFilter).join(' or ');
    case 'not':
      return `-${node.of.type === 'and' || node.of.type === 'or' ? grouped(node.of) : printFilter(node.of)}`;
    case 'word':
      return node.match === 'glob' ? node.text : printWord(node.text);
    case 'text':
      return printText(node.field, node.match, node.value);
    case 'flag':
      return `${node.field}:${node.value ? 'yes' : 'no'}`;
    case 'number':
      return `${node.field}${node.compare}${printQuantity(node)}`;
    case 'present':
      return `${node.field}:*`;
  }
}

const grouped = (node: FilterNode): string => `(${printFilter(node)})`;

function printText(field: string, match: 'like' | 'glob' | 'equal', value: string): string {
  if (match === 'glob') return `${field}:${value}`;
  return `${field}${match === 'equal' ? '=' : ':'}${/[\s"\\*)]/.test(value) ? quoted(value) : value}`;
}

function printWord(text: string): string {
  const isPlain =
    !/[\s"\\*)]/.test(text) && !/^[-(]/.test(text) && !fieldStart.test(text) && !keywords.includes(text.toLowerCase());
  return isPlain ? text : quoted(text);
}

const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
