import { createStore, type StoreApi } from 'zustand/vanilla';
import { routePath, type Route } from '../lib/routes.ts';

/** A page in the strip above the work area. */
export interface OpenPage {
  /** What it shows, without its inner tab: a guest is open once. */
  readonly key: string;
  /** Where it was last, with its inner tab. */
  readonly route: Route;
  /** A page that is only looked at is replaced by the next one; a kept one stays. */
  readonly isKept: boolean;
}

export interface OpenPagesState {
  readonly pages: readonly OpenPage[];
}

/** What makes two routes the same page. */
export function pageKey(route: Route): string {
  switch (route.page) {
    case 'entity':
      return routePath({ ...route, tab: undefined });
    case 'settings':
      return '/settings';
    case 'tasks':
      return '/tasks';
    case 'connections':
    case 'connection-new':
    case 'connection-edit':
    case 'welcome':
      return '/connections';
    case 'inventory':
    case 'not-found':
      return routePath(route);
  }
}

export function createOpenPages(): StoreApi<OpenPagesState> {
  return createStore<OpenPagesState>(() => ({ pages: [] }));
}

/** The pages after going to `route`: an open one is reused, else the one that is only looked at is replaced. */
export function visitPage(pages: readonly OpenPage[], route: Route): readonly OpenPage[] {
  const key = pageKey(route);
  const known = pages.findIndex((page) => page.key === key);
  if (known >= 0) return pages.map((page, index) => (index === known ? { ...page, route } : page));
  const visited: OpenPage = { key, route, isKept: false };
  const looked = pages.findIndex((page) => !page.isKept);
  if (looked >= 0) return pages.map((page, index) => (index === looked ? visited : page));
  return [...pages, visited];
}

/** Keeps a page open. */
export function keepPage(pages: readonly OpenPage[], key: string): readonly OpenPage[] {
  return pages.map((page) => (page.key === key ? { ...page, isKept: true } : page));
}

/** The pages without one, and where to go if it was the one that is shown: its right neighbour, else its left one. */
export function closePage(
  pages: readonly OpenPage[],
  key: string,
): { readonly pages: readonly OpenPage[]; readonly next: Route } {
  const index = pages.findIndex((page) => page.key === key);
  const rest = pages.filter((page) => page.key !== key);
  const next = rest[Math.min(Math.max(index, 0), rest.length - 1)];
  return { pages: rest, next: next?.route ?? { page: 'inventory', scope: { type: 'all' } } };
}
