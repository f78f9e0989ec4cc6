/**
 * Characters that a terminal obeys instead of showing: controls, escape, and those that turn the writing direction around.
 * A guest's name may hold them.
 */
const obeyed = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;
const segmenter = new Intl.Segmenter();

/** A text from outside as one line that a terminal only shows. */
export function displayText(text: string): string {
  return text.replaceAll(obeyed, '\ufffd');
}

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  // Nearly every text is plain; cutting into graphemes is for the others.
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The text in at most `width` columns, with an ellipsis where it was cut. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = graphemeWidth(segment);
    if (used + next > width - 1) break;
    cut += segment;
    used += next;
  }
  return `${cut}…`;
}

const zeroWidth = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const emoji = /\p{Emoji_Presentation}|\u{fe0f}/u;

function graphemeWidth(grapheme: string): number {
  if (zeroWidth.test(grapheme)) return 0;
  return emoji.test(grapheme) || isWide(grapheme.codePointAt(0) ?? 0) ? 2 : 1;
}

/** Blocks of East Asian Width W and F (Unicode 16, EastAsianWidth.txt), joined where only unassigned points lie between. */
const wideRanges: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];

function isWide(point: number): boolean {
  return point >= 0x1100 && wideRanges.some(([first, last]) => point >= first && point <= last);
}
