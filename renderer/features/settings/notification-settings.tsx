import { useState } from 'react';
import { useStore } from 'zustand';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores, usePreference } from '../../stores/app-stores.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { SettingsSection } from './settings-section.tsx';

const choices = [
  { value: '0', text: 'settings.notify.never' },
  { value: '10000', text: 'settings.notify.always' },
  { value: '60000', text: 'settings.notify.minute' },
  { value: '300000', text: 'settings.notify.long' },
] as const;

/** In a browser it is the browser that shows them, and it wants to be asked by a click. */
function BrowserPermission() {
  const { t } = useI18n();
  const [permission, setPermission] = useState(() =>
    typeof Notification === 'undefined' ? 'denied' : Notification.permission,
  );
  return (
    <div className="settings-permission">
      <p className="quiet">{t(`settings.notify.${permission}`)}</p>
      {permission === 'default' && (
        <Button onClick={() => void Notification.requestPermission().then(setPermission)}>
          {t('settings.notify.ask')}
        </Button>
      )}
    </div>
  );
}

/** When the end of a task is told on the desktop. */
export function NotificationSettings() {
  const { t } = useI18n();
  const { preferences, session } = useAppStores();
  const afterMs = usePreference('notifyAfterMs');
  const shownBy = useStore(session.state, (state) => state.facts?.notifications);
  // A value from elsewhere counts as the longest choice that it reaches.
  const chosen = choices.findLast(({ value }) => afterMs >= Number(value))?.value ?? '0';
  return (
    <SettingsSection title={t('settings.notifications')}>
      <Field label={t('settings.notify')}>
        <Select
          value={chosen}
          options={choices.map(({ value, text }) => ({ value, label: t(text) }))}
          onChange={(value) => preferences.set({ notifyAfterMs: Number(value) })}
        />
      </Field>
      {shownBy === 'host' && <p className="quiet">{t('settings.notify.host')}</p>}
      {shownBy === 'browser' && chosen !== '0' && <BrowserPermission />}
    </SettingsSection>
  );
}
