import { foldText } from '../../../electron/contract/filter/index.ts';
import type { GuestRecord } from '../../../electron/contract/records/index.ts';
import { guestPowerActions, type GuestPowerAction } from '../../../electron/contract/rpc/table.ts';

/** What is asked of a guest in a query like "stop web-01". */
export interface AskedAction {
  readonly action: GuestPowerAction;
  /** The words that are left for the guest's name. */
  readonly rest: string;
}

/** Fewer letters than this begin too many things. */
const leastLetters = 3;

/** The actions that the first words of a query may mean, by their names in the user's language; "shut do web" means shut down too. */
export function actionsInQuery(query: string, nameOf: (action: GuestPowerAction) => string): readonly AskedAction[] {
  const words = foldText(query).trim().split(/\s+/);
  const asked: AskedAction[] = [];
  for (const action of guestPowerActions) {
    const name = foldText(nameOf(action)).split(/\s+/);
    let used = 0;
    while (used < name.length && used < words.length && name[used]?.startsWith(words[used] ?? ' ')) used += 1;
    const isMeant = used > 0 && used < words.length && words.slice(0, used).join('').length >= leastLetters;
    if (isMeant) asked.push({ action, rest: words.slice(used).join(' ') });
  }
  return asked;
}

/** Whether an action can make sense in a guest's state; the host has the last word. */
export function suits(action: GuestPowerAction, guest: GuestRecord): boolean {
  if (guest.isTemplate) return false;
  if (action === 'start') return guest.power === 'stopped' || guest.power === 'suspended';
  if (action === 'resume') return guest.power === 'paused' || guest.power === 'suspended';
  if (action === 'stop' || action === 'reset') return guest.power !== 'stopped' && guest.power !== 'suspended';
  return guest.power === 'running';
}
