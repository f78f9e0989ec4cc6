import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What opens an address in the user's browser; undefined where there is no desktop to open it on. */
export function browserCommand(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): readonly [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const hasDisplay = [environment['DISPLAY'], environment['WAYLAND_DISPLAY']].some(
    (name) => name !== undefined && name !== '',
  );
  return hasDisplay ? ['xdg-open'] : undefined;
}

/** How long the page that leads to the app stays on disk: a browser may have to start first. */
const landingMs = 60_000;

/**
 * Opens the app in the system's browser. The address holds the token and every user of a machine can read the arguments of
 * every process, so what is opened is a small file that only this user can read, and that leads there.
 * Resolves to a function that removes the file; failing to open is not an error: the address is printed as well.
 */
export async function openBrowser(
  url: string,
  folder: string,
  command: readonly [string, ...string[]],
): Promise<() => Promise<void>> {
  const path = join(folder, `open-${randomUUID()}.html`);
  await writeFile(path, landingPage(url), { mode: 0o600, flag: 'wx' });
  const remove = (): Promise<void> => rm(path, { force: true });
  const timer = setTimeout(() => void remove(), landingMs);
  timer.unref();
  const [program, ...args] = command;
  const child = spawn(program, [...args, pathToFileURL(path).href], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
  return async () => {
    clearTimeout(timer);
    await remove();
  };
}

function landingPage(url: string): string {
  return `<!doctype html>\n<meta charset="utf-8"><meta name="referrer" content="no-referrer">\n<meta http-equiv="refresh" content="0;url=${url}">\n<title>Wheelhouse</title>\n<a href="${url}">Wheelhouse</a>\n`;
}
