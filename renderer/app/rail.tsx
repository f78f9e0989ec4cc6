import { Boxes, ListChecks, Network, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MessageKey } from '../lib/i18n/catalogue.ts';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { routeHref, useRoute } from '../lib/navigation.ts';
import type { Route } from '../lib/routes.ts';
import { formatShortcut, isMacPlatform } from '../lib/shortcut.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import './rail.css';

interface Area {
  readonly id: 'inventory' | 'tasks' | 'connections' | 'settings';
  readonly icon: ReactNode;
  readonly route: Route;
  readonly pages: readonly Route['page'][];
  readonly shortcut: string;
}

/** The main areas in the order of the rail. Their commands are made from the same list. */
export const areas: readonly Area[] = [
  {
    id: 'inventory',
    icon: <Boxes size={20} strokeWidth={1.6} aria-hidden />,
    route: { page: 'inventory', scope: { type: 'all' } },
    pages: ['inventory', 'entity'],
    shortcut: 'Alt+1',
  },
  {
    id: 'tasks',
    icon: <ListChecks size={20} strokeWidth={1.6} aria-hidden />,
    route: { page: 'tasks', id: undefined },
    pages: ['tasks'],
    shortcut: 'Alt+2',
  },
  {
    id: 'connections',
    icon: <Network size={20} strokeWidth={1.6} aria-hidden />,
    route: { page: 'connections', id: undefined },
    pages: ['connections', 'connection-new', 'connection-edit', 'welcome'],
    shortcut: 'Alt+3',
  },
  {
    id: 'settings',
    icon: <Settings size={20} strokeWidth={1.6} aria-hidden />,
    route: { page: 'settings', section: undefined },
    pages: ['settings'],
    shortcut: 'Alt+4',
  },
];

/** The message key of an area's name. */
export function areaName(area: Area): MessageKey {
  return `rail.${area.id}`;
}

/** The narrow strip on the left: the main areas of the window. */
export function Rail() {
  const { t } = useI18n();
  const route = useRoute();
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {areas.map((area) => {
        const name = t(`rail.${area.id}`);
        return (
          <Tooltip key={area.id} side="right" text={`${name} (${formatShortcut(area.shortcut, isMacPlatform())})`}>
            <a
              className="rail-link"
              data-area={area.id}
              href={routeHref(area.route)}
              aria-label={name}
              aria-current={area.pages.includes(route.page) ? 'page' : undefined}
            >
              {area.icon}
            </a>
          </Tooltip>
        );
      })}
    </nav>
  );
}
