import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { resolveLanguage, type LanguageCode } from './catalogue.ts';
import { createFormats, type Formats } from './formats.ts';
import { createTranslate, type Translate } from './translate.ts';

/** Everything a component needs to speak to the user. */
export interface I18n {
  readonly language: LanguageCode;
  readonly t: Translate;
  readonly f: Formats;
}

/** Makes the texts and formats of one language; also for places outside React. */
export function createI18n(language: LanguageCode): I18n {
  const f = createFormats(language === 'en' ? 'en-GB' : language);
  return { language, f, t: createTranslate(language, f) };
}

const I18nContext = createContext<I18n>(createI18n('en'));

/** Gives the tree below it a language. `choice` is the user's preference; `system` follows the desktop. */
export function I18nProvider(props: { readonly choice: 'system' | LanguageCode; readonly children: ReactNode }) {
  const language = props.choice === 'system' ? resolveLanguage(navigator.languages) : props.choice;
  const i18n = useMemo(() => createI18n(language), [language]);
  return <I18nContext.Provider value={i18n}>{props.children}</I18nContext.Provider>;
}

/** The texts (`t`) and formats (`f`) of the user's language. */
export function useI18n(): I18n {
  return useContext(I18nContext);
}
