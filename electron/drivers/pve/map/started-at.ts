/** Uptimes are up to 10 s old when they arrive, so the computed start wobbles upwards by that much. */
const wobbleMs = 30_000;
const improvementMs = 5_000;

/**
 * When something was started, from its uptime, held still: it moves when a better (earlier) figure differs by more than
 * 5 s or when the start is clearly another one. Undefined while not running.
 */
export function holdStartedAt(known: number | undefined, nowMs: number, uptimeS: number): number | undefined {
  if (uptimeS <= 0) return undefined;
  const seenMs = nowMs - uptimeS * 1000;
  if (known === undefined) return seenMs;
  return seenMs < known - improvementMs || seenMs > known + wobbleMs ? seenMs : known;
}
