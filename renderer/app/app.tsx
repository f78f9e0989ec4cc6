import { useEffect } from 'react';
import { I18nProvider } from '../lib/i18n/i18n-context.tsx';
import { useAppStores, usePreference } from '../stores/app-stores.tsx';
import { PowerProvider } from '../features/inventory/power-provider.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Frame } from './frame.tsx';
import { PromptsSlot } from './slots.tsx';

/** Language and colours, then the frame. */
export function App() {
  const { client } = useAppStores();
  const theme = usePreference('theme');
  const language = usePreference('language');
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useEffect(() => {
    const tell = (): void => {
      // Only a hint for the cadence of polling: a lost link starts again at full speed anyway.
      client.request('app.setVisible', { isVisible: !document.hidden }).catch(() => undefined);
    };
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [client]);
  return (
    <I18nProvider choice={language}>
      <ErrorBoundary>
        <PowerProvider>
          <Frame />
        </PowerProvider>
        <PromptsSlot />
      </ErrorBoundary>
    </I18nProvider>
  );
}
