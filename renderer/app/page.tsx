import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { useRoute } from '../lib/navigation.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { EntityPage } from './entity-page.tsx';
import { InventoryPage } from './inventory-page.tsx';
import { ConnectionsSlot, ConnectionWizardSlot, SettingsSlot, TasksPageSlot, WelcomeSlot } from './slots.tsx';

/** The screen of a route. */
export function Page() {
  const { t } = useI18n();
  const route = useRoute();
  switch (route.page) {
    case 'entity':
      return <EntityPage key={route.id} id={route.id} tab={route.tab} />;
    case 'inventory':
      return <InventoryPage scope={route.scope} />;
    case 'connections':
      return <ConnectionsSlot selectedId={route.id} />;
    case 'connection-new':
      return <ConnectionWizardSlot key="new" editId={undefined} />;
    case 'connection-edit':
      return <ConnectionWizardSlot key={route.id} editId={route.id} />;
    case 'welcome':
      return <WelcomeSlot />;
    case 'settings':
      return <SettingsSlot section={route.section} />;
    case 'tasks':
      return <TasksPageSlot selectedId={route.id} />;
    case 'not-found':
      return <EmptyState text={t('page.notFound')} />;
  }
}
