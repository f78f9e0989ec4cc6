import type { EntityDetails } from '../../../electron/contract/records/index.ts';
import type { I18n } from '../../lib/i18n/i18n-context.tsx';
import { hostWord } from '../../texts/host-word.ts';
import type { FactEntry } from '../../ui/fact-list.tsx';

/** The facts of a driver with their names in the user's language; a key that nobody has named stays as it is. */
export function factEntries(facts: EntityDetails['facts'], i18n: I18n): readonly FactEntry[] {
  return facts.map(({ key, value, copyable }) => ({
    id: key,
    label: hostWord(`fact.${key}`, i18n) ?? key,
    value,
    copyText: copyable ? value : undefined,
  }));
}
