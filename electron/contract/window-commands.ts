import { z } from 'zod';

/** Commands that the host's native menu sends to the window. Names are those of the window's command registry. */
export const windowCommands = [
  'settings.open',
  'connection.add',
  'palette.open',
  'shortcuts.show',
  'licences.show',
] as const;
export type WindowCommand = (typeof windowCommands)[number];

/**
 * What `window.watchCommands` sends. The first frame has sequence 0 and no command; the window obeys a command once, when its
 * sequence is higher than the last it saw, so a stream that starts again repeats nothing.
 */
export interface WindowCommandFrame {
  readonly sequence: number;
  readonly command?: WindowCommand;
}

export const windowCommandFrameSchema: z.ZodType<WindowCommandFrame> = z.object({
  sequence: z.number().int(),
  command: z.enum(windowCommands).exactOptional(),
});
