/** Where a text holds another one, whatever the case: the positions, without overlaps. */
export function findMatches(text: string, search: string): readonly number[] {
  const wanted = search.toLowerCase();
  if (wanted === '') return [];
  const within = text.toLowerCase();
  const found: number[] = [];
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length)) found.push(at);
  return found;
}

export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** A text cut into what matches and what stands between. */
export function splitByMatch(text: string, search: string): readonly TextPart[] {
  const wanted = search.trim();
  // Where lower case has another length (a few scripts), positions would not fit: such a text is shown unmarked.
  if (text.toLowerCase().length !== text.length) return [{ text, isMatch: false }];
  const parts: TextPart[] = [];
  let from = 0;
  for (const at of findMatches(text, wanted)) {
    if (at > from) parts.push({ text: text.slice(from, at), isMatch: false });
    parts.push({ text: text.slice(at, at + wanted.length), isMatch: true });
    from = at + wanted.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMatch: false });
  return parts;
}
