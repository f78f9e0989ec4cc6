import { readFile } from 'node:fs/promises';
import type { AppOptions, App } from '../assembly/create-app.ts';
import { toAppError } from '../contract/errors.ts';
import { PromptAnswerer } from './answer-prompts.ts';
import { parseLine, type ParsedLine } from './arguments.ts';
import type { CommandContext } from './commands/command.ts';
import { commandTable } from './command-table.ts';
import { Estate } from './estate.ts';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-codes.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { errorText } from './output/error-text.ts';
import type { Terminal } from './terminal/terminal.ts';
import { UsageError } from './usage-error.ts';

/** What the command line gets from the process that it runs in. */
export interface CliSurroundings {
  readonly terminal: Terminal;
  readonly version: string;
  readonly defaultProfilePath: string;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
  readonly createApp: (options: AppOptions) => Promise<App>;
}

/** Runs one command line. Never rejects: what goes wrong is told on standard error and by the exit code. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings): Promise<ExitCode> {
  const { terminal } = surroundings;
  try {
    return await run(parseLine(args, commandTable), surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\nwheelhouse --help lists the commands.\n`);
      return exitCodes.usage;
    }
    const failure = toAppError(error, 'command line');
    if (surroundings.signal.aborted || failure.code === 'operation.cancelled') return exitCodes.interrupted;
    terminal.err(`wheelhouse: ${errorText(failure)}.\n`);
    return exitCodeOf(failure.code);
  }
}

async function run(line: ParsedLine, surroundings: CliSurroundings): Promise<ExitCode> {
  const { terminal, version, signal } = surroundings;
  const { command, group, positionals, values } = line;
  if (values['version'] === true) {
    terminal.out(`wheelhouse ${version}\n`);
    return exitCodes.ok;
  }
  if (values['help'] === true) {
    terminal.out(command === undefined ? overviewHelp(commandTable, group) : commandHelp(command));
    return exitCodes.ok;
  }
  if (command === undefined) {
    terminal.err(overviewHelp(commandTable, group));
    return exitCodes.usage;
  }
  const text = (option: string): string | undefined => {
    const value = values[option];
    return typeof value === 'string' ? value : undefined;
  };
  const profilePath = text('profile') ?? surroundings.defaultProfilePath;
  let opening: Promise<Estate> | undefined;
  const context: CommandContext = {
    terminal,
    profilePath,
    signal,
    positionals,
    text,
    has: (option) => values[option] === true,
    estate: () => (opening ??= openEstate(surroundings, profilePath, text('passphrase-file'), values['demo'] === true)),
  };
  try {
    return await command.run(context);
  } finally {
    await opening?.then(
      (estate) => estate.close(),
      () => undefined,
    );
  }
}

async function openEstate(
  { terminal, version, signal, createApp }: CliSurroundings,
  profilePath: string,
  passphraseFile: string | undefined,
  openDemonstration: boolean,
): Promise<Estate> {
  const passphrase = passphraseFile === undefined ? undefined : await readPassphrase(passphraseFile);
  const answerer = new PromptAnswerer({ terminal, signal, passphrase });
  const app = await createApp({
    profilePath,
    host: 'cli',
    version,
    openConnections: false,
    openDemonstration,
    canAsk: terminal.canAsk || passphrase !== undefined,
  });
  const estate = new Estate(app, signal, (prompts) => answerer.take(prompts, app.handlers));
  const { notices } = await app.handlers['app.facts']({}, estate.context);
  for (const notice of notices) terminal.err(`wheelhouse: ${errorText(notice)}.\n`);
  return estate;
}

async function readPassphrase(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/)[0] ?? '';
  } catch (error) {
    throw new UsageError(`--passphrase-file: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
