import { isAnyAppError } from '../../../contract/errors.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import type { OperationEvent, RemoteOperation } from '../../../core/ports/driver.ts';
import type { PveApi } from '../api.ts';
import { readTaskLog, readTaskStatus, stopTask } from '../commands/reads.ts';
import { describe } from '../commands/request.ts';
import { parseProgress } from '../parse/task-progress.ts';
import { outcomeOf, parseTaskEnd, parseTaskLog } from '../parse/tasks.ts';
import type { Upid } from '../parse/upid.ts';

/** Most power tasks last about a second; a migration of an hour does not need to be asked four times a second. */
const firstPauseMs = 250;
const longestPauseMs = 3_000;
/** A node that reboots answers again within minutes; longer and nobody can say how the task ended. */
const giveUpAfterMs = 300_000;
const logSlice = 500;

export interface TaskOperationOptions {
  readonly api: PveApi;
  readonly clock: Clock;
  readonly upid: Upid;
  /** Ends when the session closes. */
  readonly signal: AbortSignal;
}

/** Follows a worker of PVE by its UPID until it has ended. */
export function followTask(options: TaskOperationOptions): RemoteOperation {
  const { api, upid } = options;
  let wasCancelled = false;
  return {
    nativeId: upid.text,
    events: { [Symbol.asyncIterator]: () => taskEvents(options, () => wasCancelled) },
    cancel: async () => {
      wasCancelled = true;
      await api.call(stopTask(upid.node, upid.text), options.signal);
    },
  };
}

async function* taskEvents(
  options: TaskOperationOptions,
  wasCancelled: () => boolean,
): AsyncGenerator<OperationEvent, void, void> {
  const { clock, signal } = options;
  let line = 0;
  let pauseMs = firstPauseMs;
  let silentSinceMs: number | undefined;
  for (;;) {
    let end: string | undefined;
    try {
      // The end is asked first: what is in the log afterwards is all of it.
      end = await readEnd(options);
      for (let lines = await readLines(options, line); lines.length > 0; lines = await readLines(options, line)) {
        for (const event of lines.flatMap(toEvents)) yield event;
        line += lines.length;
        if (lines.length < logSlice) break;
      }
      silentSinceMs = undefined;
    } catch (error) {
      silentSinceMs ??= clock.now();
      if (!mayPass(error) || clock.now() - silentSinceMs > giveUpAfterMs) {
        yield { type: 'end', outcome: 'unknown', text: error instanceof Error ? error.message : String(error) };
        return;
      }
    }
    if (end !== undefined) {
      yield { type: 'end', outcome: endOf(end, wasCancelled()), text: end };
      return;
    }
    try {
      await clock.sleep(pauseMs, signal);
    } catch {
      yield { type: 'end', outcome: 'unknown', text: 'no longer followed' };
      return;
    }
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.3);
  }
}

async function readEnd({ api, upid, signal }: TaskOperationOptions): Promise<string | undefined> {
  const command = readTaskStatus(upid.node, upid.text);
  return parseTaskEnd(await api.call(command, signal), describe(command));
}

async function readLines({ api, upid, signal }: TaskOperationOptions, from: number): Promise<readonly string[]> {
  const command = readTaskLog(upid.node, upid.text, from, logSlice);
  return parseTaskLog(await api.call(command, signal), describe(command));
}

function toEvents(line: string): readonly OperationEvent[] {
  const log: OperationEvent = { type: 'log', line };
  const progress = parseProgress(line);
  return progress === undefined ? [log] : [log, { type: 'progress', ...progress }];
}

/** What we stopped ourselves is cancelled, whatever words the dying worker found (`unexpected status`, `migration problems`). */
function endOf(words: string, wasCancelled: boolean): 'succeeded' | 'warnings' | 'failed' | 'cancelled' {
  const outcome = outcomeOf(words);
  return outcome === 'failed' && wasCancelled ? 'cancelled' : outcome;
}

/** The node or the way to it may come back; a refused sign-in or a vanished task will not. */
function mayPass(error: unknown): boolean {
  return (
    isAnyAppError(error) &&
    [
      'connection.unreachable',
      'connection.silent',
      'connection.lost',
      'remote.node-unreachable',
      'remote.no-quorum',
    ].includes(error.code)
  );
}
