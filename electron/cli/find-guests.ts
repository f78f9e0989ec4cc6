import type { EntityRecord, GuestRecord } from '../contract/records/index.ts';
import { foldText } from '../contract/filter/index.ts';

/** What a word on the command line names. */
export type GuestMatch =
  | { readonly type: 'one'; readonly guest: GuestRecord }
  | { readonly type: 'none' }
  | { readonly type: 'several'; readonly guests: readonly GuestRecord[] };

/**
 * Finds the guest that a word names: by its whole id (`lab/guest/qemu:104`), by its VMID or UUID, or by its name, the last
 * two also behind the name or id of their connection (`lab/104`). A name in another case counts only when none fits exactly.
 */
export function findGuest(word: string, records: readonly EntityRecord[]): GuestMatch {
  const guests = records.filter((record) => record.kind === 'guest');
  const byId = guests.find(({ id }) => id === word);
  if (byId !== undefined) return { type: 'one', guest: byId };
  const anywhere = named(word, guests);
  const found = anywhere.length > 0 ? anywhere : namedInSite(word, guests, records);
  const [only] = found;
  if (only === undefined) return { type: 'none' };
  return found.length === 1 ? { type: 'one', guest: only } : { type: 'several', guests: found };
}

function named(word: string, guests: readonly GuestRecord[]): readonly GuestRecord[] {
  const exact = guests.filter(({ name, nativeId }) => name === word || nativeId === word);
  const folded = foldText(word);
  return exact.length > 0 ? exact : guests.filter(({ name }) => foldText(name) === folded);
}

/** Connections' names may hold slashes themselves, so every slash is tried. */
function namedInSite(
  word: string,
  guests: readonly GuestRecord[],
  records: readonly EntityRecord[],
): readonly GuestRecord[] {
  const connections = records.filter((record) => record.kind === 'connection');
  const found = connections.flatMap(({ connectionId, name }) => {
    const own = guests.filter((guest) => guest.connectionId === connectionId);
    return [connectionId, name]
      .filter((site) => foldText(word).startsWith(`${foldText(site)}/`))
      .flatMap((site) => named(word.slice(site.length + 1), own));
  });
  return [...new Set(found)];
}
