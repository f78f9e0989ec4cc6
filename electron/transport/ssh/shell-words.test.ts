import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../contract/errors.ts';
import { readPrologue } from './prologue.ts';
import { buildRemoteLine, quoteShellLine, quoteShellWord } from './shell-words.ts';

const nul = '\0';
const wordsAfterShell = (words: readonly string[]) => {
  const line = `printf '%s\\0' ${quoteShellLine(words)}`;
  return execFileSync('/bin/sh', ['-c', line]).toString('utf8').split(nul).slice(0, -1);
};

describe('quoting for the login shell', () => {
  it('gives back exactly the words it was given, whatever they hold', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...Array.from(`'"\\$\`!*?[]{}()<>|&;~# \n\t=-%ä😀a`)), maxLength: 30 }),
    );
    fc.assert(
      fc.property(
        fc.array(
          word.filter((text) => !text.includes(nul)),
          { minLength: 1, maxLength: 6 },
        ),
        (words) => {
          const bytes = words.map((text) => Buffer.from(text, 'utf8').toString('utf8'));
          expect(wordsAfterShell(words)).toEqual(bytes);
        },
      ),
      { seed: 20_261_123, numRuns: 150 },
    );
  });

  it('leaves plain words as they are, so that logs stay readable', () => {
    expect(quoteShellLine(['virsh', '-c', 'qemu:///system', 'list', '--all'])).toBe(
      'virsh -c qemu:///system list --all',
    );
  });

  it('does not let a word pass for an assignment', () => {
    expect(quoteShellWord('=ls')).toBe("'=ls'");
    expect(wordsAfterShell(['A=b'])).toEqual(['A=b']);
  });

  it('refuses a NUL, which no argument can hold', () => {
    let thrown: unknown;
    try {
      quoteShellWord(`a${nul}b`);
    } catch (error) {
      thrown = error;
    }
    expect(isAppError(thrown, 'input.invalid')).toBe(true);
  });

  it('runs the program after a mark on both streams', () => {
    const line = buildRemoteLine(['printf', '%s', "it's $HOME"], 5_000);
    const stdout = execFileSync('/bin/sh', ['-c', line], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    expect(readPrologue(`motd noise\n${stdout}`)?.rest).toBe("it's $HOME");
  });
});
