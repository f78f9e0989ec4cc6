import { appDe, appEn } from './messages/app.ts';
import { domainDe, domainEn } from './messages/domain.ts';
import { errorsDe, errorsEn } from './messages/errors.ts';
import { inventoryDe, inventoryEn } from './messages/inventory.ts';
import { connectionsDe, connectionsEn } from './messages/connections.ts';
import { wizardDe, wizardEn } from './messages/wizard.ts';
import { detailsDe, detailsEn } from './messages/details.ts';
import { promptsDe, promptsEn } from './messages/prompts.ts';
import { settingsDe, settingsEn } from './messages/settings.ts';
import { tasksDe, tasksEn } from './messages/tasks.ts';
import type { Translation } from './message-types.ts';

/**
 * All texts of the window. One file for each area holds both languages side by side, so that a change to one is seen
 * beside the other; a key that German lacks does not compile.
 */
const en = {
  ...appEn,
  ...domainEn,
  ...errorsEn,
  ...inventoryEn,
  ...promptsEn,
  ...connectionsEn,
  ...wizardEn,
  ...tasksEn,
  ...settingsEn,
  ...detailsEn,
} as const;
const de: Translation<typeof en> = {
  ...appDe,
  ...domainDe,
  ...errorsDe,
  ...inventoryDe,
  ...promptsDe,
  ...connectionsDe,
  ...wizardDe,
  ...tasksDe,
  ...settingsDe,
  ...detailsDe,
};

export type Catalogue = typeof en;
export type MessageKey = keyof Catalogue;

export const catalogues = { en, de } as const;
export type LanguageCode = keyof typeof catalogues;

/** The first of the wanted languages that is offered, else English. */
export function resolveLanguage(wanted: readonly string[]): LanguageCode {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    if (base === 'en' || base === 'de') return base;
  }
  return 'en';
}
