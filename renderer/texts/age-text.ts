import type { I18n } from '../lib/i18n/i18n-context.tsx';

/** Below this an age is "just now": "0 s ago" reads oddly, and every poll would make it tick. */
const justNowMs = 5_000;

/** How long ago something was: "just now", "3 min ago". Clocks that differ make no age below zero. */
export function ageText(ageMs: number, { t, f }: I18n): string {
  return ageMs < justNowMs ? t('common.justNow') : t('common.ago', { age: f.shortDuration(ageMs) });
}
