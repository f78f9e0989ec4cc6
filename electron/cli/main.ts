import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApp } from '../assembly/create-app.ts';
import { defaultProfilePath } from '../assembly/default-profile-path.ts';
import { exitCodes } from './exit-codes.ts';
import { runCli } from './run-cli.ts';
import { processTerminal } from './terminal/terminal.ts';

/** From the built file, dist/cli/main.js. */
const root = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

const interruption = new AbortController();
process.on('SIGINT', () => {
  // The first ends in order, a second one at once.
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
  interruption.abort();
});
process.on('SIGTERM', () => interruption.abort());
// `wheelhouse inventory | head` closes the pipe: nobody wants the rest.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exitCodes.ok);
});

process.exitCode = await runCli(process.argv.slice(2), {
  terminal: processTerminal(),
  version,
  defaultProfilePath: defaultProfilePath(),
  signal: interruption.signal,
  createApp,
});
