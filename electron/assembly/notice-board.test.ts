import { describe, expect, it } from 'vitest';
import { AppError } from '../contract/errors.ts';
import type { AppNotice } from '../contract/rpc/table.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { NoticeBoard } from './notice-board.ts';

const full = (path: string): AppError => new AppError('profile.not-writable', 'full', { path, cause: 'ENOSPC' });

describe('what the user should know of the app', () => {
  it('is told to a window that comes later, and to one that watches when it comes up', () => {
    const board = new NoticeBoard(new FakeClock());
    board.add(full('/a'));
    const seen: (readonly AppNotice[])[] = [];
    const watching = board.watch((notices) => seen.push(notices));
    board.add(full('/b'));
    watching.dispose();
    board.add(full('/c'));
    expect(seen.map((notices) => notices.map(({ error }) => error.data))).toEqual([
      [{ path: '/a', cause: 'ENOSPC' }],
      [
        { path: '/a', cause: 'ENOSPC' },
        { path: '/b', cause: 'ENOSPC' },
      ],
    ]);
  });

  it('is forgotten in the end, the oldest first', () => {
    const board = new NoticeBoard(new FakeClock());
    for (let at = 0; at < 1_000; at += 1) board.add(full(`/${at}`));
    expect(board.notices.length).toBeLessThanOrEqual(20);
    expect(board.notices.at(-1)?.error.data).toMatchObject({ path: '/999' });
  });
});
