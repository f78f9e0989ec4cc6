import type { Disposable } from '../contract/disposable.ts';
import type { AppError } from '../contract/errors.ts';
import type { AppNotice } from '../contract/rpc/table.ts';
import type { Clock } from '../core/ports/clock.ts';

/** More than anybody reads; a disk that comes and goes for a month must not fill the memory. */
const noticesKept = 20;

/** What the user should know of the app itself: how the start went, and trouble with the profile since. */
export class NoticeBoard {
  #notices: readonly AppNotice[] = [];
  readonly #watchers = new Set<(notices: readonly AppNotice[]) => void>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get notices(): readonly AppNotice[] {
    return this.#notices;
  }

  readonly add = (error: AppError): void => {
    this.#notices = [...this.#notices, { atMs: this.clock.now(), error: error.toShape() }].slice(-noticesKept);
    for (const watcher of this.#watchers) watcher(this.#notices);
  };

  /** All that are kept, now and whenever one comes. */
  watch(watcher: (notices: readonly AppNotice[]) => void): Disposable {
    this.#watchers.add(watcher);
    watcher(this.#notices);
    return { dispose: () => void this.#watchers.delete(watcher) };
  }
}
