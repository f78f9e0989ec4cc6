import type { ExitCode } from '../exit-codes.ts';
import type { Estate } from '../estate.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** An option of a command, as the help shows it. */
export interface OptionFacts {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What its value is called in the help, for `string`. */
  readonly value?: string;
  readonly help: string;
}

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly profilePath: string;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
  readonly positionals: readonly string[];
  /** The value of a `string` option. */
  readonly text: (option: string) => string | undefined;
  /** Whether a `boolean` option was given. */
  readonly has: (option: string) => boolean;
  /** Opens the app on the profile, once; closed by whoever runs the command. */
  readonly estate: () => Promise<Estate>;
}

/** One command: everything that parsing, help and documentation need to know, and what it does. */
export interface Command {
  /** e.g. `guest start`. */
  readonly name: string;
  readonly summary: string;
  /** Its arguments as the help shows them, `''` for none. */
  readonly usage: string;
  /** How many arguments it takes. */
  readonly arity: { readonly min: number; readonly max: number };
  readonly options: Readonly<Record<string, OptionFacts>>;
  /** Lines below the summary. */
  readonly notes: readonly string[];
  readonly run: (context: CommandContext) => Promise<ExitCode>;
}

/** The options that every command has. */
export const globalOptions: Readonly<Record<string, OptionFacts>> = {
  profile: { type: 'string', value: 'DIR', help: 'where connections, secrets and the last known state are kept' },
  timeout: { type: 'string', value: 'SECONDS', help: 'how long to wait for a connection to open (default 30)' },
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    help: 'a file whose first line is the passphrase of the stored secrets',
  },
  demo: { type: 'boolean', help: 'open the simulated clusters of the demonstration as well' },
  help: { type: 'boolean', short: 'h', help: 'show help for the command' },
  version: { type: 'boolean', help: 'show the version' },
};
