import type { EntityId } from '../../electron/contract/ids.ts';
import { isEntityId } from '../../electron/contract/ids.ts';
import type { GuestRecord } from '../../electron/contract/records/index.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import type { Route } from '../lib/routes.ts';
import { useConnection, usePreference, useRecord } from '../stores/app-stores.tsx';
import { guestGlyph } from '../texts/domain-text.ts';
import { StateGlyph } from '../ui/state-glyph.tsx';

/** The entity of a route, if the address holds a well-formed id. */
export function entityIdOf(route: Route): EntityId | undefined {
  return route.page === 'entity' && isEntityId(route.id) ? route.id : undefined;
}

/** The name of a page, for its tab and the window's title. */
export function usePageTitle(route: Route): string {
  const { t } = useI18n();
  const record = useRecord(entityIdOf(route));
  const folders = usePreference('folders');
  const views = usePreference('views');
  switch (route.page) {
    case 'entity':
      return record?.name ?? t('common.unknown');
    case 'inventory': {
      const { scope } = route;
      if (scope.type === 'tag') return scope.tag;
      if (scope.type === 'folder') return folders.find((folder) => folder.id === scope.id)?.name ?? t('common.unknown');
      if (scope.type === 'view') return views.find((view) => view.id === scope.id)?.name ?? t('common.unknown');
      return t('rail.inventory');
    }
    case 'settings':
      return t('rail.settings');
    case 'tasks':
      return t('rail.tasks');
    case 'connections':
    case 'connection-new':
    case 'connection-edit':
    case 'welcome':
      return t('rail.connections');
    case 'not-found':
      return t('common.unknown');
  }
}

function GuestGlyph(props: { readonly guest: GuestRecord }) {
  const connection = useConnection(props.guest.connectionId);
  return <StateGlyph {...guestGlyph(props.guest)} isDim={connection?.state !== 'live'} size={14} />;
}

/** The picture beside a page's name, where it has one. An old state is shown without the colours of now, as everywhere. */
export function PageGlyph(props: { readonly route: Route }) {
  const record = useRecord(entityIdOf(props.route));
  return record?.kind === 'guest' ? <GuestGlyph guest={record} /> : null;
}
