import { catalogues } from '../lib/i18n/catalogue.ts';
import type { I18n } from '../lib/i18n/i18n-context.tsx';

/** The text for a word that a host or driver chose, looked up as `<area>.<word>`; undefined for one that nobody has named yet. */
export function hostWord(key: string, i18n: I18n): string | undefined {
  if (!Object.hasOwn(catalogues.en, key)) return undefined;
  const translate = i18n.t as (key: string, params: { readonly [name: string]: string }) => string;
  return translate(key, {});
}
