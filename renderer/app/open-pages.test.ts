import { describe, expect, it } from 'vitest';
import type { Route } from '../lib/routes.ts';
import { closePage, keepPage, pageKey, visitPage, type OpenPage } from './open-pages.ts';

const guest = (id: string, tab?: string): Route => ({ page: 'entity', id, tab });
const all: Route = { page: 'inventory', scope: { type: 'all' } };
const keysOf = (pages: readonly OpenPage[]): readonly string[] => pages.map((page) => page.key);

describe('the strip of open pages', () => {
  it('replaces a page that was only looked at and leaves kept ones', () => {
    let pages = visitPage([], guest('a'));
    pages = visitPage(pages, guest('b'));
    expect(keysOf(pages)).toEqual(['/entity/b']);
    pages = visitPage(keepPage(pages, '/entity/b'), guest('c'));
    expect(keysOf(pages)).toEqual(['/entity/b', '/entity/c']);
  });

  it('has each entity once and remembers its inner tab', () => {
    const pages = visitPage(visitPage([], guest('a')), guest('a', 'hardware'));
    expect(pages).toEqual([{ key: pageKey(guest('a')), route: guest('a', 'hardware'), isKept: false }]);
  });

  it('goes to the right neighbour of a closed page, then to the left one, then to the inventory', () => {
    const pages = ['a', 'b', 'c'].reduce<readonly OpenPage[]>(
      (before, id) => keepPage(visitPage(before, guest(id)), pageKey(guest(id))),
      [],
    );
    expect(closePage(pages, '/entity/b').next).toEqual(guest('c'));
    expect(closePage(pages, '/entity/c').next).toEqual(guest('b'));
    expect(closePage(pages.slice(0, 1), '/entity/a')).toEqual({ pages: [], next: all });
  });
});
