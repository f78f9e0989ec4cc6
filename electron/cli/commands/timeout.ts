import { UsageError } from '../usage-error.ts';
import type { CommandContext } from './command.ts';

const defaultTimeoutMs = 30_000;

/** `--timeout`. Throws {@link UsageError} for what is no number of seconds. */
export function timeoutMsOf(context: CommandContext): number {
  const text = context.text('timeout');
  if (text === undefined) return defaultTimeoutMs;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > 86_400)
    throw new UsageError(`--timeout takes a number of seconds, not "${text}".`);
  return seconds * 1000;
}
