import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { pageMediaTypes, pageSecurityPolicy } from '../assembly/page-rules.ts';
import type { ElectronApis } from './electron-apis.ts';

/** The scheme and origin of the window's page. A scheme of our own: `file:` would make every file of the disk same-origin. */
export const pageScheme = 'wheelhouse';
export const pageOrigin = `${pageScheme}://app`;
export const pageUrl = `${pageOrigin}/index.html`;

const commonHeaders = {
  // Without a socket: the window talks to the core through a MessagePort alone.
  'content-security-policy': pageSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Must run before the app is ready: Electron fixes the rights of schemes then. */
export function registerPageScheme(protocol: ElectronApis['protocol']): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built renderer from `folder`, and nothing else, under {@link pageOrigin}. */
export function servePage(protocol: ElectronApis['protocol'], folder: string): void {
  protocol.handle(pageScheme, (request) => answerPageRequest(request, folder));
}

/** One answer of {@link servePage}. Unknown hosts, methods and paths get a 4xx; nothing outside the folder is ever read. */
export async function answerPageRequest(request: Request, folder: string): Promise<Response> {
  const url = new URL(request.url);
  if (url.protocol !== `${pageScheme}:` || url.host !== 'app') return refusal(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405);
  const mediaType = pageMediaTypes[extname(url.pathname)];
  if (mediaType === undefined) return refusal(404);
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, decodeURIComponent(url.pathname)));
    if (!path.startsWith(root + sep)) return refusal(404);
    const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(path));
    return new Response(body, { status: 200, headers: { ...commonHeaders, 'content-type': mediaType } });
  } catch {
    // Missing file, bad percent-encoding, a folder: to the page they are all "not there".
    return refusal(404);
  }
}

function refusal(status: 404 | 405): Response {
  return new Response(null, { status, headers: commonHeaders });
}
