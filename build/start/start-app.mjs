import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale } from './builds.mjs';
import { installIfStale } from './dependencies.mjs';
import { fetchElectron, findElectron, whyNoElectron } from './electron-binary.mjs';
import { readText, root, say } from './house.mjs';
import { help, parseStartArguments } from './options.mjs';

/** The whole of `npm start`. */
export async function start(args) {
  let options;
  try {
    options = parseStartArguments(args);
  } catch (error) {
    say(`${error.message}\n\n${help}`);
    process.exitCode = 2;
    return;
  }
  if (options.help) return console.log(help);
  if (options.version) return console.log(JSON.parse(readText(`${root}package.json`)).version);
  endWithNpm();
  try {
    installIfStale();
    buildIfStale();
    const electron = chooseElectron(options);
    if (electron === undefined) await startLoopback(options);
    else startElectron(electron, options);
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}

/**
 * npm passes a signal on to its shell alone, which dies of it and leaves this process behind, holding the profile. A terminal's
 * Ctrl+C reaches all of them; `kill` of npm does not. So the end of the shell is taken for the signal.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}

/** Electron's program, or undefined for the loopback host. */
function chooseElectron(options) {
  const wasAskedFor = options.host === 'electron';
  // Who names a port or wants nothing opened means the loopback host.
  if (options.host === 'loopback' || options.port !== undefined || options['no-open']) return undefined;
  const why = whyNoElectron();
  if (why !== undefined && wasAskedFor) throw new Error(`${why}; use --host loopback.`);
  if (why !== undefined) return undefined;
  const electron = findElectron() ?? fetchElectron(wasAskedFor);
  if (electron === undefined && wasAskedFor) throw new Error('Electron is not here; use --host loopback.');
  return electron;
}

/** In this process: one process less, and signals arrive where they belong. */
async function startLoopback(options) {
  const args = ['--port', options.port ?? '0', ...common(options)];
  if (options['no-open']) args.push('--no-open');
  const main = `${root}dist/host-node/main.js`;
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}

function startElectron(electron, options) {
  const child = spawn(electron, [root, ...common(options)], { stdio: 'inherit' });
  console.log('Wheelhouse is open in its own window.');
  child.on('error', (error) => {
    say(`Electron cannot be run: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
  // A terminal's Ctrl+C reaches Electron by itself; a signal to this process alone is passed on. Either way its end is ours.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
}

function common(options) {
  const args = [];
  if (options.demo) args.push('--demo');
  // Relative to where the user is, not to where npm runs it.
  if (options.profile !== undefined) args.push('--profile', resolve(process.env.INIT_CWD ?? '.', options.profile));
  return args;
}
