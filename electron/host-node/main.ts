import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from '../assembly/create-app.ts';
import { defaultProfilePath } from '../assembly/default-profile-path.ts';
import { explainStartFailure } from '../assembly/start-failure.ts';
import { contract, contractVersion } from '../contract/rpc/table.ts';
import { RpcServer } from '../core/api/rpc-server.ts';
import { silentLog, type Log } from '../core/ports/log.ts';
import { startLoopbackHost, type LoopbackHost } from './loopback-host.ts';
import { browserCommand, openBrowser } from './open-browser.ts';
import { readPageFiles } from './page-files.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';
import { createStartToken } from './start-token.ts';

/** From the built file, dist/host-node/main.js. */
const root = fileURLToPath(new URL('../../', import.meta.url));

interface RunningHost {
  readonly url: string;
  stop(): Promise<void>;
}

async function start(options: StartOptions): Promise<RunningHost> {
  const profilePath = resolve(options.profilePath ?? defaultProfilePath());
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };
  const files = await readPageFiles(`${root}dist/renderer`);
  const app = await createApp({ profilePath, host: 'loopback', version, openDemonstration: options.openDemonstration });
  const log = app.log ?? silentLog;
  const server = new RpcServer({ table: contract, handlers: app.handlers, version: contractVersion, log });
  let host: LoopbackHost;
  try {
    const token = createStartToken();
    host = await startLoopbackHost({ port: options.port, token, files, log, onLink: (link) => server.accept(link) });
  } catch (error) {
    await app.close();
    throw error;
  }
  const closeBrowserFile = await tryToOpenBrowser(options, host.url, profilePath, log);
  return {
    url: host.url,
    stop: async () => {
      await closeBrowserFile();
      server.dispose();
      await host.close();
      await app.close();
    },
  };
}

async function tryToOpenBrowser(
  options: StartOptions,
  url: string,
  profilePath: string,
  log: Log,
): Promise<() => Promise<void>> {
  const command = options.openBrowser ? browserCommand(process.platform, process.env) : undefined;
  if (command === undefined) return () => Promise.resolve();
  try {
    return await openBrowser(url, profilePath, command);
  } catch (error) {
    log('warning', 'browser-not-opened', { error: String(error) });
    return () => Promise.resolve();
  }
}

/** One sentence on why the start failed and what to do. */
function explain(error: unknown, options: StartOptions): string {
  const explained = explainStartFailure(error);
  if (explained !== undefined) return explained;
  const { code } = error as { readonly code?: unknown };
  if (code === 'EADDRINUSE')
    return `Port ${options.port} is taken by another program. Name another with --port N, or 0 for any free one.`;
  if (code === 'EACCES')
    return `Port ${options.port} needs more rights than this user has. Name one above 1023 with --port N.`;
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  const say = (line: string): boolean => process.stdout.write(`${line}\n`);
  let options: StartOptions;
  try {
    options = parseStartOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    const running = await start(options);
    stopOnSignals(running);
    say(`Wheelhouse is at ${running.url}`);
  } catch (error) {
    process.stderr.write(`${explain(error, options)}\n`);
    process.exitCode = 1;
  }
}

/** The first signal ends the app in order, a second one at once. */
function stopOnSignals(running: RunningHost): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

await main();
