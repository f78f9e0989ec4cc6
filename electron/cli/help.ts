import type { Command, OptionFacts } from './commands/command.ts';
import { globalOptions } from './commands/command.ts';

const indent = '  ';

/** What `wheelhouse --help` and `wheelhouse GROUP --help` show. */
export function overviewHelp(commands: readonly Command[], group: string): string {
  const inGroup = commands.filter(({ name }) => group === '' || name === group || name.startsWith(`${group} `));
  // A second name of a command is not worth a second line.
  const shown = inGroup.filter(({ run }, index) => inGroup.findIndex((other) => other.run === run) === index);
  const rows = shown.map(({ name, usage, summary }) => [[name, usage].join(' ').trim(), summary] as const);
  return [
    `Usage: wheelhouse ${group === '' ? 'COMMAND' : `${group} COMMAND`} [OPTION...]`,
    '',
    'Commands:',
    ...twoColumns(rows),
    '',
    'Options of every command:',
    ...optionLines(globalOptions),
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found or ambiguous, 4 connection not open,',
    '5 refused by the host or for lack of rights, 130 interrupted.',
    '',
    'wheelhouse COMMAND --help says more about one of them.',
    '',
  ].join('\n');
}

/** What `wheelhouse COMMAND --help` shows. */
export function commandHelp({ name, usage, summary, options, notes }: Command): string {
  const own = Object.keys(options).length > 0 ? ['', 'Options:', ...optionLines(options)] : [];
  return [
    `Usage: wheelhouse ${[name, usage].join(' ').trim()} [OPTION...]`,
    '',
    summary,
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...own,
    '',
    'Options of every command:',
    ...optionLines(globalOptions),
    '',
  ].join('\n');
}

function optionLines(options: Readonly<Record<string, OptionFacts>>): readonly string[] {
  return twoColumns(
    Object.entries(options).map(([name, { short, value, help }]) => [
      `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  );
}

function twoColumns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}${indent}${right}`);
}
