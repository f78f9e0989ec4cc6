/**
 * The places of the window. The address (the part after `#`) is the truth about what is shown, so that back, forward and
 * reload work. Ids are encoded: they contain slashes.
 */
export type Route =
  | { readonly page: 'inventory'; readonly scope: InventoryScope }
  | { readonly page: 'entity'; readonly id: string; readonly tab: string | undefined }
  | { readonly page: 'connections'; readonly id: string | undefined }
  | { readonly page: 'connection-new' }
  | { readonly page: 'connection-edit'; readonly id: string }
  | { readonly page: 'welcome' }
  | { readonly page: 'settings'; readonly section: string | undefined }
  | { readonly page: 'tasks'; readonly id: string | undefined }
  | { readonly page: 'not-found'; readonly path: string };

/** Which guests a table shows. */
export type InventoryScope =
  | { readonly type: 'all' }
  | { readonly type: 'tag'; readonly tag: string }
  | { readonly type: 'folder'; readonly id: string }
  | { readonly type: 'view'; readonly id: string };

const encode = encodeURIComponent;

/** The address of a route, without the `#`. */
export function routePath(route: Route): string {
  switch (route.page) {
    case 'inventory': {
      const { scope } = route;
      if (scope.type === 'all') return '/inventory';
      return `/inventory/${scope.type}/${encode(scope.type === 'tag' ? scope.tag : scope.id)}`;
    }
    case 'entity':
      return `/entity/${encode(route.id)}${route.tab === undefined ? '' : `/${encode(route.tab)}`}`;
    case 'connections':
      return route.id === undefined ? '/connections' : `/connections/${encode(route.id)}`;
    case 'connection-new':
      return '/connection-new';
    case 'connection-edit':
      return `/connection-edit/${encode(route.id)}`;
    case 'welcome':
      return '/welcome';
    case 'settings':
      return route.section === undefined ? '/settings' : `/settings/${encode(route.section)}`;
    case 'tasks':
      return route.id === undefined ? '/tasks' : `/tasks/${encode(route.id)}`;
    case 'not-found':
      return route.path;
  }
}

function decode(part: string | undefined): string | undefined {
  if (part === undefined || part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function parseScope(type: string | undefined, id: string | undefined): InventoryScope | undefined {
  if (type === undefined) return { type: 'all' };
  if (id === undefined) return undefined;
  if (type === 'tag') return { type, tag: id };
  if (type === 'folder' || type === 'view') return { type, id };
  return undefined;
}

/** The route of an address. An address that is none becomes `not-found`, never an exception. */
export function parseRoute(path: string): Route {
  const [page, first, second] = path.split('/').slice(1);
  const one = decode(first);
  switch (page) {
    case '':
    case undefined:
      return { page: 'inventory', scope: { type: 'all' } };
    case 'inventory': {
      const scope = parseScope(one, decode(second));
      return scope === undefined ? { page: 'not-found', path } : { page, scope };
    }
    case 'entity':
      return one === undefined ? { page: 'not-found', path } : { page, id: one, tab: decode(second) };
    case 'connections':
      return { page, id: one };
    case 'connection-edit':
      return one === undefined ? { page: 'not-found', path } : { page, id: one };
    case 'connection-new':
    case 'welcome':
      return { page };
    case 'settings':
      return { page, section: one };
    case 'tasks':
      return { page, id: one };
    default:
      return { page: 'not-found', path };
  }
}
