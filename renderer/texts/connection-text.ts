import { connectionEntityId, type ConnectionId, type EntityId } from '../../electron/contract/ids.ts';
import type { ConnectionRecord, EntityRecord } from '../../electron/contract/records/index.ts';
import type { I18n } from '../lib/i18n/i18n-context.tsx';
import type { Tone } from './tone.ts';
import { ageText } from './age-text.ts';
import { errorText } from './error-text.ts';

/** The tone of each state of a connection; the word stands beside it. */
export function connectionTone(record: ConnectionRecord): Tone {
  switch (record.state) {
    case 'live':
      return 'ok';
    case 'connecting':
      return 'busy';
    case 'stale':
      return 'warn';
    case 'offline':
    case 'blocked':
      return 'bad';
    case 'disabled':
      return 'neutral';
  }
}

/** When the core tries by itself again; undefined when it does not, or is about to. */
export function connectionNextTryText(record: ConnectionRecord, nowMs: number, { t, f }: I18n): string | undefined {
  const { nextTryAtMs } = record;
  if (nextTryAtMs === undefined || nextTryAtMs <= nowMs) return undefined;
  return t('connections.nextTry', { age: f.shortDuration(nextTryAtMs - nowMs) });
}

/** `offline for 2 h`, with what happens next. */
export function connectionAgeText(record: ConnectionRecord, nowMs: number, i18n: I18n): string {
  const { t, f } = i18n;
  const state = t(`freshness.${record.state}`);
  const parts = [t('connections.since', { state, age: f.shortDuration(Math.max(0, nowMs - record.sinceMs)) })];
  if (record.state !== 'live' && record.lastGoodAtMs !== undefined) {
    parts.push(t('connections.lastGood', { age: ageText(nowMs - record.lastGoodAtMs, i18n) }));
  }
  const nextTry = connectionNextTryText(record, nowMs, i18n);
  if (nextTry !== undefined) parts.push(nextTry);
  return parts.join(' · ');
}

/** Why it is not live, and what to do; undefined when there is nothing to say. */
export function connectionProblem(record: ConnectionRecord, i18n: I18n): { what: string; todo: string } | undefined {
  return record.error === undefined ? undefined : errorText(record.error, i18n);
}

/** Connections by name, as a list in a sentence; one that is gone by its id. */
export function connectionNames(
  ids: readonly ConnectionId[],
  inventory: { getRecord(id: EntityId): EntityRecord | undefined },
): string {
  return ids.map((id) => inventory.getRecord(connectionEntityId(id))?.name ?? id).join(', ');
}
