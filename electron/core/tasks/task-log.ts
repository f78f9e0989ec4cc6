import type { Disposable } from '../../contract/disposable.ts';

/** Lines kept of one operation of ours. A vzdump of a large guest writes about one line per percent; this holds any sane log. */
const LINES_KEPT = 5_000;
/** A longer line is cut: it is somebody's binary, not a log. */
const LINE_LENGTH = 4_096;

/** What `task.watchLog` sends. */
export interface TaskLogFrame {
  readonly firstLine: number;
  readonly lines: string[];
  readonly isComplete: boolean;
}

/** The log of one operation of ours: the newest lines, numbered from the first one ever written. */
export class TaskLog {
  #dropped = 0;
  #lines: string[] = [];
  #isComplete = false;
  readonly #watchers = new Set<(frame: TaskLogFrame) => void>();

  append(line: string): void {
    if (this.#isComplete) return;
    const kept = line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line;
    const firstLine = this.#dropped + this.#lines.length;
    this.#lines.push(kept);
    if (this.#lines.length > LINES_KEPT) {
      // In one go, so that a chatty operation does not move the whole list at every line.
      const surplus = Math.ceil(LINES_KEPT / 10);
      this.#lines = this.#lines.slice(surplus);
      this.#dropped += surplus;
    }
    this.#tell({ firstLine, lines: [kept], isComplete: false });
  }

  complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.#tell({ firstLine: this.#dropped + this.#lines.length, lines: [], isComplete: true });
  }

  /** Everything that is kept now, then what follows. */
  watch(watcher: (frame: TaskLogFrame) => void): Disposable {
    this.#watchers.add(watcher);
    watcher({ firstLine: this.#dropped, lines: [...this.#lines], isComplete: this.#isComplete });
    return { dispose: () => void this.#watchers.delete(watcher) };
  }

  #tell(frame: TaskLogFrame): void {
    for (const watcher of this.#watchers) watcher(frame);
  }
}
