import type { EntityRecord, GuestRecord } from '../contract/records/index.ts';
import { foldText } from '../contract/filter/index.ts';

/** What a word on the command line names. */
export type GuestMatch =
  | { readonly type: 'one'; readonly guest: GuestRecord }
  | { readonly type: 'none' }
  | { readonly type: 'several'; readonly guests: readonly GuestRecord[] };

/**
 * Finds the guest that a word names: by its whole id (`lab/guest/qemu:104`), by its VMID or UUID, or by its name. A name in
 * another case counts only when none fits exactly. Templates count like any other guest.
 */
export function findGuest(word: string, records: readonly EntityRecord[]): GuestMatch {
  const guests = records.filter((record) => record.kind === 'guest');
  const byId = guests.find(({ id }) => id === word);
  if (byId !== undefined) return { type: 'one', guest: byId };
  const exact = guests.filter(({ name, nativeId }) => name === word || nativeId === word);
  const folded = foldText(word);
  const found = exact.length > 0 ? exact : guests.filter(({ name }) => foldText(name) === folded);
  const [only] = found;
  if (only === undefined) return { type: 'none' };
  return found.length === 1 ? { type: 'one', guest: only } : { type: 'several', guests: found };
}
