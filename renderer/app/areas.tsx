import { Boxes, ListChecks, Network, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MessageKey } from '../lib/i18n/catalogue.ts';
import type { Route } from '../lib/routes.ts';

/** One of the main areas of the window. */
export interface Area {
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
