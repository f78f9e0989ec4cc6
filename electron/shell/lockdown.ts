import type { ElectronApis } from './electron-apis.ts';
import { pageOrigin } from './page.ts';

/** Hosts whose pages may be opened in the user's browser; everything else that asks for a window is refused. */
const allowedSchemes = new Set(['https:']);

/**
 * Closes what a page could otherwise reach: permissions, devices, navigation, new windows, webviews, foreign downloads.
 * Applies to every web contents that is ever made, not only to our windows.
 */
export function lockDown(
  { app, session, shell }: Pick<ElectronApis, 'app' | 'session' | 'shell'>,
  onRefused: (what: string) => void,
): void {
  session.defaultSession.setPermissionRequestHandler(
    (_contents, permission, answer, { requestingUrl, isMainFrame }) => {
      const isGranted = isMainFrame && isAllowed(permission, requestingUrl);
      if (!isGranted) onRefused(`permission ${permission}`);
      answer(isGranted);
    },
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) => {
    return isMainFrame && isAllowed(permission, origin);
  });
  session.defaultSession.setDevicePermissionHandler(() => false);
  session.defaultSession.on('will-download', (event, item) => {
    // A text that the page itself made, e.g. exported connections: the system asks where to.
    if (item.getURL().startsWith(`blob:${pageOrigin}/`)) return;
    onRefused('download');
    event.preventDefault();
  });
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (isOurPage(event.url)) return;
      onRefused('navigation');
      event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      onRefused('redirect');
      event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      onRefused('webview');
      event.preventDefault();
    });
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url)) void shell.openExternal(url);
      else onRefused('window');
      return { action: 'deny' };
    });
  });
}

/** Putting a text on the clipboard (the copy buttons, at a click only) is all that our page may ask for. Reading it is not. */
function isAllowed(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOurPage(url);
}

function isOurPage(url: string): boolean {
  return url === pageOrigin || url.startsWith(`${pageOrigin}/`);
}

function mayOpenOutside(url: string): boolean {
  try {
    return allowedSchemes.has(new URL(url).protocol);
  } catch {
    return false;
  }
}
