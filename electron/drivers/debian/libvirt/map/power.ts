import type { GuestPower } from '../../../../contract/records/index.ts';

/** virDomainState (libvirt-domain.h), its words as `virsh domstate` prints them, and what they mean here. */
const states: readonly { readonly words: string; readonly power: GuestPower }[] = [
  { words: 'no state', power: 'unknown' },
  { words: 'running', power: 'running' },
  { words: 'idle', power: 'running' },
  { words: 'paused', power: 'paused' },
  { words: 'in shutdown', power: 'running' },
  { words: 'shut off', power: 'stopped' },
  // Only with on_crash=preserve: the guest is kept in memory and does not execute.
  { words: 'crashed', power: 'paused' },
  // The guest sleeps (ACPI S3); its memory is kept.
  { words: 'pmsuspended', power: 'paused' },
];

/** A domain that is off and has a managed save comes back where it was: hibernated. */
export function powerOfState(state: number, hasManagedSave: boolean): GuestPower {
  const power = states[state]?.power ?? 'unknown';
  return power === 'stopped' && hasManagedSave ? 'suspended' : power;
}

/** From the words of `virsh domstate --reason`, e.g. `paused (user)`. */
export function powerOfWords(
  text: string,
  hasManagedSave: boolean,
): { readonly power: GuestPower; readonly words: string } {
  const words = text.trim();
  const index = states.findIndex((state) => words === state.words || words.startsWith(`${state.words} (`));
  return { power: powerOfState(index < 0 ? 0 : index, hasManagedSave), words };
}

/** For the details page. */
export function wordsOfState(state: number): string {
  return states[state]?.words ?? `state ${state}`;
}
