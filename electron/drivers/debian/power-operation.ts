import { isAnyAppError } from '../../contract/errors.ts';
import type { GuestPower } from '../../contract/records/index.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { OperationEvent, RemoteOperation } from '../../core/ports/driver.ts';
import type { ArgumentVector, RunResult } from '../../core/ports/host-link.ts';

/** How often a state is read while it is waited for; a read costs the host about 30 ms. */
const lookEveryMs = 700;

/** One verb on one guest, followed to its end. */
export interface PowerWork {
  readonly nativeId: string;
  readonly command: ArgumentVector;
  /** The state that means success; absent for verbs after which the state is the same (reboot, reset). */
  readonly goal?: GuestPower;
  /** How long the goal may take after the command has returned. */
  readonly patienceMs: number;
  /** What to say when the goal was not reached. */
  readonly overdue: string;
  readonly clock: Clock;
  readonly run: (argv: ArgumentVector, signal: AbortSignal) => Promise<RunResult>;
  readonly readPower: (signal: AbortSignal) => Promise<GuestPower>;
  /** Says what a failed command means. */
  readonly explain: (result: RunResult) => Error;
  /** Sent when the user calls it off, where the host can stop it. */
  readonly cancelCommand?: ArgumentVector;
}

/** Begins the work at once and tells of it. */
export function startPowerOperation(work: PowerWork): RemoteOperation {
  const controller = new AbortController();
  const events = new EventQueue();
  void follow(work, controller.signal, (event) => events.push(event));
  return {
    nativeId: work.nativeId,
    events,
    cancel: async () => {
      const { cancelCommand } = work;
      if (cancelCommand !== undefined) {
        events.push({ type: 'log', line: `$ ${cancelCommand.join(' ')}` });
        await work.run(cancelCommand, new AbortController().signal);
      }
      controller.abort();
    },
  };
}

async function follow(work: PowerWork, signal: AbortSignal, tell: (event: OperationEvent) => void): Promise<void> {
  const log = (text: string) => {
    for (const line of text.split('\n')) if (line.trim() !== '') tell({ type: 'log', line });
  };
  try {
    log(`$ ${work.command.join(' ')}`);
    const result = await work.run(work.command, signal);
    log(result.stdout);
    log(result.stderr);
    if (result.code !== 0 && !(await isThere(work, signal))) {
      const isOverdue = work.goal === 'stopped' && result.stderr.trim() === '' && result.stdout.trim() === '';
      const text = isOverdue ? work.overdue : work.explain(result).message;
      tell({ type: 'end', outcome: 'failed', text });
      return;
    }
    const reached = await waitForGoal(work, signal);
    tell(
      reached
        ? { type: 'end', outcome: 'succeeded', text: 'OK' }
        : { type: 'end', outcome: 'failed', text: work.overdue },
    );
  } catch (error) {
    if (signal.aborted) tell({ type: 'end', outcome: 'cancelled', text: 'cancelled' });
    else tell({ type: 'end', outcome: isGone(error) ? 'unknown' : 'failed', text: textOf(error) });
  }
}

/** Nobody can say how it ended. */
const isGone = (error: unknown) => isAnyAppError(error) && error.code === 'connection.lost';

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function isThere(work: PowerWork, signal: AbortSignal): Promise<boolean> {
  return work.goal !== undefined && (await work.readPower(signal)) === work.goal;
}

async function waitForGoal(work: PowerWork, signal: AbortSignal): Promise<boolean> {
  if (work.goal === undefined) return true;
  const endMs = work.clock.now() + work.patienceMs;
  for (;;) {
    if (await isThere(work, signal)) return true;
    if (work.clock.now() >= endMs) return false;
    await work.clock.sleep(lookEveryMs, signal);
  }
}

/** Keeps events until they are read; ends after the `end` event. One reader. */
class EventQueue implements AsyncIterable<OperationEvent> {
  readonly #events: OperationEvent[] = [];
  #wake: (() => void) | undefined;
  #hasEnded = false;

  push(event: OperationEvent): void {
    if (this.#hasEnded) return;
    if (event.type === 'end') this.#hasEnded = true;
    this.#events.push(event);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<OperationEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) {
        yield event;
        if (event.type === 'end') return;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
