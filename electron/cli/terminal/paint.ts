/** The few colours that are used; each stands beside a word that says the same. */
const codes = { green: 32, red: 31, yellow: 33, dim: 2 } as const;
export type Colour = keyof typeof codes;

/** Colours a text where the terminal has colours. */
export function painted(text: string, colour: Colour | undefined, hasColours: boolean): string {
  return colour === undefined || !hasColours || text === '' ? text : `\u001b[${codes[colour]}m${text}\u001b[0m`;
}

/** The colour of a state word of a guest, node, storage, connection or task. */
export function colourOfState(state: string): Colour | undefined {
  if (['running', 'online', 'available', 'live', 'succeeded', 'active', 'quorate'].includes(state)) return 'green';
  if (['failed', 'blocked', 'unavailable', 'no-quorum', 'offline'].includes(state)) return 'red';
  if (['paused', 'stale', 'warnings', 'unknown', 'connecting', 'suspended'].includes(state)) return 'yellow';
  return ['stopped', 'disabled', 'cancelled', 'inactive', 'cached'].includes(state) ? 'dim' : undefined;
}
