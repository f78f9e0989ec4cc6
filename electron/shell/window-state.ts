import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserWindow, Rectangle } from 'electron';
import { z } from 'zod';
import type { ElectronApis } from './electron-apis.ts';

/** Where the window was when it was closed last. Pixels are device-independent. */
export interface WindowState {
  readonly bounds: Rectangle;
  readonly isMaximized: boolean;
  readonly isFullScreen: boolean;
}

/** A state to open with; without a position the system centres the window. */
export type RestoredWindowState = Partial<Omit<WindowState, 'bounds'>> & {
  readonly bounds: Pick<Rectangle, 'width' | 'height'> & Partial<Rectangle>;
};

const stateSchema = z.object({
  bounds: z.object({
    x: z.number().int(),
    y: z.number().int(),
    width: z.number().int().min(400),
    height: z.number().int().min(300),
  }),
  isMaximized: z.boolean(),
  isFullScreen: z.boolean(),
});

/** A size that shows tree, work area and tasks at once, and fits a small laptop. */
const firstSize = { width: 1440, height: 900 };
/** How much of the old place must still be on a display for it to be used again; less, and the title bar could be out of reach. */
const visiblePixels = { width: 120, height: 80 };

const fileOf = (profilePath: string): string => join(profilePath, 'window.json');

/** The state to open with. A missing or unreadable file, or a place on a display that is gone, gives a centred first size. */
export async function readWindowState(
  profilePath: string,
  screen: Pick<ElectronApis['screen'], 'getAllDisplays'>,
): Promise<RestoredWindowState> {
  try {
    const state = stateSchema.parse(JSON.parse(await readFile(fileOf(profilePath), 'utf8')));
    if (screen.getAllDisplays().some((display) => isReachable(state.bounds, display.workArea))) return state;
    return { bounds: { width: state.bounds.width, height: state.bounds.height } };
  } catch {
    return { bounds: firstSize };
  }
}

/** Keeps the window's place. Losing it is no harm, so a profile that cannot be written is not reported again here. */
export async function saveWindowState(
  profilePath: string,
  window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized' | 'isFullScreen'>,
): Promise<void> {
  const state: WindowState = {
    bounds: window.getNormalBounds(),
    isMaximized: window.isMaximized(),
    isFullScreen: window.isFullScreen(),
  };
  const temporary = `${fileOf(profilePath)}.new`;
  try {
    await writeFile(temporary, JSON.stringify(state), { mode: 0o600 });
    await rename(temporary, fileOf(profilePath));
  } catch {
    // The storage layer has already told the user that the profile cannot be written.
  }
}

function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const height = Math.min(bounds.y + bounds.height, area.y + area.height) - Math.max(bounds.y, area.y);
  return width >= visiblePixels.width && height >= visiblePixels.height;
}
