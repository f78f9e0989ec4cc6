import type { ErrorCode, ErrorDataByCode, ErrorShape } from '../../electron/contract/errors.ts';
import { isAnyAppError } from '../../electron/contract/errors.ts';
import type { Catalogue } from '../lib/i18n/catalogue.ts';
import type { I18n } from '../lib/i18n/i18n-context.tsx';
import type { ParamNames } from '../lib/i18n/message-types.ts';
import type { Formats } from '../lib/i18n/formats.ts';

/** What a user is told about an error. */
export interface ErrorText {
  readonly what: string;
  readonly todo: string;
  /** Code, message and data as they travelled, for a report. */
  readonly details: string;
}

type TextKey<Code extends ErrorCode> = `error.${Code}.what` | `error.${Code}.todo`;

/** The codes that have no text, or whose text names a field that they do not carry. */
type FaultyCode = {
  readonly [Code in ErrorCode]: TextKey<Code> extends keyof Catalogue
    ? ParamNames<Catalogue[TextKey<Code>]> extends keyof ErrorDataByCode[Code]
      ? never
      : Code
    : Code;
}[ErrorCode];
/** Does not compile while there is one. */
const everyCodeHasItsText: [FaultyCode] extends [never] ? true : FaultyCode = true;

function say(key: string, value: unknown, formats: Formats): string {
  if (typeof value === 'number') {
    if (key.endsWith('Ms')) return formats.duration(value);
    if (key.endsWith('Bytes')) return formats.bytes(value);
    return String(value);
  }
  if (Array.isArray(value)) {
    return value
      .map((part: unknown) =>
        typeof part === 'object' && part !== null && 'path' in part && 'message' in part
          ? `${String(part.path)}: ${String(part.message)}`
          : String(part),
      )
      .join(', ');
  }
  return typeof value === 'string' ? value : '';
}

/** The text of an error in the user's language. The host's own words are part of it where there are some. */
export function errorText(error: ErrorShape, i18n: I18n): ErrorText {
  const params: Record<string, string> = {};
  for (const [key, value] of Object.entries(error.data)) params[key] = say(key, value, i18n.f);
  const lookUp = (part: 'what' | 'todo'): string => {
    const translate = i18n.t as (key: string, params: Record<string, string>) => string;
    return everyCodeHasItsText ? translate(`error.${error.code}.${part}`, params).trim() : '';
  };
  return {
    what: lookUp('what'),
    todo: lookUp('todo'),
    details: `${error.code}\n${error.message}\n${JSON.stringify(error.data, null, 2)}`,
  };
}

/** The same for anything that was caught. */
export function caughtErrorText(caught: unknown, i18n: I18n): ErrorText {
  if (isAnyAppError(caught)) return errorText(caught.toShape(), i18n);
  const message = caught instanceof Error ? `${caught.name}: ${caught.message}` : String(caught);
  return errorText({ code: 'internal.bug', message, data: { where: 'window' } }, i18n);
}
