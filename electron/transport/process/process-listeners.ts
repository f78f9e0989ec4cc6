import type { Disposable } from '../../contract/disposable.ts';
import type { RunningProcess } from '../../core/ports/host-link.ts';

type LineListener = Parameters<RunningProcess['onLine']>[0];
type ExitListener = Parameters<RunningProcess['onExit']>[0];
type ExitResult = Parameters<ExitListener>[0];

/** Lines kept for the first listener; a caller that never listens must not fill the memory. */
const maxWaitingLines = 10_000;

/**
 * The listening half of a {@link RunningProcess}, the same for local and remote ones. Lines and the exit that come before
 * anybody listens are kept for the first listener, so that nothing is lost between start and listening.
 */
export class ProcessListeners {
  readonly #lineListeners = new Set<LineListener>();
  readonly #exitListeners = new Set<ExitListener>();
  #waiting: Parameters<LineListener>[] | undefined = [];
  #result: ExitResult | undefined;

  get hasExited(): boolean {
    return this.#result !== undefined;
  }

  onLine(listener: LineListener): Disposable {
    this.#lineListeners.add(listener);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const [line, stream] of waiting ?? []) listener(line, stream);
    return { dispose: () => void this.#lineListeners.delete(listener) };
  }

  onExit(listener: ExitListener): Disposable {
    const result = this.#result;
    if (result !== undefined) {
      queueMicrotask(() => listener(result));
      return { dispose: () => undefined };
    }
    this.#exitListeners.add(listener);
    return { dispose: () => void this.#exitListeners.delete(listener) };
  }

  tellLine(line: string, stream: 'stdout' | 'stderr'): void {
    if (this.#waiting !== undefined && this.#waiting.length < maxWaitingLines) this.#waiting.push([line, stream]);
    for (const listener of this.#lineListeners) listener(line, stream);
  }

  /** Only the first call counts. */
  tellExit(result: ExitResult): void {
    if (this.#result !== undefined) return;
    this.#result = result;
    for (const listener of this.#exitListeners) listener(result);
    this.#exitListeners.clear();
  }
}
