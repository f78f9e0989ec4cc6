import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, with a slash at its end. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The text of a file, or undefined where there is none. */
export function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Tells what is going on, beside standard output: that holds nothing but the last line. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
