import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useRoute } from '../lib/navigation.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { EntityPage } from './entity-page.tsx';

/** The screen of a route. */
export function Page() {
  const { t } = useI18n();
  const route = useRoute();
  switch (route.page) {
    case 'entity':
      return <EntityPage key={route.id} id={route.id} tab={route.tab} />;
    case 'inventory':
    case 'connections':
    case 'connection-new':
    case 'connection-edit':
    case 'welcome':
    case 'settings':
    case 'tasks':
    case 'not-found':
      return <EmptyState text={t('common.unknown')} />;
  }
}
