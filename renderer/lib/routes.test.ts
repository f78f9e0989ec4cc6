import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoute, routePath, type Route } from './routes.ts';

const text = fc.string({ minLength: 1, unit: 'grapheme' });
const optional = fc.option(text, { nil: undefined });
const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ page: fc.constant('entity' as const), id: text, tab: optional }),
  fc.constant<Route>({ page: 'inventory', scope: { type: 'all' } }),
  text.map((tag): Route => ({ page: 'inventory', scope: { type: 'tag', tag } })),
  text.map((id): Route => ({ page: 'inventory', scope: { type: 'folder', id } })),
  text.map((id): Route => ({ page: 'inventory', scope: { type: 'view', id } })),
  optional.map((id): Route => ({ page: 'connections', id })),
  text.map((id): Route => ({ page: 'connection-edit', id })),
  optional.map((section): Route => ({ page: 'settings', section })),
  optional.map((id): Route => ({ page: 'tasks', id })),
  fc.constantFrom<Route>({ page: 'welcome' }, { page: 'connection-new' }),
);

describe('the address', () => {
  it('leads back to the same place, whatever characters an id holds', () => {
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(routePath(route))).toEqual(route);
      }),
      { seed: 77, numRuns: 500 },
    );
  });

  it('is never an exception: what cannot be read is not found', () => {
    for (const path of [
      '/entity',
      '/entity/%E0%A4%A',
      '/inventory/tag',
      '/inventory/x/y',
      '/nowhere',
      '/connection-edit/',
    ])
      expect(parseRoute(path)).toEqual({ page: 'not-found', path });
  });

  it('begins with the whole inventory', () => {
    expect([parseRoute(''), parseRoute('/')]).toEqual([
      { page: 'inventory', scope: { type: 'all' } },
      { page: 'inventory', scope: { type: 'all' } },
    ]);
  });
});
