import { useStore } from 'zustand';
import type { Preferences } from '../../../electron/contract/preferences.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate, routeHref } from '../../lib/navigation.ts';
import { useAppStores, usePreference } from '../../stores/app-stores.tsx';
import { Button } from '../../ui/button.tsx';
import { FactList } from '../../ui/fact-list.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { LicencesPage } from './licences-page.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { SettingsSection } from './settings-section.tsx';
import './settings.css';

function Appearance() {
  const { t } = useI18n();
  const { preferences } = useAppStores();
  const theme = usePreference('theme');
  const language = usePreference('language');
  const themes: readonly Preferences['theme'][] = ['system', 'light', 'dark'];
  return (
    <SettingsSection title={t('settings.appearance')}>
      <Field label={t('settings.theme')}>
        <Select
          value={theme}
          options={themes.map((value) => ({ value, label: t(`settings.theme.${value}`) }))}
          onChange={(value) => preferences.set({ theme: value })}
        />
      </Field>
      <Field label={t('settings.language')}>
        <Select
          value={language}
          options={[
            { value: 'system', label: t('settings.language.system') },
            // Languages are named in themselves: whoever needs the entry cannot read the others.
            { value: 'en', label: 'English' },
            { value: 'de', label: 'Deutsch' },
          ]}
          onChange={(value) => preferences.set({ language: value })}
        />
      </Field>
    </SettingsSection>
  );
}

function Secrets() {
  const { t } = useI18n();
  const { session } = useAppStores();
  const facts = useStore(session.state, (state) => state.facts);
  if (facts === undefined) return null;
  return (
    <SettingsSection title={t('settings.secrets')}>
      <div>
        <p className="settings-label">{t('settings.vault')}</p>
        <p className="quiet">{t(`settings.vault.${facts.vault}`)}</p>
      </div>
      <FactList
        facts={[
          {
            id: 'profile',
            label: t('settings.profile'),
            value: facts.profilePath,
            copyText: facts.profilePath,
          },
        ]}
      />
    </SettingsSection>
  );
}

function About() {
  const { t } = useI18n();
  const { session } = useAppStores();
  const facts = useStore(session.state, (state) => state.facts);
  return (
    <SettingsSection title={t('settings.about')}>
      {facts !== undefined && (
        <FactList
          facts={[
            { id: 'version', label: t('settings.version'), value: facts.version, copyText: facts.version },
            {
              id: 'platform',
              label: t('settings.platform'),
              value: t(`settings.host.${facts.host}`, { platform: facts.platform }),
            },
            { id: 'licence', label: t('settings.licence'), value: 'AGPL-3.0-or-later' },
          ]}
        />
      )}
      <p className="quiet">{t('settings.licence.text')}</p>
      <p>
        <a href={routeHref({ page: 'settings', section: 'licences' })}>{t('settings.licences')}</a>
      </p>
    </SettingsSection>
  );
}

/** What the user can choose, what the app is and where it keeps its things. */
export function SettingsPage(props: { readonly section: string | undefined }) {
  const { t } = useI18n();
  const { commands } = useAppStores();
  if (props.section === 'licences') {
    return <LicencesPage onBack={() => navigate({ page: 'settings', section: undefined })} />;
  }
  return (
    <div className="settings">
      <div className="settings-column">
        <h1>{t('rail.settings')}</h1>
        <Appearance />
        <NotificationSettings />
        <Secrets />
        <SettingsSection title={t('settings.keyboard')}>
          <p className="quiet">{t('settings.keyboard.text')}</p>
          <div>
            <Button onClick={() => commands.find('shortcuts.show')?.run()}>{t('settings.keyboard.show')}</Button>
          </div>
        </SettingsSection>
        <About />
      </div>
    </div>
  );
}
