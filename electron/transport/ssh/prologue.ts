import { prologueMark } from './shell-words.ts';

/** Finds what the prologue printed; `rest` is the program's own output. Undefined when the mark is not there (yet). */
export function readPrologue(text: string): { readonly pid: number; readonly rest: string } | undefined {
  const match = new RegExp(`(?:^|\\n)[^\\n]*?${prologueMark}(\\d+)\\n`).exec(text);
  if (match === null) return undefined;
  return { pid: Number(match[1]), rest: text.slice(match.index + match[0].length) };
}
