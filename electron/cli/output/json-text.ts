/** Characters that a terminal may obey and that JSON does not escape by itself: DEL, the C1 controls, turns of the writing direction. */
const obeyed = /[\u007f-\u009f\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

/** JSON that means the same and that a terminal only shows, whatever names it holds. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    obeyed,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
