import { describe, expect, it } from 'vitest';
import { generateEstate } from '../../../electron/testing/fixture-estate.ts';
import type { GuestRecord } from '../../../electron/contract/records/index.ts';
import { createI18n } from '../../lib/i18n/i18n-context.tsx';
import { actionsInQuery, suits } from './action-in-query.ts';

const asked = (query: string, language: 'en' | 'de' = 'en') =>
  actionsInQuery(query, (action) => createI18n(language).t(`action.${action}`));

describe('an action in a query', () => {
  it('is found by the first words, in the language of the user', () => {
    expect(asked('stop web-01')).toEqual([{ action: 'stop', rest: 'web-01' }]);
    expect(asked('Shut down web 01')).toEqual([{ action: 'shutdown', rest: 'web 01' }]);
    expect(asked('shut do web')).toEqual([{ action: 'shutdown', rest: 'web' }]);
    expect(asked('neu db', 'de').map((each) => each.rest)).toContain('db');
  });

  it('needs a guest behind it, and more than a letter or two', () => {
    expect([asked('stop'), asked('st web'), asked('web stop'), asked('')]).toEqual([[], [], [], []]);
  });

  it('is offered for guests in whose state it makes sense', () => {
    const guest = generateEstate({ guestCount: 5, nowMs: 0 }).records.find(
      (record): record is GuestRecord => record.kind === 'guest',
    )!;
    const running = { ...guest, isTemplate: false, power: 'running' as const };
    const stopped = { ...running, power: 'stopped' as const };
    expect([suits('start', running), suits('stop', running), suits('shutdown', running)]).toEqual([false, true, true]);
    expect([suits('start', stopped), suits('stop', stopped), suits('reboot', stopped)]).toEqual([true, false, false]);
    expect(suits('start', { ...stopped, isTemplate: true })).toBe(false);
  });
});
