import { useMemo } from 'react';
import { navigate as navigateHash, useHashLocation } from 'wouter/use-hash-location';
import { parseRoute, routePath, type Route } from './routes.ts';

/** The place that is shown, as the address says. */
export function useRoute(): Route {
  const [path] = useHashLocation();
  return useMemo(() => parseRoute(path), [path]);
}

/** Goes somewhere. `replace` leaves no step behind for Back, e.g. when only a tab within a page changes. */
export function navigate(route: Route, options?: { readonly replace?: boolean }): void {
  navigateHash(routePath(route), { replace: options?.replace ?? false });
}

const keepListeners = new Set<() => void>();

/** Asks that the page that is shown stays open beside the next one, as a double click does. */
export function keepShownPage(): void {
  for (const listener of keepListeners) listener();
}

/** Told when the page that is shown shall stay open. */
export function onKeepShownPage(listener: () => void): () => void {
  keepListeners.add(listener);
  return () => keepListeners.delete(listener);
}

/** The address of a route for a link. */
export function routeHref(route: Route): string {
  return `#${routePath(route)}`;
}
