/** How serious something is; the same set as a badge's. */
export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'busy';
