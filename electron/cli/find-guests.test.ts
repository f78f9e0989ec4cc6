import { describe, expect, test } from 'vitest';
import { entityId, parseConnectionId } from '../contract/ids.ts';
import type { EntityRecord } from '../contract/records/index.ts';
import { guestRecord } from '../testing/guest-records.ts';
import { findGuest } from './find-guests.ts';

const [lab, office] = [parseConnectionId('lab'), parseConnectionId('office')];
const connection = (id: typeof lab, name: string): EntityRecord => ({
  kind: 'connection',
  id: entityId(id, 'connection', id),
  connectionId: id,
  name,
  connectionKind: 'pve',
  group: '',
  endpoint: '',
  state: 'live',
  sinceMs: 0,
  systemVersion: '',
  account: '',
  isDemonstration: false,
  missingRights: [],
});
const records: readonly EntityRecord[] = [
  connection(lab, 'Lab/2'),
  connection(office, 'Büro'),
  guestRecord(lab, '100', { name: 'web' }),
  guestRecord(lab, '101', { name: 'Web' }),
  guestRecord(lab, '102', { name: '100' }),
  guestRecord(office, '101', { name: 'Datenbank' }),
];
const found = (word: string): readonly string[] => {
  const match = findGuest(word, records);
  if (match.type === 'none') return [];
  return (match.type === 'one' ? [match.guest] : match.guests).map(({ id }) => id);
};

describe('a word names', () => {
  test.each([
    ['web', ['lab/guest/qemu:100']],
    ['Web', ['lab/guest/qemu:101']],
    ['WEB', ['lab/guest/qemu:100', 'lab/guest/qemu:101']],
    ['datenbank', ['office/guest/qemu:101']],
    ['101', ['lab/guest/qemu:101', 'office/guest/qemu:101']],
    ['100', ['lab/guest/qemu:100', 'lab/guest/qemu:102']],
    ['office/101', ['office/guest/qemu:101']],
    ['büro/101', ['office/guest/qemu:101']],
    ['lab/2/101', ['lab/guest/qemu:101']],
    ['lab/web', ['lab/guest/qemu:100']],
    ['office/guest/qemu:101', ['office/guest/qemu:101']],
    ['office/100', []],
    ['we', []],
    ['', []],
    ['/', []],
  ])('%s: %j', (word, ids) => {
    expect(found(word)).toEqual(ids);
  });
});
