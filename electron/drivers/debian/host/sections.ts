import { AppError } from '../../../contract/errors.ts';

/** What one command of a batch said. */
export interface Section {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The outputs of a batch by the names that the script gave them. */
export type Sections = ReadonlyMap<string, Section>;

/** How much of an unintelligible answer is kept for the error. */
const excerptLength = 300;

/** The answer is not what the tool is known to answer. Control characters are replaced so that the excerpt stays one line. */
export function unintelligible(command: string, excerpt: string): AppError<'remote.unintelligible'> {
  const clean = excerpt
    .replace(/[\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, excerptLength);
  return new AppError('remote.unintelligible', `${command} answered something unknown: ${clean}`, {
    command,
    excerpt: clean,
  });
}

/**
 * Splits the output of a batch script. Each section begins with a line `<mark> begin <name>` and ends with
 * `<mark> end <code>`, the error output, and `<mark> done`. The mark is new for each batch, so no output can imitate it.
 * Throws `remote.unintelligible` when the closing line of the batch is missing: the output was cut off.
 */
export function splitSections(output: string, mark: string, command: string): Sections {
  const sections = new Map<string, Section>();
  const pieces = output.split(`${mark} begin `);
  pieces.shift();
  for (const piece of pieces) {
    const nameEnd = piece.indexOf('\n');
    const outEnd = piece.indexOf(`\n${mark} end `, Math.max(0, nameEnd - 1));
    const errEnd = piece.indexOf(`\n${mark} done`, outEnd);
    if (nameEnd < 0 || outEnd < 0 || errEnd < 0) throw unintelligible(command, piece);
    const head = piece.indexOf('\n', outEnd + 1);
    const codeText = piece.slice(outEnd + `\n${mark} end `.length, head < 0 ? undefined : head);
    const code = Number(codeText);
    if (!Number.isInteger(code)) throw unintelligible(command, codeText);
    sections.set(piece.slice(0, nameEnd), {
      stdout: piece.slice(nameEnd + 1, Math.max(nameEnd + 1, outEnd)),
      stderr: head < 0 || head > errEnd ? '' : piece.slice(head + 1, errEnd),
      code,
    });
  }
  if (!sections.has('end')) throw unintelligible(command, output.slice(-excerptLength));
  return sections;
}

/** Splits the output of several virsh commands, which echo `<mark>: <name>` before each. Missing ones are absent. */
export function splitVirshOutput(output: string, mark: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const piece of output.split(`${mark}: `).slice(1)) {
    const end = piece.indexOf('\n');
    if (end >= 0) parts.set(piece.slice(0, end).trim(), piece.slice(end + 1));
  }
  return parts;
}
