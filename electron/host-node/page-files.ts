import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { pageMediaTypes } from '../assembly/page-rules.ts';

/** One file of the page. */
export interface PageFile {
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** The name holds a hash of the content, so it never changes. */
  readonly isHashed: boolean;
}

/**
 * Reads the whole built page, by URL path. What is not in it does not exist, so no request ever reaches the file system;
 * and a build that runs later does not change the page of a core that still runs. Files of other kinds are left out.
 */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const mediaType = pageMediaTypes[extname(entry.name)];
    if (!entry.isFile() || mediaType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const urlPath = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(urlPath, { bytes: await readFile(path), mediaType, isHashed: urlPath.startsWith('/assets/') });
  }
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`no index.html in ${folder}`);
  files.set('/', index);
  return files;
}
