import type { Formats } from './formats.ts';
import { catalogues, type Catalogue, type LanguageCode, type MessageKey } from './catalogue.ts';
import type { Message, ParamArgs } from './message-types.ts';

/** Looks a message up and fills its parameters in. The key and the parameters are checked by the compiler. */
export type Translate = <Key extends MessageKey>(key: Key, ...args: ParamArgs<Catalogue[Key]>) => string;

const braces = /\{(\w+)\}/g;

/** Characters that turn the direction of what follows, and letters that are written from right to left. */
const turning = /[\u202a-\u202e\u2066-\u2069\u200f\u061c\p{Script=Hebrew}\p{Script=Arabic}]/u;

/** Keeps what a name does to the direction of writing within the name: "Stop {name}" must not read backwards. */
function isolate(value: string): string {
  return turning.test(value) ? `\u2068${value}\u2069` : value;
}

function fill(
  message: Message,
  params: { readonly [name: string]: string | number } | undefined,
  formats: Formats,
): string {
  const count = params?.['count'];
  const text = typeof message === 'string' ? message : message[formats.plural(typeof count === 'number' ? count : 0)];
  if (params === undefined) return text;
  return text.replace(braces, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? formats.number(value, 2) : isolate(value);
  });
}

/** The lookup function of one language. */
export function createTranslate(language: LanguageCode, formats: Formats): Translate {
  const messages: { readonly [Key in MessageKey]: Message } = catalogues[language];
  return (key, ...args) => fill(messages[key], args[0], formats);
}
