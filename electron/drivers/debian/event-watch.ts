import type { Disposable } from '../../contract/disposable.ts';
import { isAnyAppError } from '../../contract/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { InventoryHint } from '../../core/ports/driver.ts';
import type { Log } from '../../core/ports/log.ts';
import { watchScript } from './host/batch-script.ts';
import type { HostShell } from './host/host-shell.ts';
import { hintFromEventLine, hintFromMonitorLine } from './libvirt/parse/event-line.ts';

/** libvirtd restarts in a second or two; a host that cannot watch at all is asked seldom. */
const firstPauseMs = 1_000;
const longestPauseMs = 5 * 60_000;
/** A stream that lived this long was healthy, so its end is met with the first pause again. */
const healthyMs = 60_000;

interface EventWatchParts {
  readonly shell: HostShell;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps one stream of events open while anybody listens, and opens it again when it ends. Hints are a favour: whatever
 * fails here, polling goes on.
 */
export class EventWatch {
  readonly #parts: EventWatchParts;
  readonly #listeners = new Set<(hint: InventoryHint) => void>();
  #running: AbortController | undefined;

  constructor(parts: EventWatchParts) {
    this.#parts = parts;
  }

  listen(onHint: (hint: InventoryHint) => void): Disposable {
    // A function of our own, so that the same listener given twice is two.
    const listener = (hint: InventoryHint) => onHint(hint);
    this.#listeners.add(listener);
    if (this.#running === undefined) {
      this.#running = new AbortController();
      void this.#keepOpen(this.#running.signal);
    }
    return {
      dispose: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.close();
      },
    };
  }

  /** Passes a hint of our own on, e.g. that a verb has ended. */
  tell(hint: InventoryHint): void {
    for (const listener of this.#listeners) listener(hint);
  }

  close(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #keepOpen(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    let pauseMs = firstPauseMs;
    let isFirst = true;
    while (!signal.aborted) {
      const begunMs = clock.now();
      try {
        // What happened while nobody listened is only found by reading.
        if (!isFirst) this.tell({ because: 'the event stream was opened again', pass: 'status' });
        isFirst = false;
        const code = await this.#follow(signal);
        log('debug', 'debian-events-ended', { code });
      } catch (error) {
        if (isAnyAppError(error) && error.code === 'connection.lost') return;
        if (!signal.aborted) log('info', 'debian-events-failed', { error: String(error) });
      }
      pauseMs = clock.now() - begunMs > healthyMs ? firstPauseMs : Math.min(longestPauseMs, pauseMs * 2);
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    }
  }

  async #follow(signal: AbortSignal): Promise<number | null> {
    const stream = await this.#parts.shell.start(watchScript, signal);
    const onAbort = () => stream.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) stream.kill();
    const lines = stream.onLine((line, from) => {
      const hint = from === 'stdout' ? (hintFromEventLine(line) ?? hintFromMonitorLine(line)) : undefined;
      if (hint !== undefined) this.tell(hint);
    });
    try {
      return await new Promise((resolve) => stream.onExit(({ code }) => resolve(code)));
    } finally {
      signal.removeEventListener('abort', onAbort);
      lines.dispose();
    }
  }
}
