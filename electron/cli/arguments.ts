import { parseArgs } from 'node:util';
import { globalOptions, type Command, type OptionFacts } from './commands/command.ts';
import { UsageError } from './usage-error.ts';

/** A command line, taken apart. */
export interface ParsedLine {
  /** Absent when none was named: help or version. */
  readonly command: Command | undefined;
  /** The words that name a group of commands when no command was named, e.g. `guest`. */
  readonly group: string;
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** Takes a command line apart by the table of commands. Throws {@link UsageError}. */
export function parseLine(args: readonly string[], commands: readonly Command[]): ParsedLine {
  const words = wordsOf(args, commands);
  const command = findCommand(words, commands);
  if (command === undefined) return parseGroup(args, words, commands);

  const { positionals, values } = strictly(args, { ...globalOptions, ...command.options });
  const own = positionals.slice(namesLength(command, words));
  if (values['help'] !== true && values['version'] !== true) checkArity(command, own.length);
  return { command, group: '', positionals: own, values };
}

/** The words of the line without options and their values, whichever command they belong to. */
function wordsOf(args: readonly string[], commands: readonly Command[]): readonly string[] {
  const all = Object.assign({}, globalOptions, ...commands.map(({ options }) => options)) as Record<
    string,
    OptionFacts
  >;
  const { positionals } = parseArgs({
    args: [...args],
    options: nodeOptions(all),
    strict: false,
    allowPositionals: true,
  });
  return positionals;
}

/** The longest name that the words begin with; a group's default command when the group alone is named. */
function findCommand(words: readonly string[], commands: readonly Command[]): Command | undefined {
  return commands
    .filter(({ name }) => name.split(' ').every((word, index) => words[index] === word))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

function namesLength(command: Command, words: readonly string[]): number {
  return Math.min(command.name.split(' ').length, words.length);
}

function parseGroup(args: readonly string[], words: readonly string[], commands: readonly Command[]): ParsedLine {
  const [first, second] = words;
  const group = commands.some(({ name }) => name.startsWith(`${first ?? ''} `)) ? (first ?? '') : '';
  const wrong = group === '' ? first : second;
  if (wrong !== undefined) {
    const known = commands.map(({ name }) => name).filter((name) => group === '' || name.startsWith(`${group} `));
    throw new UsageError(`There is no command "${[group, wrong].join(' ').trim()}". Commands: ${known.join(', ')}.`);
  }
  return { command: undefined, group, positionals: [], values: strictly(args, globalOptions).values };
}

function strictly(
  args: readonly string[],
  options: Readonly<Record<string, OptionFacts>>,
): Pick<ParsedLine, 'positionals' | 'values'> {
  try {
    const parsed = parseArgs({ args: [...args], options: nodeOptions(options), strict: true, allowPositionals: true });
    return { positionals: parsed.positionals, values: { ...parsed.values } };
  } catch (error) {
    // Node's own sentences are clear ("Unknown option '--jsn'..."), but end with advice on `--`.
    const message = error instanceof Error ? (error.message.split(/\. To specify/)[0] ?? '') : String(error);
    throw new UsageError(message.endsWith('.') ? message : `${message}.`);
  }
}

function nodeOptions(options: Readonly<Record<string, OptionFacts>>) {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
  );
}

function checkArity({ name, usage, arity }: Command, count: number): void {
  if (count >= arity.min && count <= arity.max) return;
  const wrong = count < arity.min ? 'Too few' : 'Too many';
  throw new UsageError(`${wrong} arguments: wheelhouse ${[name, usage].join(' ').trim()}`);
}
