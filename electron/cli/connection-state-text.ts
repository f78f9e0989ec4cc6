import type { ConnectionRecord } from '../contract/records/index.ts';
import type { Estate } from './estate.ts';
import { errorText } from './output/error-text.ts';
import { durationText } from './output/figures.ts';

/** Where a connection stands for this command: `cached` when it was not tried, `disabled` when the user switched it off. */
export function connectionStateOf(connection: ConnectionRecord, estate: Estate): ConnectionRecord['state'] | 'cached' {
  return estate.isOpened(connection.connectionId) ? connection.state : 'cached';
}

/** When its records were last read: `now`, `5m 3s ago`, `never`. */
export function ageText({ lastGoodAtMs }: ConnectionRecord, nowMs: number): string {
  if (lastGoodAtMs === undefined) return 'never';
  return nowMs - lastGoodAtMs < 10_000 ? 'now' : `${durationText(nowMs - lastGoodAtMs)} ago`;
}

/** Why a connection that was tried is not live, in one sentence; `''` when it is live. */
export function troubleText(connection: ConnectionRecord, nowMs: number): string {
  const { state, error, name, endpoint, lastGoodAtMs } = connection;
  if (state === 'live' || state === 'disabled') return '';
  const why = error === undefined ? `${endpoint} did not answer in time` : errorText(error);
  const known =
    lastGoodAtMs === undefined
      ? 'Nothing is known of it yet.'
      : `Showing what was known ${ageText(connection, nowMs)}.`;
  return `${name}: ${why}. ${known}`;
}

/** Whether the connection answers. */
export function isReached({ state }: ConnectionRecord): boolean {
  return state === 'live' || state === 'stale';
}
