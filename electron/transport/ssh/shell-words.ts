import { AppError } from '../../contract/errors.ts';
import type { ArgumentVector } from '../../core/ports/host-link.ts';

/** Characters that mean nothing special to any login shell that Debian packages (sh, bash, zsh, fish, tcsh). */
const plainWord = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/**
 * Writes one word so that a POSIX shell reads back exactly the same bytes. SSH has no argument vectors: sshd hands one
 * line to the account's login shell, and this is the only place where such a line is made from words.
 * Quotes, backslashes and exclamation marks are written outside of the single quotes, because fish reads a backslash
 * inside of them and tcsh an exclamation mark. Throws `input.invalid` for a NUL, which no argument can hold.
 */
export function quoteShellWord(word: string): string {
  if (word.includes('\0')) {
    throw new AppError('input.invalid', 'an argument holds a NUL character', {
      issues: [{ path: 'argv', message: 'an argument must not hold a NUL character' }],
    });
  }
  if (plainWord.test(word)) return word;
  const parts = word.split(/(['\\!])/).filter((part) => part !== '');
  if (parts.length === 0) return "''";
  return parts.map((part) => (part.length === 1 && `'\\!`.includes(part) ? `\\${part}` : `'${part}'`)).join('');
}

/** The words of an argument vector as one shell line. */
export function quoteShellLine(argv: readonly string[]): string {
  return argv.map(quoteShellWord).join(' ');
}

/**
 * Runs first on the far side, before the program. It prints the record separator and its own process id on both streams,
 * so that whatever the login shell's start-up files wrote before (an `echo` in .bashrc is common) can be thrown away, and
 * so that the process group can be ended later: sshd refuses SSH's own signal request for root (OpenSSH 9.2).
 */
const prologue = `printf '\\036%s\\n' "$$"; printf '\\036%s\\n' "$$" >&2; exec "$@"`;

/** The mark that the prologue prints at the start of a line. */
export const prologueMark = '\u001e';

/** C.UTF-8 speaks English like C, and does not escape names that are not ASCII. It is part of Debian's libc. */
export const remoteLocale = 'C.UTF-8';

/**
 * The line that runs `argv`. With a time-out the far side ends the process itself, also when the connection is gone by
 * then; two seconds later by force.
 */
export function buildRemoteLine(argv: ArgumentVector, timeoutMs?: number): string {
  const limit = timeoutMs === undefined ? [] : ['timeout', '-k', '2', (timeoutMs / 1000).toFixed(3)];
  return quoteShellLine(['exec', 'env', `LC_ALL=${remoteLocale}`, 'sh', '-c', prologue, 'sh', ...limit, ...argv]);
}
